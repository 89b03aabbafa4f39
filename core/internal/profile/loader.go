package profile

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// refusalFor is how long it is remembered that Stytch knows of no such member, organization or user.
const refusalFor = time.Minute

// Loader loads members, organizations, users or an organization's roles when they are asked for: one call in flight for each, kept
// while fresh, then served stale while one call renews it in the background. Safe for concurrent use.
type Loader[T any] struct {
	Config
	about       string
	refusalFor  time.Duration
	key         func(*session.Facts) profileKey
	whose       func(profileKey) endings.Key // as doubts name it
	keyOf       func(*T) profileKey
	contradicts func(*session.Facts, *T) bool // the session says something newer
	fetch       func(context.Context, profileKey) (*T, error)

	known   *otter.Cache[profileKey, *profile[T]]
	keeping sync.Mutex
	epoch   atomic.Uint64 // since all was forgotten last
	flights singleflight.Group
}

// Of is the session's, and whether no call stands behind it. It is shared: whoever hands it out
// copies it. A caller whose context ends leaves; the call goes on. Every error is a *stytch.Failure.
func (l *Loader[T]) Of(ctx context.Context, s *session.Facts) (value *T, fromCache bool, err error) {
	key, now := l.key(s), l.Asker.Clock.Now()
	known, doubted := l.recall(key, now)
	switch {
	case known == nil:
	case known.failure != nil:
		return nil, true, known.failure
	case s.VouchedAt.After(known.at) && l.contradicts(s, known.value): // waits, as it would show what is over
	case now.Sub(known.at) <= l.FreshFor && !doubted:
		return known.value, true, nil
	default:
		l.renew(key, known, now)
		return known.value, true, nil
	}
	found, err := asking.Await[*profile[T]](ctx, l.Asker, l.load(ctx, key))
	switch {
	case err == nil:
		return found.value, false, nil
	case known != nil && !isRefusal(stytch.FailureOf(err)):
		return known.value, true, nil
	}
	return nil, false, err
}

// recall is what is known and not too old for any use. It is doubted where somebody has changed since, and
// may be shown while it is renewed.
func (l *Loader[T]) recall(key profileKey, now time.Time) (known *profile[T], doubted bool) {
	known, ok := l.known.GetIfPresent(key)
	if !ok {
		return nil, false
	}
	hard, soft := l.Doubted(l.whose(key))
	doubted = known.at.Before(soft)
	keepFor := l.FreshFor + l.StaleFor
	if known.failure != nil {
		keepFor = l.refusalFor
	}
	if now.Sub(known.at) > keepFor || known.at.Before(hard) || doubted && known.failure != nil {
		return nil, false
	}
	return known, doubted
}

// renew loads in the background what is served stale, one call for all who are.
func (l *Loader[T]) renew(key profileKey, known *profile[T], now time.Time) {
	if !known.turn.Take(now, l.Asker.Timeout) {
		return
	}
	l.Asker.Tasks.Run(func(ctx context.Context) {
		if res := <-l.load(ctx, key); res.Err != nil {
			known.turn.Pass(l.Asker.Clock.Now(), stytch.FailureOf(res.Err).RetryAfter)
		}
	})
}

// load is the call about this key that is under way, or a new one. One that began before a change that was
// heard of is not joined.
func (l *Loader[T]) load(request context.Context, key profileKey) <-chan singleflight.Result {
	epoch := l.epoch.Load()
	hard, soft := l.Doubted(l.whose(key))
	flight := fmt.Sprint(epoch, ":", hard.UnixNano(), ":", soft.UnixNano(), ":", key.flight())
	return l.flights.DoChan(flight, func() (any, error) { return l.call(request, key, epoch) })
}

// call asks once. A refusal takes the place of what was known, and is remembered like others are.
func (l *Loader[T]) call(request context.Context, key profileKey, epoch uint64) (*profile[T], error) {
	found := new(profile[T])
	sent, err := l.Asker.Send(request, l.Asker.Tasks.Context(), l.Asker.Profiles, fair.OfID(key.flight()), l.about, func(ctx context.Context) (err error) {
		found.value, err = l.fetch(ctx, key)
		return err
	})
	found.at = sent
	if err != nil {
		if found.failure = stytch.FailureOf(err); isRefusal(found.failure) {
			l.keep(key, found, epoch)
		}
		return nil, err
	}
	l.keep(key, found, epoch)
	return found, nil
}

// Prime keeps what Stytch said along with a session, if it is of that session's member, organization or user.
func (l *Loader[T]) Prime(s *session.Facts, value *T) bool {
	if value == nil || l.keyOf(value) != l.key(s) {
		return false
	}
	l.keep(l.key(s), &profile[T]{value: value, at: s.VouchedAt}, l.epoch.Load())
	return true
}

// keep remembers, unless something newer is known, or all was forgotten since the question was asked.
func (l *Loader[T]) keep(key profileKey, p *profile[T], epoch uint64) {
	l.keeping.Lock()
	defer l.keeping.Unlock()
	if epoch != l.epoch.Load() {
		return
	}
	if known, ok := l.known.GetIfPresent(key); ok && known.at.After(p.at) {
		return
	}
	l.known.Set(key, p)
}

// isRefusal reports whether Stytch answered that there is no such member, organization or user.
func isRefusal(f *stytch.Failure) bool {
	return f.Verdict == stytch.Refused || f.Verdict == stytch.Over
}

// Forget makes the next question about any of them a call; none that is under way answers it.
func (l *Loader[T]) Forget() {
	l.keeping.Lock()
	defer l.keeping.Unlock()
	l.epoch.Add(1)
	l.known.InvalidateAll()
}

// Size is how many are remembered, about.
func (l *Loader[T]) Size() int { return l.known.EstimatedSize() }

// CleanUp makes the memory keep to its bound now.
func (l *Loader[T]) CleanUp() { l.known.CleanUp() }
