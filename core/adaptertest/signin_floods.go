package adaptertest

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// oneNoisySignIn: the sign-ins of one address keep no other's waiting, and no member's step.
func oneNoisySignIn(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build, rationedSignIns)
	here, elsewhere := s.inTwoOrganizations()
	asked := 0
	s.noisy("sign-ins", func(address string) int {
		asked++ // nobody is asked about as often as one person is bounded
		return s.posts("/auth/magic-link", fmt.Sprintf(`{"email":"%d@acme.example"}`, asked), from(address))
	})
	if status := s.switches(elsewhere, from("192.0.2.1"), tokenCookie(here.Token)); status != http.StatusOK {
		t.Errorf("a member's switch, behind the same address: got %d, want 200", status)
	}
}

// noisySteps: made-up intermediate sessions cost no call, and so keep nobody's steps waiting.
func noisySteps(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build, rationedSignIns)
	here, elsewhere := s.inTwoOrganizations()
	s.stytch.ResetCalls()
	for range 4 * ration {
		if status := s.posts("/auth/organizations", `{"organization_id":"`+elsewhere+`"}`, cookies("stytch_intermediate_session_token="+madeUp())); status != http.StatusUnauthorized {
			t.Fatalf("a made-up intermediate session: got %d, want 401", status)
		}
	}
	if n := s.stytch.TotalCalls(); n != 0 {
		t.Errorf("made-up intermediate sessions cost %d calls", n)
	}
	if status := s.switches(elsewhere, tokenCookie(here.Token)); status != http.StatusOK {
		t.Errorf("a member's switch: got %d, want 200", status)
	}
}

func rationedSignIns(c *stytchkit.Config) {
	c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = ration, ration
}

// inTwoOrganizations is a member's session, and another organization that they are in.
func (s *signInStage) inTwoOrganizations() (here *stytchtest.Session, elsewhere string) {
	here = s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"}).SignIn()
	return here, s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "globex"}).OrganizationID
}

func (s *signInStage) switches(organization string, lines ...string) (status int) {
	s.t.Helper()
	return s.posts("/auth/switch", `{"organization":"`+organization+`"}`, lines...)
}

// noisy wants hardly any request of an address within its share refused while another sends twenty times as many.
func (s *signInStage) noisy(what string, send func(address string) int) {
	s.t.Helper()
	asked, refused := 0, 0
	for quarter := range 32 { // of a second
		s.clock.Advance(time.Second / 4)
		for range ration {
			send("192.0.2.1")
		}
		status := send("192.0.2.2")
		if quarter < 8 {
			continue // it has not been seen before
		}
		if asked++; status == http.StatusServiceUnavailable {
			refused++
		}
	}
	if refused*20 > asked {
		s.t.Errorf("%d of %d %s of an address within its share were refused, want less than 5 %%", refused, asked, what)
	}
	if status := send("192.0.2.1"); status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests {
		s.t.Errorf("the noisy address is answered %d, want it to have spent its share", status)
	}
}
