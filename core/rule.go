package stytchkit

import (
	"context"
	"fmt"
	"time"
)

// Rule narrows what a [Guard] lets through. Rules compose in any order. One that cannot work panics
// where it is written, while routes are built, naming itself and what to write.
//
// Of several that are not met, the answer is the one that helps most: the organization, then role
// and impersonation, then permission, then step-up (how long ago before how, and of several ages the
// shortest), then the application's own checks as they are written.
type Rule struct {
	name     string       // as it is written, for messages
	optional bool         // makes sense without a session
	set      func(*Guard) // configures how the guard decides
	rank     rank
	within   time.Duration                                                               // orders rules of one rank
	check    func(ctx context.Context, a *Authenticator, r Request, s *Session) *refusal // of a session; nil: met

	checkToken func(a *Authenticator, t *AccessToken) *refusal // of an access token, in place of check
}

// rank orders the rules by how much their refusal helps.
type rank uint8

const (
	rankOrganization rank = iota
	rankRole
	rankPermission // after what needs no policy: while there is none, a missing role is still denied
	rankAge
	rankFactor
	rankCheck
)

// refusing panics about a rule that cannot work.
func refusing(rule, why string) { panic("stytchkit: " + rule + ": " + why) }

// Fresh sets how long ago Stytch may have vouched for the session on this route; the default is
// Config.Freshness. Shorter sees a revocation sooner and costs more calls. Fresh(0) asks Stytch
// for every request and knows no leeway. Of several, the shortest counts.
func Fresh(d time.Duration) Rule {
	name := fmt.Sprintf("Fresh(%v)", d)
	if d < 0 {
		refusing(name, "a session cannot be fresher than now (write Fresh(0) to ask Stytch for every request)")
	}
	return Rule{name: name, optional: true, set: func(g *Guard) { g.fresh.tighten(d) }}
}

// Stale lets a session that is past the route's freshness be served for this much longer, with
// FromCache, while Stytch is asked in the background: its answer takes effect for the next request.
// The default is Config.StaleWhileRevalidate. It goes neither with Fresh(0) nor with step-up. Of
// several, the shortest counts.
func Stale(d time.Duration) Rule {
	name := fmt.Sprintf("Stale(%v)", d)
	if d < 0 {
		refusing(name, "want a positive duration (write Stale(0) never to serve a stale session)")
	}
	return Rule{name: name, optional: true, set: func(g *Guard) { g.stale.tighten(d) }}
}

// AllowCrossOrigin gives up this route's protection against cross-site request forgery: pages of
// any origin may send it requests that carry the session's cookies. For routes that change nothing
// or prove the request's origin by other means.
func AllowCrossOrigin() Rule {
	return Rule{name: "AllowCrossOrigin()", optional: true, set: func(g *Guard) { g.allowCrossOrigin = true }}
}

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
