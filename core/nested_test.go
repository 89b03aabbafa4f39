package stytchkit_test

import (
	"net/http"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A handler may add to what the request presents, or take from it.
func TestAnInnerGuardSeesCredentialsThatTheOuterOneDidNot(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	alices, bobs := jwtCookie(alice.JWT()), jwtCookie(bob.JWT())
	for name, row := range map[string]struct {
		outer, inner *http.Request
		code         string
	}{
		"a second member's cookie":             {request(alices), request(alices, bobs), "invalid_request"},
		"a second member's cookie in front":    {request(alices), request(bobs, alices), "invalid_request"},
		"a bearer in front of the same cookie": {request(alices), withBearer(request(alices), forge(alice.JWT())), "session_invalid"},
		"the cookie of one of the two":         {request(alices, bobs), request(alices), ""},
	} {
		outer := check(w.auth.Optional(), row.outer)
		if d := check(w.auth.Require(), row.inner.WithContext(outer.Context(t.Context()))); code(d) != row.code {
			t.Errorf("%s: got %q and %v, want %q", name, code(d), d.Session, row.code)
		}
	}
}

func withBearer(r *http.Request, token string) *http.Request {
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestARouteForOtherOriginsMakesNoCallOfItsOwnInAnOutage(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	_, inner := nested(w.auth.Optional(), w.auth.Require(stytchkit.AllowCrossOrigin()), request(tokenCookie(alice.Token)))
	if code(inner) != "stytch_unavailable" || w.asked() != 1 {
		t.Errorf("got %q after %d calls, want stytch_unavailable after one", code(inner), w.asked())
	}
}

func TestACrossOriginRequestWithoutCredentialsLacksASession(t *testing.T) {
	w := newWorld(t)
	for name, r := range map[string]*http.Request{
		"nothing":       request(),
		"other cookies": request("theme=dark"),
		"empty cookies": request(jwtCookie(""), tokenCookie("")),
	} {
		r.Method = http.MethodPost
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if d := check(w.auth.Require(), r); code(d) != "session_missing" {
			t.Errorf("%s: got %q, want session_missing", name, code(d))
		}
		if d := check(w.auth.Optional(), r); d.Denial != nil || !d.Initialized {
			t.Errorf("%s: Optional denied with %q", name, code(d))
		}
	}
}
