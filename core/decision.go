package stytchkit

import (
	"net/http"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	"github.com/stytchkit/stytchkit/core/internal/copies"
	"github.com/stytchkit/stytchkit/core/internal/presented"
)

// Decision is what a [Guard] makes of one request.
type Decision struct {
	// Session is nil when the request is anonymous, denied or undecided.
	Session *Session
	// Token is the access token that [Authenticator.RequireToken] let through; nil everywhere else.
	Token *AccessToken
	// Source says where the session came from; empty without one, unless there is a Token.
	Source Source
	// Cookies are to be set on the response, whatever becomes of the request. See [Enter].
	Cookies []*http.Cookie
	// Denial is the answer; nil: go on to the handler.
	Denial *Denial
	// FromCache: no call to Stytch stands behind this answer; it was verified here, or remembered.
	FromCache bool
	// Initialized is false when Stytch would have had to be asked and could not be.
	Initialized bool

	about    presented.Shape
	guard    *Guard    // that made it; nil: a test did
	on       *grounds  // nil only where a test made the decision
	response *Response // an outer guard's, of the same request; nil: the decision owes to its own
}

// grounds are what a decision rests on. They never change once it is made.
type grounds struct {
	proof     string   // the credential that decided, a copy of our own; empty when none did
	presented []string // copies of all credentials, when none decided and the request goes on
	need      window   // that could not be met, likewise
	answer    *answer  // Stytch's, when it was asked for this request
	refusal   *refusal // why there is no session
}

// Member is the member as Stytch described them when it was asked for this request, a copy of the
// caller's own; nil when it was not asked.
func (d Decision) Member() *organizations.Member {
	if said := d.said(); said != nil {
		return copies.Of(said.who.Member)
	}
	return nil
}

// Organization is to the organization what [Decision.Member] is to the member.
func (d Decision) Organization() *organizations.Organization {
	if said := d.said(); said != nil {
		return copies.Of(said.who.Organization)
	}
	return nil
}

// User is to the user of a consumer project what [Decision.Member] is to the member.
func (d Decision) User() *users.User {
	if said := d.said(); said != nil {
		return copies.Of(said.who.User)
	}
	return nil
}

// said is what Stytch said of the session when it was asked for this request; nil when it was not.
func (d *Decision) said() *answer {
	if d.Session == nil || d.on == nil {
		return nil
	}
	return d.on.answer
}

// made is the decision as an observer hears of it.
func (d *Decision) made(took time.Duration) DecisionMade {
	m := DecisionMade{Source: d.Source, Allowed: d.Denial == nil, Duration: took}
	switch {
	case d.Denial != nil:
		m.Code = d.Denial.Code
	case d.on.refusal != nil:
		m.Code = d.on.refusal.code
	}
	return m
}

// outcome is the decision as the outcome that a nested guard goes on from.
func (d *Decision) outcome() outcome {
	return outcome{session: d.Session, source: d.Source, on: d.on}
}

// by is whose guard made the decision; nil: a test did.
func (d *Decision) by() *Authenticator {
	if d.guard == nil {
		return nil
	}
	return d.guard.auth
}

// isAttached reports whether the response depends on whose the request is.
func (d *Decision) isAttached() bool { return d.Session != nil || d.Token != nil }

// isAbout reports whether the decision was about these credentials: the one that decided is among
// them, or, when none did, they are the same.
func (d *Decision) isAbout(p *presented.Credentials) bool {
	if d.about != p.Shape() {
		return false
	}
	if d.on.proof != "" {
		return p.Has(d.on.proof)
	}
	return p.Are(d.on.presented)
}
