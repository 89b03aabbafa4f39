package stytchkit_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Attackers present a thousand JWTs a second, each by a key that nobody has ever seen, while the
// project rotates its key.
func TestARotationUnderAttack(t *testing.T) {
	const (
		tick     = 100 * time.Millisecond
		bogus    = 100              // per tick
		cooldown = 10 * time.Second // between two fetches that unknown keys ask for
		pickUp   = 15 * time.Second
		noticed  = "stytch_unavailable"
	)
	for _, row := range []struct {
		name      string
		after     time.Duration // since the attack began and caused a fetch
		published time.Duration // after the first JWT by the new key
		token     bool          // the new member's browser has an opaque token beside the JWT
		pickUp    time.Duration // until the key is known, once it is published
	}{
		{"a client with a JWT alone gets in once the keys are fetched again", time.Second, 0, false, pickUp},
		{"a client with a JWT alone, late in the cooldown", cooldown - tick, 0, false, pickUp},
		{"a member with an opaque token too gets in at once, and so the keys are fetched at once", time.Second, 0, true, tick},
		{"a client with a JWT by a key that is published late", cooldown - tick, 2 * time.Second, false, pickUp},
		{"a member with such a JWT and an opaque token", time.Second, 2 * time.Second, true, pickUp},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			guard := w.auth.Require()
			attack := newAttack(w)
			old := w.srv.AddMember(stytchtest.Member{}).SignIn()
			oldJWT := old.JWT()
			next := func() {
				w.clock.Advance(tick)
				w.idle()
				attack.wave(t, guard, bogus)
				if d := check(guard, request(jwtCookie(oldJWT), tokenCookie(old.Token))); d.Session.ID() != old.ID || len(d.Cookies) > 0 {
					t.Fatalf("a member by the key before: got %v with cookies %s, want in, and cookies untouched", d.Denial, setCookies(d))
				}
			}
			for range row.after / tick {
				next()
			}

			w.srv.RotateKeysHidden()
			if row.published == 0 {
				w.srv.PublishKeys()
			}
			alice := w.srv.AddMember(stytchtest.Member{}).SignIn()
			jwt, rotated := alice.JWT(), w.clock.Now()
			r := bearer(jwt)
			if row.token {
				r = request(jwtCookie(jwt), tokenCookie(alice.Token))
			}
			var locally bool
			for !locally {
				since := w.clock.Now().Sub(rotated)
				if since >= row.published {
					w.srv.PublishKeys()
				}
				d := check(guard, r)
				switch {
				case setCookies(d) == "cleared":
					t.Fatalf("%v after the rotation her cookies were cleared: %v", since, d.Denial)
				case d.Session.ID() == alice.ID:
					locally = d.Source == stytchkit.FromJWT
				case row.token:
					t.Fatalf("%v after the rotation: got %v, want in at once", since, d.Denial)
				case row.published == 0 && code(d) != noticed:
					t.Fatalf("%v after the rotation: got %q, want %q until the keys are fetched", since, code(d), noticed)
				}
				if since > row.published+row.pickUp {
					t.Fatalf("the new key is not known %v after it was published", since-row.published)
				}
				next()
			}
			elapsed := w.clock.Now().Sub(rotated) + row.after
			// One per cooldown, one that the opaque token's answer asked for, and one more for a key that was late.
			if fetched, most := w.srv.Calls(stytchtest.JWKS), int(elapsed/cooldown)+3; fetched > most {
				t.Errorf("the keys were fetched %d times in %v of attack, want at most %d", fetched, elapsed, most)
			}
		})
	}
}

// attack is JWTs that name this project, by keys that do not exist.
type attack struct {
	payload string
	made    int
}

func newAttack(w *world) *attack {
	payload := fmt.Sprintf(`{"iss":"stytch.com/%s","aud":[%[1]q],"sub":"member-test-mallory"}`, w.srv.ProjectID())
	return &attack{payload: base64.RawURLEncoding.EncodeToString([]byte(payload))}
}

func (a *attack) token() string {
	a.made++
	header := fmt.Sprintf(`{"alg":"RS256","kid":"jwk-test-bogus-%d","typ":"JWT"}`, a.made)
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + a.payload + ".c2lnbmF0dXJl"
}

// wave presents n of them, as a bearer and in a cookie by turns.
func (a *attack) wave(t *testing.T, guard *stytchkit.Guard, n int) {
	t.Helper()
	byBearer, byCookie := request(), request()
	for i := range n {
		r := byBearer
		if i%2 == 0 {
			r = byCookie
			r.Header.Set("Cookie", jwtCookie(a.token()))
		} else {
			r.Header.Set("Authorization", "Bearer "+a.token())
		}
		d := check(guard, r)
		if !slices.Contains([]string{"stytch_unavailable", "session_invalid"}, code(d)) || setCookies(d) != "untouched" {
			t.Fatalf("a bogus JWT: got %q with cookies %s", code(d), setCookies(d))
		}
	}
}
