package bench_test

import (
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// BenchmarkCheck is [stytchkit.Guard.Check] alone, of credentials that are remembered: a JWT, and
// those for which Stytch had to be asked once.
func BenchmarkCheck(b *testing.B) {
	const old = 2 * time.Minute // for a route that takes a minute
	s := signIn(b)
	for _, row := range []struct {
		name       string
		owner      stytchkit.CookieOwner
		rules      []stytchkit.Rule
		freshness  time.Duration
		credential credential
	}{
		{"jwt", stytchkit.Backend, nil, 5 * time.Minute, bearer(s.session.JWT())},
		{"opaque-bearer", stytchkit.Backend, nil, 5 * time.Minute, bearer(s.session.Token)},
		{"opaque-cookie", stytchkit.StytchDomain, nil, 5 * time.Minute, credential{"Cookie", "stytch_session=" + s.session.Token}},
		{
			"fresh-1m", stytchkit.Backend, []stytchkit.Rule{stytchkit.Fresh(time.Minute)}, time.Minute,
			bearer(s.session.JWT(stytchtest.Age(old))),
		},
	} {
		b.Run(row.name, func(b *testing.B) {
			guard, r := s.kit(b, row.owner).Require(row.rules...), newRequest(row.credential)
			s.server.ResetCalls()
			began := time.Now()
			guard.Check(b.Context(), r)
			b.ReportAllocs()
			for b.Loop() {
				if d := guard.Check(b.Context(), r); d.Session.MemberID() != s.id {
					b.Fatalf("the session is %v and the denial %v, want one of %s", d.Session, d.Denial, s.id)
				}
			}
			periods := 1 + int(time.Since(began)/row.freshness)
			b.ReportMetric(float64(s.server.Calls(stytchtest.Authenticate))/float64(periods), "calls/freshness")
		})
	}
}

func bearer(token string) credential { return credential{"Authorization", "Bearer " + token} }
