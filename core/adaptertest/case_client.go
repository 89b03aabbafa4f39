package adaptertest

import (
	"net/http"
	"net/netip"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/inside"
)

// clientCases are about who sent a request.
func clientCases() []testCase {
	return []testCase{
		{"the client's address is the connection's, or what trusted proxies say", clientAddress},
	}
}

func clientAddress(s *stage) {
	trusting := s.authenticator(s.srv, func(c *stytchkit.Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	var connection, unproxied, client string
	witness, _ := s.auth.Inside(inside.Key{}).Witness(func(r inside.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		connection = strings.Clone(r.RemoteAddr())
		unproxied = s.auth.Inside(inside.Key{}).Client(r).String()
		client = trusting.Inside(inside.Key{}).Client(r).String()
	}).(stytchkit.Rule)
	s.serve(App{Routes: []Route{{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required(witness)}, Handler: s.me}}})
	alice := s.person("alice")
	s.send(get("/me", alice.live())).of("alice")
	for _, row := range []struct {
		says  string
		lines []string
		want  string
	}{
		{"no proxy", nil, "127.0.0.1"},
		{"a proxy", []string{"X-Forwarded-For: 203.0.113.7"}, "203.0.113.7"},
		{"its name in another case", []string{"x-forwarded-for: 203.0.113.7"}, "203.0.113.7"},
		{"two proxies", []string{"X-Forwarded-For: 203.0.113.7, 10.0.0.1"}, "203.0.113.7"},
		{"two proxies, each with a line", []string{"X-Forwarded-For: 203.0.113.7", "X-Forwarded-For: 10.0.0.1"}, "203.0.113.7"},
		{"a client that says it is another", []string{"X-Forwarded-For: 198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		{"on a line of its own", []string{"X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.7, 10.0.0.1"}, "203.0.113.7"},
		{"garbage", []string{"X-Forwarded-For: 198.51.100.1, unknown, 10.0.0.1"}, "10.0.0.1"},
		{"other headers", []string{"X-Real-IP: 198.51.100.1", "Forwarded: for=198.51.100.1", "True-Client-IP: 198.51.100.1"}, "127.0.0.1"},
	} {
		s.row(row.says, func() {
			s.send(get("/me", append(row.lines, alice.live())...)).of("alice")
			s.mu.Lock()
			defer s.mu.Unlock()
			if own := s.wires[0].address; connection != own || unproxied != "127.0.0.1" || client != row.want {
				s.t.Errorf("%q: the connection is of %q, want %q; the client %q, want %q; where no proxy is trusted %q", row.lines, connection, own, client, row.want, unproxied)
			}
		})
	}
}
