package stytchkit

import "time"

// window is how long ago Stytch may have vouched for a session: within fresh, or within stale
// beyond that while it is asked again in the background.
type window struct{ fresh, stale time.Duration }

func (w window) isFresh(s *Session, now time.Time) bool { return isFresh(s, w.fresh, now) }

// isFresh reports whether Stytch vouched for the session recently enough. Fresh(0) knows no leeway.
func isFresh(s *Session, freshness time.Duration, now time.Time) bool {
	return freshness > 0 && now.Sub(s.facts.VouchedAt) <= freshness+leeway
}

// isStale reports whether a session that is not fresh may be served once more.
func (w window) isStale(s *Session, now time.Time) bool {
	return w.fresh > 0 && w.stale > 0 && now.Sub(s.facts.VouchedAt) <= w.fresh+w.stale+leeway && now.Before(s.ExpiresAt())
}

// isLooserThan reports whether a session may be older for w than for another.
func (w window) isLooserThan(other window) bool {
	return w.fresh > other.fresh || w.fresh > 0 && w.fresh+w.stale > other.fresh+other.stale
}
