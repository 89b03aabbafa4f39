package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// onlooker is a member with a session that nothing happens to. Other sessions of theirs end.
type onlooker struct {
	member  *stytchtest.Member
	session *stytchtest.Session
	name    string
	present visit.Header
	expired []string // JWTs that nobody has seen, one for each replica
}

// addOnlookers adds so many of each sort.
func (t *trial) addOnlookers(each int) {
	for i := range 3 * each {
		o := &onlooker{member: t.newcomer()}
		o.session = o.member.SignIn()
		fresh, expired := o.session.JWT(), o.session.JWT(stytchtest.Age(10*time.Minute))
		t.secret(o.session.Token, fresh, expired)
		switch i % 3 {
		case 0:
			o.name, o.present = "browser", pair(o.session.Token, fresh)
		case 1:
			o.name, o.present = "program with the token", visit.Bearer(o.session.Token)
		case 2:
			o.name, o.present = "browser with an expired JWT", pair(o.session.Token, expired)
		}
		for replica := range replicas {
			o.expired = append(o.expired, o.session.JWT(stytchtest.Age(11*time.Minute+time.Duration(replica)*time.Second)))
		}
		t.secret(o.expired...)
		t.onlookers = append(t.onlookers, o)
	}
}

// lookOn has the onlookers visit one replica after the other until ctx ends.
func (t *trial) lookOn(ctx context.Context) {
	for turn := 0; ; turn++ {
		for i := range t.onlookers {
			t.letIn((turn+i)%replicas, t.onlookers[i])
			if visit.Wait(ctx, 5*time.Millisecond) != nil {
				return
			}
		}
	}
}

// letIn sees whether an onlooker is let in.
func (t *trial) letIn(replica int, o *onlooker) {
	a := t.replicas[replica].Get("/api/me", o.present)
	t.looked.Add(1)
	if a.Status != http.StatusOK || !bytes.Contains(a.Body, []byte(o.session.ID)) {
		t.fail("a %s that nothing happened to, replica %d: expected 200, found %s %.200q (%v)", o.name, replica, a.Sort(), a.Body, a.Err)
	}
	t.keepsCookies(replica, o.name, a)
}

func (t *trial) keepsCookies(replica int, who string, a visit.Answer) {
	for _, name := range []string{visit.TokenCookie, visit.JWTCookie} {
		if _, cleared := a.Cookie(name); cleared {
			t.fail("a %s that nothing happened to, replica %d: expected the cookies to stay, found %s cleared with %s", who, replica, name, a.Sort())
		}
	}
}

// putOff has the onlookers present what Stytch would have to be asked about, while it cannot be.
func (t *trial) putOff() {
	for replica, r := range t.replicas {
		for _, o := range t.onlookers {
			a := r.Get("/api/me", pair(o.session.Token, o.expired[replica]))
			if a.Status != http.StatusServiceUnavailable || a.Code != "stytch_unavailable" {
				t.fail("an expired JWT while neither Stytch nor the engine is there, replica %d: expected 503 stytch_unavailable, found %s", replica, a.Sort())
			}
			t.keepsCookies(replica, "browser with an expired JWT", a)
		}
	}
}

// recover waits until Stytch is asked again everywhere.
func (t *trial) recover(ctx context.Context) error {
	for replica, r := range t.replicas {
		o := t.onlookers[0]
		for began := time.Now(); r.Get("/api/fresh", o.present).Status != http.StatusOK; {
			if time.Since(began) > 15*time.Second {
				return fmt.Errorf("replica %d does not let a member in 15 seconds after Stytch is back", replica)
			}
			if err := visit.Wait(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}
