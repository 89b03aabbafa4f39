package stytchkit_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestATokenOfTheLeastAndTheMostLengthIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	for length, want := range map[int]string{15: "session_invalid", 16: "session_ended", 512: "session_ended", 513: "session_invalid"} {
		if d := check(w.auth.Require(), request(tokenCookie(strings.Repeat("a", length)))); code(d) != want {
			t.Errorf("a token of %d characters: got %q, want %q", length, code(d), want)
		}
	}
}

func TestAJWTOfAtMost16KBIsRead(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	// ofLength pads the claims, and then the header, as base64 does not come in every length.
	ofLength := func(length int) string {
		for header := range 4 {
			padding := (length - len(alice.JWT())) * 3 / 4
			for range 8 {
				claims := alice.Claims()
				claims["padding"] = strings.Repeat("x", padding)
				token := w.srv.Sign(map[string]any{"x": strings.Repeat("x", header)}, claims)
				if len(token) == length {
					return token
				}
				padding += length - len(token)
			}
		}
		t.Fatalf("no JWT of %d bytes can be made", length)
		return ""
	}
	for length, want := range map[int]string{16 << 10: "", 16<<10 + 1: "session_invalid"} {
		if d := check(w.auth.Require(), bearer(ofLength(length))); code(d) != want {
			t.Errorf("a JWT of %d bytes: got %q (%v), want %q", length, code(d), d.Denial, want)
		}
	}
}

// Clients that were refused together do not return together.
func TestRetryAfterIsSpreadFromOneSecondToFive(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{NotJSON: true})
	seen := map[int]bool{}
	for range 500 { // each value is missed once in 10^48 runs
		seconds, err := strconv.Atoi(check(w.auth.Require(), bearer(alice.Token)).Denial.Header.Get("Retry-After"))
		if err != nil || seconds < 1 || seconds > 5 {
			t.Fatalf("Retry-After is %d (%v), want 1 to 5", seconds, err)
		}
		seen[seconds] = true
	}
	if len(seen) != 5 {
		t.Errorf("of 500 answers Retry-After was only %v", seen)
	}
}
