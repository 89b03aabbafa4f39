package doubts

import (
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/session"
)

// mark is when somebody changed, by two clocks: what is of Stytch's clock is held against when it was said
// to have happened, and what is of this server's against when that was heard here.
type mark struct{ at, heard time.Time }

// later is the later of two, by each clock.
func (m mark) later(other mark) mark {
	if other.at.After(m.at) {
		m.at = other.at
	}
	if other.heard.After(m.heard) {
		m.heard = other.heard
	}
	return m
}

// marks are the doubts of one kind.
type marks struct {
	of        map[endings.Key]mark
	order     []markOf // oldest first, as they were heard
	forgotten mark     // the latest of those that were forgotten: at only of those for want of room
}

type markOf struct {
	key endings.Key
	mark
}

func newMarks() marks { return marks{of: map[endings.Key]mark{}} }

// add remembers a mark, and forgets what is too old or has no room.
func (m *marks) add(key endings.Key, now mark, atMost int) (news bool) {
	if known, ok := m.of[key]; ok && !now.at.After(known.at) {
		return false
	}
	m.forget(now.heard, atMost)
	m.of[key] = now
	m.order = append(m.order, markOf{key, now})
	return true
}

func (m *marks) forget(now time.Time, atMost int) {
	for len(m.order) > 0 {
		oldest := m.order[0]
		expired := now.Sub(oldest.heard) > keptFor
		if !expired && len(m.order) < atMost {
			return
		}
		lost := mark{heard: oldest.heard}
		if !expired {
			lost.at = oldest.at
		}
		m.forgotten = m.forgotten.later(lost)
		m.order = m.order[1:]
		if m.of[oldest.key] == oldest.mark {
			delete(m.of, oldest.key)
		}
	}
}

// latest is the latest mark of what any of the keys names, or of what was forgotten.
func (m *marks) latest(keys []endings.Key) mark {
	latest := m.forgotten
	for _, key := range keys {
		latest = latest.later(m.of[key])
	}
	return latest
}

// isOlder reports whether what vouches for a session is older than the mark.
func (m *marks) isOlder(than mark, f *session.Facts, apart time.Duration) bool {
	if f.IsAnswer() {
		return f.VouchedAt.Before(than.heard)
	}
	return !than.at.IsZero() && !f.VouchedAt.Add(-apart).After(than.at)
}
