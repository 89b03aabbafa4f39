package origin_test

import (
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

func TestAHostIsANameOrAnAddressAndPerhapsAPort(t *testing.T) {
	for _, row := range []struct {
		host, name, port string
		ok               bool
	}{
		{"app.example.com", "app.example.com", "", true},
		{"app.example.com:8443", "app.example.com", "8443", true},
		{"app.example.com:", "app.example.com", "", true},
		{"127.0.0.1:80", "127.0.0.1", "80", true},
		{"[::1]", "::1", "", true},
		{"[::1]:8080", "::1", "8080", true},
		{"", "", "", false},
		{":80", "", "", false},
		{"::1", "", "", false},
		{"[::1", "", "", false},
		{"[]", "", "", false},
		{"[::1]8080", "", "", false},
		{"[::1].evil.example", "", "", false},
		{"[::1]:80@evil.example", "", "", false},
		{"[::1%25lo]", "", "", false},
		{"[localhost]", "", "", false},
		{"[127.0.0.1]", "", "", false},
		{"localhost:80@evil.example", "", "", false},
		{"localhost:80:80", "", "", false},
		{"localhost:http", "", "", false},
		{"localhost:80/", "", "", false},
	} {
		name, port, ok := origin.SplitHost(row.host)
		if name != row.name || port != row.port || ok != row.ok {
			t.Errorf("%q: got %q, %q, %v, want %q, %q, %v", row.host, name, port, ok, row.name, row.port, row.ok)
		}
	}
}

// Whatever Host counts as loopback, a URL that is made with it leads to this machine.
func FuzzIsLoopback(f *testing.F) {
	for _, seed := range []string{
		"localhost", "LOCALHOST:80", "a.localhost.", "127.1.2.3:80", "[::1]:80", "[::ffff:127.0.0.1]", "localhost:80@evil.example",
		"[::1].evil.example", "evil.example/.localhost", "evil.example?.localhost", "evil.example#.localhost", `evil.example\.localhost`, "a@b.localhost", ".localhost", "a..localhost",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !origin.IsLoopback(host) {
			return
		}
		u, err := url.Parse("http://" + host + "/auth/callback?a=b")
		if err != nil || u.Host != host || u.User != nil || u.Path != "/auth/callback" {
			t.Fatalf("%q is loopback, and a URL with it is %v (%v)", host, u, err)
		}
		name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() || name == "localhost" || strings.HasSuffix(name, ".localhost") {
			return
		}
		t.Fatalf("%q is loopback, and leads to %q", host, name)
	})
}

func TestOwn(t *testing.T) {
	for _, row := range []struct{ raw, origin, path, wrong string }{
		{"https://app.example.com", "https://app.example.com", "", ""},
		{"HTTPS://App.Example.com:443/", "https://app.example.com", "", ""},
		{"https://app.example.com:8443/app/", "https://app.example.com:8443", "/app", ""},
		{"http://localhost:3000", "http://localhost:3000", "", ""},
		{"http://acme.localhost", "http://acme.localhost", "", ""},
		{"http://[::1]:80/a/b", "http://[::1]", "/a/b", ""},
		{"http://app.example.com", "", "", "loopback"},
		{"https://*.Example.com:443/app", "https://*.example.com", "/app", ""},
		{"http://*.localhost:8080", "http://*.localhost:8080", "", ""},
		{"http://*.app.localhost", "http://*.app.localhost", "", ""},
		{"https://*.example.com:8443", "https://*.example.com:8443", "", ""},
		{"http://*.example.com", "", "", "loopback"},
		{"http://*.127.0.0.1", "", "", "many hosts"},
		{"https://*.com", "", "", "many hosts"},
		{"https://*", "", "", "many hosts"},
		{"https://*.", "", "", "many hosts"},
		{"https://*.*.example.com", "", "", "many hosts"},
		{"https://a*.example.com", "", "", "many hosts"},
		{"https://app.*.example.com", "", "", "many hosts"},
		{"https://*.exämple.com", "", "", "many hosts"},
		{"https://*.example.com.", "", "", "many hosts"},
		{"https://u:p@*.example.com", "", "", "credentials"},
		{"https://u:p@app.example.com", "", "", "credentials"},
		{"https://app.example.com?", "", "", "query"},
		{"https://app.example.com#", "", "", "fragment"},
		{"https://:443", "", "", "no host"},
		{"/app", "", "", "URL"},
		{"app.example.com:443", "", "", "URL"},
	} {
		own, err := origin.ParseOwn(row.raw)
		if row.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), row.wrong) {
				t.Errorf("%q: got %v, want an error that says %q", row.raw, err, row.wrong)
			}
			continue
		}
		if err != nil || own.Origin != row.origin || own.Path != row.path {
			t.Errorf("%q: got %+v (%v)", row.raw, own, err)
		}
	}
}

func TestThePathThatAProxyStrips(t *testing.T) {
	const another = ""
	for _, row := range []struct{ stripped, seen, inside string }{
		{"", "/login", "/login"},
		{"/app", "/app/login", "/login"},
		{"/app", "/app/app/login", "/app/login"},
		{"/app", "/app", "/"},
		{"/app", "/app?a=b", "/?a=b"},
		{"/app", "/app/", "/"},
		{"/app", "/apple", another},
		{"/app", "/app%2Flogin", another},
		{"/app", "/App/login", another},
		{"/app", "/login", another},
		{"/app", "", another},
	} {
		own := origin.Own{Path: row.stripped}
		got, ok := own.Inside(row.seen)
		if ok != (row.inside != another) || ok && got != row.inside {
			t.Errorf("%q behind %q: got %q %v, want %q", row.seen, row.stripped, got, ok, row.inside)
		}
		if again, ok := own.Inside(own.Outside("/login")); again != "/login" || !ok {
			t.Errorf("/login behind %q comes back as %q %v", row.stripped, again, ok)
		}
	}
}
