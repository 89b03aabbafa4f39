package origin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

const thisHost = "app.example.com"

// request is net/http's.
type request struct{ *http.Request }

func (r request) Method() string { return r.Request.Method }
func (r request) Host() string   { return r.Request.Host }

func (r request) Header(name string, i int) (string, bool) {
	values := r.Request.Header[name]
	if i >= len(values) {
		return "", false
	}
	return values[i], true
}

// isCross is the verdict here; trusted are as a configuration has them.
func isCross(r *http.Request, trusted []string) bool {
	var normal []string
	for _, o := range trusted {
		n, _ := origin.Normal(o)
		normal = append(normal, n)
	}
	return origin.IsCross(request{r}, origin.Own{}, normal)
}

// crossRequest is a request as a browser, or another client, sends it.
func crossRequest(method, host, site, origin string) *http.Request {
	r := httptest.NewRequest(method, "/documents", nil)
	r.Host = host
	for name, value := range map[string]string{"Sec-Fetch-Site": site, "Origin": origin} {
		if value != "absent" {
			r.Header.Set(name, value)
		}
	}
	return r
}

// byGo is the verdict of net/http's own protection.
func byGo(r *http.Request, trusted ...string) bool {
	protection := http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			panic(err)
		}
	}
	return protection.Check(r) != nil
}

// A value as it is sent, and in the form that net/http's own protection compares by its letters:
// lower case, no default port, no fragment. Where the two are equal, so must the verdicts on the raw request be.
type spelled struct{ raw, normal string }

func same(values ...string) []spelled {
	all := make([]spelled, len(values))
	for i, value := range values {
		all[i] = spelled{value, value}
	}
	return all
}

func TestCrossOriginAgreesWithNetHTTP(t *testing.T) {
	methods := []string{"GET", "HEAD", "OPTIONS", "POST", "DELETE", "get"}
	sites := []string{"absent", "", "same-origin", "none", "same-site", "cross-site", "Same-Origin", "same-origin, none"}
	origins := append(same(
		"absent", "", "null", "https://app.example.com", "http://app.example.com", "https://evil.example", "https://example.com",
		"https://app.example.com.evil.example", "https://trusted.example", "http://trusted.example", "https://trusted.example:8443",
		"https://app.example.com:8443", "https://app.example.com/", "app.example.com", "//app.example.com", "https://", "https:app.example.com",
		"https://app.example.com https://evil.example", "https://user@trusted.example", "https://trusted.example/", "https://trusted.example?",
		"https://[::1]", "file://", "%", "http://app.example.com:443", "chrome-extension://abcdefgh", "https://app.example.com@evil.example",
	),
		spelled{"https://APP.example.com", "https://app.example.com"},
		spelled{"HTTPS://app.example.com", "https://app.example.com"},
		spelled{"https://app.example.com:443", "https://app.example.com"},
		spelled{"http://app.example.com:80", "http://app.example.com"},
		spelled{"https://TRUSTED.example", "https://trusted.example"},
		spelled{"https://trusted.example:443", "https://trusted.example"},
	)
	hosts := append(same(thisHost, "app.example.com:8443", "evil.example", "[::1]"),
		spelled{"APP.EXAMPLE.COM", thisHost},
	)
	trusts := [][]spelled{nil, same("https://trusted.example"), same("https://trusted.example", "https://trusted.example:8443", "http://other.example"),
		{{"https://TRUSTED.EXAMPLE:443", "https://trusted.example"}}}

	rows, alike := 0, 0
	for _, method := range methods {
		for _, site := range sites {
			for _, from := range origins {
				for _, host := range hosts {
					for _, trust := range trusts {
						rows++
						raw := crossRequest(method, host.raw, site, from.raw)
						var given, normal []string
						for _, o := range trust {
							given, normal = append(given, o.raw), append(normal, o.normal)
						}
						got := isCross(raw, given)
						want := byGo(crossRequest(method, host.normal, site, from.normal), normal...)
						describe := fmt.Sprintf("%s, Host %q, Sec-Fetch-Site %q, Origin %q, trusted %q", method, host.raw, site, from.raw, given)
						if got != want {
							t.Errorf("%s\nhere cross-origin %v, net/http %v", describe, got, want)
						}
						if host.raw == host.normal && from.raw == from.normal && slices.Equal(given, normal) {
							alike++
							if byRaw := byGo(raw, given...); got != byRaw {
								t.Errorf("%s, as it stands\nhere cross-origin %v, net/http %v", describe, got, byRaw)
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d requests, %d of them compared as they stand", rows, alike)
}

// Where the verdict is not that of net/http.CrossOriginProtection.
func TestWhereCrossOriginDiffersFromNetHTTP(t *testing.T) {
	const webSocket = "websocket"
	for _, row := range []struct {
		name           string
		method, host   string
		site, origin   string
		upgrade        []string
		trusted        []string
		ours, netsHTTP bool // cross-origin?
	}{
		{"a Host in another case is the same host", "POST", "App.Example.com", "absent", "https://app.example.com", nil, nil, false, true},
		{"an Origin in another case is the same origin", "POST", thisHost, "absent", "https://App.Example.com", nil, nil, false, true},
		{"https's port may be left out of the Host", "POST", thisHost, "absent", "https://app.example.com:443", nil, nil, false, true},
		{"https's port may be given in the Host", "POST", thisHost + ":443", "absent", "https://app.example.com", nil, nil, false, true},
		{"http's port may be given in the Host", "POST", thisHost + ":80", "absent", "http://app.example.com", nil, nil, false, true},
		{"http's port is not https's", "POST", thisHost + ":80", "absent", "https://app.example.com", nil, nil, true, true},
		{"a trusted origin in another case is trusted", "POST", thisHost, "cross-site", "https://Trusted.example", nil, []string{"https://trusted.EXAMPLE"}, false, true},
		{"a trusted origin is one with and without its default port", "POST", thisHost, "cross-site", "https://trusted.example:443", nil, []string{"https://trusted.example"}, false, true},
		{"a trusted origin's default port may be given where it is trusted", "POST", thisHost, "cross-site", "https://trusted.example", nil, []string{"https://trusted.example:443"}, false, true},
		{"an Origin without a host is no origin, even of a request without a Host", "POST", "", "absent", "null", nil, nil, true, false},
		{"a WebSocket upgrade from another site is refused", "GET", thisHost, "cross-site", "https://evil.example", []string{webSocket}, nil, true, false},
		{"a WebSocket upgrade is told in any case", "GET", thisHost, "cross-site", "https://evil.example", []string{"WebSocket"}, nil, true, false},
		{"a WebSocket upgrade among others is told", "GET", thisHost, "cross-site", "https://evil.example", []string{"h2c, websocket"}, nil, true, false},
		{"a WebSocket upgrade on a second line is told", "GET", thisHost, "cross-site", "https://evil.example", []string{"h2c", webSocket}, nil, true, false},
		{"a WebSocket upgrade of an old browser is told by its Origin", "GET", thisHost, "absent", "https://evil.example", []string{webSocket}, nil, true, false},
		{"a WebSocket upgrade from this origin passes", "GET", thisHost, "same-origin", "https://app.example.com", []string{webSocket}, nil, false, false},
		{"a WebSocket upgrade from this origin passes in an old browser", "GET", thisHost, "absent", "https://app.example.com", []string{webSocket}, nil, false, false},
		{"a WebSocket upgrade by no browser passes", "GET", thisHost, "absent", "absent", []string{webSocket}, nil, false, false},
		{"a WebSocket upgrade from a trusted origin passes", "GET", thisHost, "cross-site", "https://trusted.example", []string{webSocket}, []string{"https://trusted.example"}, false, false},
		{"a WebSocket by HTTP/2's extended CONNECT (RFC 8441) from another site is refused", "CONNECT", thisHost, "cross-site", "https://evil.example", nil, nil, true, true},
		{"a WebSocket by HTTP/2's extended CONNECT from this origin passes", "CONNECT", thisHost, "same-origin", "https://app.example.com", nil, nil, false, false},
		{"an upgrade to what contains WebSocket's name is taken for one", "GET", thisHost, "cross-site", "https://evil.example", []string{"x-websocket-13"}, nil, true, false},
		{"an upgrade in letters that fold to WebSocket's is none", "GET", thisHost, "cross-site", "https://evil.example", []string{"web\u017focket"}, nil, false, false},
		{"another upgrade is no WebSocket", "GET", thisHost, "cross-site", "https://evil.example", []string{"h2c"}, nil, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := crossRequest(row.method, row.host, row.site, row.origin)
			if row.upgrade != nil {
				r.Header["Upgrade"] = row.upgrade
			}
			theirs := byGo(r, row.trusted...)
			ours := isCross(r, row.trusted)
			if ours != row.ours || theirs != row.netsHTTP {
				t.Errorf("%s, Host %q, header %v\nhere cross-origin %v, want %v\nnet/http %v, want %v", r.Method, r.Host, r.Header, ours, row.ours, theirs, row.netsHTTP)
			}
		})
	}
}
