package bench_test

import (
	"net/http"
	"strings"
	"testing"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
)

// BenchmarkRefused is what attackers cost, on net/http: the whole middleware, the answer included.
func BenchmarkRefused(b *testing.B) {
	x := newExperiment(b, 1)
	signed, _, _ := strings.Cut(x.Members[0].JWT, ".")
	at := strings.LastIndexByte(x.member.JWT, '.')
	for _, refused := range []struct{ name, token string }{
		{"malformed", signed + "." + strings.Repeat("x", 1_000)},
		{"bad-signature", x.member.JWT[:at+1] + strings.Repeat("A", len(x.member.JWT)-at-1)},
	} {
		b.Run(refused.name, func(b *testing.B) {
			handler := stytchhttp.Require(newKit(b, x, 0))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				b.Error("the handler was reached")
			}))
			c := newClient(handler, credential{"Authorization", "Bearer " + refused.token})
			b.ReportAllocs()
			for b.Loop() {
				c.send()
			}
			if denied := c.answers(http.StatusUnauthorized); denied != b.N {
				b.Fatalf("of %d requests %d were answered 401", b.N, denied)
			}
		})
	}
}
