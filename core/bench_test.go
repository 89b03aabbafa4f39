package stytchkit_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// What the issue allows.
const (
	mostAllocations = 50  // of Guard.Check with a JWT not seen before
	mostOfTheSDK    = 0.8 // its time, in terms of the SDK's AuthenticateJWTLocal
	mostOfACookie   = 0.1 // the time to locate the cookies, in terms of http.Request.Cookie
)

// benchWorld is a signed-in member before a guard.
type benchWorld struct {
	srv   *stytchtest.Server
	auth  *stytchkit.Authenticator
	alice *stytchtest.Session
	guard *stytchkit.Guard
	token string
	r     *http.Request // with the JWT among other cookies
}

func newBenchWorld(tb testing.TB) *benchWorld {
	tb.Helper()
	b := &benchWorld{srv: stytchtest.Start(tb, stytchtest.Options{Key: signingKey()})}
	cfg := b.srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(auth.Close)
	if err := auth.Ready(context.Background()); err != nil {
		tb.Fatal(err)
	}
	b.alice = b.srv.AddMember(stytchtest.Member{Email: "alice@example.com", Roles: []string{"editor"}}).SignIn(stytchtest.WithLifetime(24 * time.Hour))
	b.auth, b.guard = auth, auth.Require()
	b.token = b.alice.JWT()
	b.r = request(usualCookies(b.alice.Token, b.token))
	return b
}

// firstCheck checks the request as one whose JWT was not seen before, and remembers it. To forget
// it first is one allocation of those reported.
func (b *benchWorld) firstCheck(tb testing.TB) {
	b.auth.Forget(b.token)
	if d := check(b.guard, b.r); d.Source != stytchkit.FromJWT {
		tb.Fatalf("not decided by its JWT: %v", d.Denial)
	}
}

func TestCheckingAJWTAllocatesLittle(t *testing.T) {
	const runs = 50
	b := newBenchWorld(t)
	requests := make([]*http.Request, runs+1) // one to warm up
	for i := range requests {
		requests[i] = request(usualCookies("t", b.alice.JWT(stytchtest.Claim("n", i))))
	}
	next := 0
	got := testing.AllocsPerRun(runs, func() {
		if d := check(b.guard, requests[next]); d.Source != stytchkit.FromJWT {
			t.Fatalf("not decided by its JWT: %v", d.Denial)
		}
		next++
	})
	if t.Logf("Guard.Check allocates %v times", got); got > mostAllocations {
		t.Errorf("want at most %d", mostAllocations)
	}
}

func BenchmarkFirstSeenJWT(b *testing.B) {
	w := newBenchWorld(b)
	sdk := newSDK(b, w.srv)
	ours := func() { w.firstCheck(b) }
	theirs := func() {
		if _, err := sdk.AuthenticateJWTLocal(context.Background(), w.token, 5*time.Minute, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("Guard.Check", func(b *testing.B) { run(b, ours) })
	b.Run("AuthenticateJWTLocal", func(b *testing.B) { run(b, theirs) })
	b.Run("RS256 alone", func(b *testing.B) {
		last := strings.LastIndexByte(w.token, '.')
		signature, err := base64.RawURLEncoding.DecodeString(w.token[last+1:])
		if err != nil {
			b.Fatal(err)
		}
		run(b, func() {
			digest := sha256.Sum256([]byte(w.token[:last]))
			if err := rsa.VerifyPKCS1v15(&signingKey().PublicKey, crypto.SHA256, digest[:], signature); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("ratio", func(b *testing.B) { compare(b, 10, mostOfTheSDK, ours, theirs) })
}

func BenchmarkLocateCookies(b *testing.B) {
	r := request(usualCookies(strings.Repeat("t", 44), strings.Repeat("j", 1330)))
	b.Logf("a Cookie header of %d bytes", len(r.Header.Get("Cookie")))
	var p presented.Credentials
	ours := func() { // both of them
		p = presented.Credentials{}
		p.ReadCookies(stytchkit.HTTPRequest{R: r}, &presented.Names{Token: "stytch_session", JWT: "stytch_session_jwt"})
	}
	theirs := func() { // one of them
		if _, err := r.Cookie("stytch_session_jwt"); err != nil {
			b.Fatal(err)
		}
	}
	if ours(); len(p.Tokens.All()) != 1 || len(p.JWTs.All()) != 1 {
		b.Fatalf("found %q and %q", p.Tokens.All(), p.JWTs.All())
	}
	b.Run("here", func(b *testing.B) { run(b, ours) })
	b.Run("http.Request.Cookie", func(b *testing.B) { run(b, theirs) })
	b.Run("ratio", func(b *testing.B) { compare(b, 1000, mostOfACookie, ours, theirs) })
}

func run(b *testing.B, f func()) {
	b.ReportAllocs()
	for b.Loop() {
		f()
	}
}

// compare reports the time of ours in terms of theirs.
func compare(b *testing.B, batch int, allowed float64, ours, theirs func()) {
	a, t := inTurns(b, batch, ours, theirs)
	b.ReportMetric(a/t, "ours/theirs")
	b.ReportMetric(allowed, "allowed")
}

// inTurns is the time in nanoseconds that each takes: both in turn, batch times, and of each the
// fastest tenth's slowest, so that whatever else the machine does falls on both, and on neither much.
func inTurns(b *testing.B, batch int, one, other func()) (ofOne, ofOther float64) {
	b.Helper()
	timed := func(f func()) time.Duration {
		began := time.Now()
		for range batch {
			f()
		}
		return time.Since(began)
	}
	var a, t []time.Duration
	for b.Loop() {
		a, t = append(a, timed(one)), append(t, timed(other))
	}
	undisturbed := func(d []time.Duration) float64 {
		slices.Sort(d)
		return float64(d[len(d)/10]) / float64(batch)
	}
	return undisturbed(a), undisturbed(t)
}
