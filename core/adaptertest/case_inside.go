package adaptertest

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// insideCases are about requests inside requests, and about what an application's routes are.
func insideCases() []testCase {
	return []testCase{
		{"C82 a request inside another has its own session, and puts nothing on the other's response", insideAnother},
		{"C83 the routes are listed as they are, and those that nobody guards are told", routes},
	}
}

// insideAnother: a guard inside a guarded handler that is asked about other credentials owes to its own response.
func insideAnother(s *stage) {
	alice, carol := s.person("alice"), s.person("carol")
	dead := tokenCookie("opaque-token-of-mally-0000000000000000000000")
	within := map[string]string{"another's": carol.stale(), "none": "", "one that is over": dead, "one that is forged": jwtCookie(carol.forged(0)), "her own": alice.live()}
	answered := make(chan SubAnswer, 1)
	batch := Route{Method: http.MethodGet, Path: "/batch", Guards: []Guard{s.required()}, Handler: func(x Exchange) {
		header := http.Header{}
		if name, value, ok := strings.Cut(within[x.RequestHeader("X-Within")], ": "); ok {
			header.Set(name, value)
		}
		answered <- x.Sub("/me", header)
		x.Write(http.StatusOK, s.look(x))
	}}
	me := Route{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me}
	for _, kind := range []struct {
		says string
		app  App
	}{
		{"with guards of the routes", App{Routes: []Route{batch, me}}},
		{"with one in front of all beside", App{Guards: []Guard{s.optional()}, Routes: []Route{batch, me}}},
	} {
		s.row(kind.says, func() {
			s.serve(kind.app)
			for _, row := range []struct {
				which, session string
				status         int
			}{
				{"another's", "carol", http.StatusOK},
				{"none", "", http.StatusUnauthorized},
				{"one that is over", "", http.StatusUnauthorized},
				{"one that is forged", "", http.StatusUnauthorized},
				{"her own", "alice", http.StatusOK},
			} {
				for _, outer := range []string{alice.live(), alice.stale()} {
					a := s.send(get("/batch", outer, "X-Within: "+row.which)).varies()
					got := <-answered
					s.reachedSince()
					if a.status != http.StatusOK || a.text != s.kind.described("alice") {
						a.fail("alice outside", "%d %q", a.status, a.text)
					}
					if outer == alice.live() {
						a.untouched()
					} else {
						a.refreshed(alice)
					}
					if got.Status != row.status || row.session != "" && got.Text != s.kind.described(row.session) {
						a.fail(row.which+" inside to be answered with it", "%+v", got)
					}
					want := []string(nil)
					switch row.which {
					case "another's":
						want = a.sessionLines(carol)
					case "one that is over":
						want = []string{"stytch_session" + deleted, "stytch_session_jwt" + deleted}
					}
					if len(got.Cookies) > 0 && !slices.Equal(got.Cookies, want) { // some cannot tell where the inner response is
						a.fail("inside "+strings.Join(want, " and ")+", or nothing", "%q", got.Cookies)
					}
				}
			}
		})
	}
}

func routes(s *stage) {
	open := func(x Exchange) { x.Write(http.StatusOK, "open") }
	s.serve(App{
		Routes: []Route{
			{Method: http.MethodGet, Path: "/open", Handler: open},
			{Method: http.MethodGet, Path: "/optional/:page", Guards: []Guard{s.optional()}, Handler: open},
			{Method: http.MethodPost, Path: "/login", Handler: open},
			{Method: http.MethodGet, Path: "/orgs/:org/documents/:id", Guards: []Guard{s.required()}, Handler: s.me},
			{Method: http.MethodGet, Path: "/tokens", Guards: []Guard{s.tokenRequired()}, Handler: s.me},
		},
		Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required()}, Routes: []Route{{Method: http.MethodGet, Path: "/me", Handler: s.me}}}},
	})
	if s.routes == nil {
		return // the adapter has no Routes
	}
	listed := s.routes()
	want := []string{"GET /api/me", "GET /open", "GET /optional/{page}", "GET /orgs/{org}/documents/{id}", "GET /tokens", "POST /login"}
	if got := spelledOut(listed); !slices.Equal(got, want) {
		s.t.Errorf("the routes are %q, want %q", got, want)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, s.address)
	}}}
	unguarded, err := stytchtest.Unprotected(client.Do, listed)
	if got := spelledOut(unguarded); err != nil || !slices.Equal(got, []string{"GET /open", "GET /optional/{page}"}) {
		s.t.Errorf("open to anybody are %q (%v)", got, err)
	}
}

// spelledOut is what routes are, without HEAD, which some frameworks list beside each GET.
func spelledOut(routes []stytchkit.Route) (all []string) {
	for _, route := range routes {
		if route.Method != http.MethodHead {
			all = append(all, route.String())
		}
	}
	slices.Sort(all)
	return all
}
