package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// event is something that happens to one session, of which every replica has to hear.
type event struct {
	*kind
	where   int       // the replica that it happens at, or nobody
	at      time.Time // when it was sent for
	member  *stytchtest.Member
	session *stytchtest.Session
	jwt     string       // of the session, fresh
	present visit.Header // what is presented of it everywhere

	calls [replicas + 1]atomic.Int32 // to Stytch about the session, by replica, since it happened
	heard [replicas + 1]time.Time    // each written by who watches that replica
}

// kind is a kind of event.
type kind struct {
	name   string
	weight int  // how often it happens, beside the others
	dark   bool // happens also while Stytch cannot be asked
	mayAsk bool // a replica that hears of it asks Stytch
	ends   bool // the session is over, or another's place

	begin  func(t *trial, e *event, random *rand.Rand) error // a session that lives everywhere
	happen func(ctx context.Context, t *trial, e *event) error
	// told reports whether the answer is that of a replica that has heard, and what is wrong with one that
	// no replica may give.
	told func(e *event, a visit.Answer) (heard bool, wrong string)
}

func kinds() []*kind {
	return []*kind{
		{name: "sign-out", weight: 5, dark: true, ends: true, begin: beginPair, happen: signOut, told: toldEnded},
		{name: "sign-out by bearer", weight: 2, dark: true, ends: true, begin: beginBearer, happen: signOut, told: toldEnded},
		{name: "sign-out of a token", weight: 1, ends: true, begin: beginToken, happen: signOut, told: toldEnded},
		{name: "replacement", weight: 3, ends: true, begin: beginReplaced, happen: replace, told: toldReplaced},
		{name: "deleted member", weight: 2, mayAsk: true, ends: true, begin: beginMember, happen: deleteMember, told: toldEnded},
		{name: "changed member", weight: 2, mayAsk: true, begin: beginMember, happen: changeMember, told: toldChanged},
	}
}

// signIn begins a session. Of an event without a member of its own it is another session of an onlooker's.
func (t *trial) signIn(e *event, random *rand.Rand) {
	if e.member == nil {
		e.member = t.onlookers[random.IntN(len(t.onlookers))].member
	}
	e.session = e.member.SignIn()
	e.jwt = e.session.JWT()
	t.secret(e.session.Token, e.jwt)
}

// signInNewcomer begins a session of a member of the event's own.
func (t *trial) signInNewcomer(e *event, random *rand.Rand) error {
	if e.member = t.newcomer(); e.member == nil {
		return fmt.Errorf("%s: every member has been in an event (want more in the plan)", e.name)
	}
	t.signIn(e, random)
	return nil
}

// everywhere presents the session at every replica, where it lives.
func (t *trial) everywhere(e *event) error {
	for i, r := range t.replicas {
		if a := r.Get("/api/me", e.present); a.Status != http.StatusOK {
			return fmt.Errorf("%s: a session that lives is answered %s by replica %d", e.name, a.Sort(), i)
		}
	}
	return nil
}

// beginPair is a browser's session whose token no replica has seen.
func beginPair(t *trial, e *event, random *rand.Rand) error {
	t.signIn(e, random)
	e.present = pair(e.session.Token, e.jwt)
	return nil
}

func beginBearer(t *trial, e *event, random *rand.Rand) error {
	t.signIn(e, random)
	e.present = visit.Bearer(e.jwt)
	return nil
}

// beginToken is a program's session, for whose token Stytch has vouched everywhere.
func beginToken(t *trial, e *event, random *rand.Rand) error {
	t.signIn(e, random)
	e.present = visit.Bearer(e.session.Token)
	return t.everywhere(e)
}

// beginReplaced is a browser's session of somebody in two organizations, whose JWT has expired in a tab that
// was forgotten: every answer to that sets cookies.
func beginReplaced(t *trial, e *event, random *rand.Rand) error {
	if err := t.signInNewcomer(e, random); err != nil {
		return err
	}
	expired := e.session.JWT(stytchtest.Age(10 * time.Minute))
	t.secret(expired)
	t.stytch.watch(e, expired)
	e.present = pair(e.session.Token, expired)
	return t.everywhere(e)
}

// beginMember is a program's session of a member of its own.
func beginMember(t *trial, e *event, random *rand.Rand) error {
	e.where = nobody
	if err := t.signInNewcomer(e, random); err != nil {
		return err
	}
	e.present = visit.Bearer(e.jwt)
	return t.everywhere(e)
}

func pair(token, jwt string) visit.Header {
	return visit.Cookies(visit.TokenCookie+"="+token, visit.JWTCookie+"="+jwt)
}

func signOut(_ context.Context, t *trial, e *event) error {
	return redirected(t.replicas[e.where].Post("/auth/logout", nil, e.present))
}

// replace switches to the other organization, and looks whether the new session is let in everywhere.
func replace(_ context.Context, t *trial, e *event) error {
	a := t.replicas[e.where].Post("/auth/switch", url.Values{"organization": {organizations()[1]}}, pair(e.session.Token, e.jwt))
	token, _ := a.Cookie(visit.TokenCookie)
	jwt, _ := a.Cookie(visit.JWTCookie)
	if token == "" || jwt == "" {
		return fmt.Errorf("it is answered %s and no session: %.200q", a.Sort(), a.Body)
	}
	t.secret(token, jwt)
	for i, r := range t.replicas {
		if a := r.Get("/api/me", pair(token, jwt)); a.Status != http.StatusOK {
			return fmt.Errorf("the session in its place is answered %s by replica %d", a.Sort(), i)
		}
	}
	return nil
}

func redirected(a visit.Answer) error {
	if a.Status != http.StatusSeeOther {
		return fmt.Errorf("it is answered %s: %.200q", a.Sort(), a.Body)
	}
	return nil
}

func deleteMember(ctx context.Context, t *trial, e *event) error {
	return t.stytch.remove(ctx, e.member)
}

func changeMember(_ context.Context, t *trial, e *event) error {
	changed := *e.member
	changed.Roles = []string{newRole}
	t.stytch.AddMember(changed)
	return nil
}
