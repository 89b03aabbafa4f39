package stytchkit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	"github.com/stytchkit/stytchkit/core/internal/copies"
	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/profile"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/shown"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// State is who a request is of, as a page needs it: what Stytch's React hooks give to a component.
// Member, Organization and User are copies of the caller's own. As JSON it is the answer of
// [Authenticator.AnswerState].
type State struct {
	// Session is nil when the request is anonymous, denied or undecided.
	Session *Session
	// Member and Organization are the session's, as Stytch describes them: nil without a session, with an
	// error, and in a consumer project.
	Member       *organizations.Member
	Organization *organizations.Organization
	// User is to a consumer project what Member is to a B2B one.
	User *users.User
	// FromCache: no call to Stytch stands behind any part of this; it was verified here, or remembered.
	FromCache bool
	// Initialized is false when Stytch would have had to be asked and could not be, or refuses the
	// project's credentials: it is not known yet who this is, so nobody is sent to sign in.
	Initialized bool

	vertical Vertical // whose shape it has as JSON
}

// Name is what to call the member or the user on a page: their name, else their e-mail address, else
// their phone number, else their ID; empty when nobody is signed in.
func (s State) Name() string {
	switch {
	case s.Member != nil:
		return cmp.Or(s.Member.Name, s.Member.EmailAddress, s.Session.Subject())
	case s.User != nil:
		return cmp.Or(shown.NameOf(s.User), s.Session.Subject())
	}
	return s.Session.Subject()
}

// errUnguarded is the error of a handler in front of which no guard stands.
var errUnguarded = errors.New("stytchkit: no guard of this Authenticator stands before the handler, so there is no state to tell (put Optional or Require in front of its route)")

// unguarded is [errUnguarded], and what else it may be: a framework's own context carries no decision.
func unguarded(ctx context.Context) error {
	return fmt.Errorf("%w; or the context is not the request's own: it is a %T (want what c.Request.Context() returns, on Fiber c.UserContext(), on Fiber 3 c.Context())", errUnguarded, ctx)
}

// State is the state behind the innermost guard of this Authenticator, with the member and the
// organization loaded, or the user. They come from the answer when Stytch was asked about this request's session.
// Otherwise they are fetched, two calls at most, and remembered: fresh for Config.Freshness, then
// shown for Config.ProfileStaleFor more while one call in the background renews them, also while
// Stytch cannot be reached. Requests that do not ask for the state cost nothing.
//
// The error is a [*Denial] that may be answered as it is. 503 and 500 come with Initialized false:
// Stytch cannot be asked, or refuses the project. 401 means that Stytch knows the member or the
// organization no more. Session is set all the same where there is one. A handler without a guard
// in front gets another error.
//
// It waits for Stytch until ctx or Config.Timeout ends, and is safe for concurrent use.
func (a *Authenticator) State(ctx context.Context) (State, error) {
	d := a.visibleDecision(ctx)
	if d == nil {
		return State{}, unguarded(ctx)
	}
	s := State{Session: d.Session, FromCache: d.FromCache, Initialized: d.Initialized, vertical: a.cfg.Vertical}
	switch {
	case d.Session != nil:
		err := a.loadProfile(ctx, &s, d.said())
		return s, err
	case !d.Initialized && d.on != nil && d.on.refusal != nil:
		return s, d.on.refusal.problem(d.about.Bearer)
	}
	return s, nil
}

// loadProfile fills in the member and the organization, at the same time.
func (a *Authenticator) loadProfile(ctx context.Context, s *State, said *answer) error {
	facts := &s.Session.facts
	if said != nil && a.profiles.Prime(facts, &said.who) {
		s.Member, s.Organization, s.User = copies.Of(said.who.Member), copies.Of(said.who.Organization), copies.Of(said.who.User)
		return nil
	}
	if facts.Kind == session.User {
		return s.loadUser(ctx, a.profiles.Users)
	}
	var member part[organizations.Member]
	var organization part[organizations.Organization]
	var both sync.WaitGroup
	both.Go(func() { organization.load(ctx, a.profiles.Organizations, facts) })
	member.load(ctx, a.profiles.Members, facts)
	both.Wait()
	if err := cmp.Or(member.err, organization.err); err != nil {
		return s.lacks(err)
	}
	s.Member, s.Organization = copies.Of(member.shared), copies.Of(organization.shared)
	s.FromCache = s.FromCache && member.fromCache && organization.fromCache
	return nil
}

func (s *State) loadUser(ctx context.Context, from *profile.Loader[users.User]) error {
	var user part[users.User]
	user.load(ctx, from, &s.Session.facts)
	if user.err != nil {
		return s.lacks(user.err)
	}
	s.User, s.FromCache = copies.Of(user.shared), s.FromCache && user.fromCache
	return nil
}

// lacks is the state whose profile could not be loaded.
func (s *State) lacks(err error) error {
	why := refusalOf(stytch.FailureOf(err))
	s.FromCache, s.Initialized = false, !isUndecided(why.code)
	return why.problem(false)
}

// part is one half of a profile, and how it came.
type part[T any] struct {
	shared    *T
	fromCache bool
	err       error
}

func (p *part[T]) load(ctx context.Context, from *profile.Loader[T], facts *session.Facts) {
	p.shared, p.fromCache, p.err = from.Of(ctx, facts)
}

// refusalOf is why a profile cannot be shown.
func refusalOf(failure *stytch.Failure) *refusal {
	why := refuse(CodeSessionInvalid, failure)
	switch failure.Verdict {
	case stytch.Unavailable:
		why.code, why.retryAfter = CodeStytchUnavailable, failure.RetryAfter
	case stytch.Misconfigured:
		why.code = CodeStytchMisconfigured
	case stytch.Over, stytch.Refused:
	}
	return why
}

// revalidateAlways lets a browser keep the answer, and asks it to come back with the ETag each time.
const revalidateAlways = "private, no-cache"

// AnswerState is [Authenticator.State] as JSON, for a route behind an optional guard:
//
//	{"session": …|null, "member": …|null, "organization": …|null, "fromCache": bool, "isInitialized": bool}
//	{"session": …|null, "user": …|null, "fromCache": bool, "isInitialized": bool}  in a consumer project
//
// What could not be loaded is null, with isInitialized as in [State]: the answer is 200 then too. A
// request whose If-None-Match names the state is answered 304; its ETag leaves fromCache out, so that
// a state which is now remembered is no news. A handler without a guard in front is answered 500.
//
// The session, the member, the organization and the user have the fields that Stytch's own browser SDK
// gives to this member or user, also where they are empty; what only a backend gets at Stytch is left out.
func (a *Authenticator) AnswerState(ctx context.Context, r Request) *RouteAnswer {
	s, err := a.State(ctx)
	if errors.Is(err, errUnguarded) {
		return a.noState(err)
	}
	body, tag, err := s.tagged()
	if err != nil {
		return a.noState(err)
	}
	answer := &RouteAnswer{Status: http.StatusOK, Header: http.Header{
		"Cache-Control": {revalidateAlways},
		"Etag":          {tag},
		"Vary":          {varyCredentials},
	}}
	if navigation.IsRead(r.Method()) && shown.IsMatched(r, tag) {
		answer.Status = http.StatusNotModified
		return answer
	}
	answer.Header.Set("Content-Type", "application/json")
	answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
	answer.Body = body
	return answer
}

// noState is the answer of a route that is built wrong.
func (a *Authenticator) noState(err error) *RouteAnswer {
	a.said.Error("stytchkit: the state of a request cannot be told", "error", err)
	d := refuse(CodeRouteMisconfigured, err).problem(false)
	return &RouteAnswer{Status: d.Status, Header: d.Header, Body: d.Body}
}

// MarshalJSON writes the answer of [Authenticator.AnswerState].
func (s State) MarshalJSON() ([]byte, error) {
	if s.isOfConsumers() {
		return json.Marshal(struct {
			Session       *Session    `json:"session"`
			User          *shown.User `json:"user"`
			FromCache     bool        `json:"fromCache"`
			IsInitialized bool        `json:"isInitialized"`
		}{s.Session, shown.UserOf(s.User), s.FromCache, s.Initialized})
	}
	return json.Marshal(struct {
		Session       *Session            `json:"session"`
		Member        *shown.Member       `json:"member"`
		Organization  *shown.Organization `json:"organization"`
		FromCache     bool                `json:"fromCache"`
		IsInitialized bool                `json:"isInitialized"`
	}{s.Session, shown.MemberOf(s.Member), shown.OrganizationOf(s.Organization), s.FromCache, s.Initialized})
}

// isOfConsumers reports whose shape the state has: where a test made it, that of its session.
func (s State) isOfConsumers() bool {
	return s.vertical == Consumer || s.User != nil || s.Session.view().Kind == session.User
}

// tagged is the state as JSON, and its entity tag of all but FromCache.
func (s State) tagged() (body []byte, tag string, err error) {
	if body, err = json.Marshal(s); err != nil {
		return nil, "", err
	}
	same := body
	if s.FromCache {
		s.FromCache = false
		if same, err = json.Marshal(s); err != nil {
			return nil, "", err
		}
	}
	return body, shown.Tag(same), nil
}
