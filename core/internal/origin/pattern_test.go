package origin_test

import (
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

func TestEachTenantHasAHost(t *testing.T) {
	const none = ""
	for _, row := range []struct{ own, host, origin, tenant string }{
		{"https://*.example.com", "acme.example.com", "https://acme.example.com", "acme"},
		{"https://*.example.com", "ACME.Example.COM", "https://acme.example.com", "acme"},
		{"https://*.example.com", "acme.example.com.", "https://acme.example.com", "acme"},
		{"https://*.example.com", "acme.example.com:443", "https://acme.example.com", "acme"},
		{"https://*.example.com", "acme.example.com.:443", "https://acme.example.com", "acme"},
		{"https://*.example.com", "acme.example.com:", "https://acme.example.com", "acme"},
		{"https://*.example.com:8443", "acme.example.com:8443", "https://acme.example.com:8443", "acme"},
		{"http://*.localhost:8080", "acme-2.localhost:8080", "http://acme-2.localhost:8080", "acme-2"},
		{"http://*.localhost", "acme.localhost:80", "http://acme.localhost", "acme"},

		{"https://*.example.com", "example.com", none, none},
		{"https://*.example.com", ".example.com", none, none},
		{"https://*.example.com", "*.example.com", none, none},
		{"https://*.example.com", "a.b.example.com", none, none},
		{"https://*.example.com", "acme.example.com:8443", none, none},
		{"https://*.example.com", "acme.example.com:80", none, none},
		{"https://*.example.com", "acme.example.com:0443", none, none},
		{"https://*.example.com:8443", "acme.example.com", none, none},
		{"https://*.example.com", "acme.example.com.evil.example", none, none},
		{"https://*.example.com", "acmeexample.com", none, none},
		{"https://*.example.com", "evil@acme.example.com", none, none},
		{"https://*.example.com", "acme.example.com@evil.example", none, none},
		{"https://*.example.com", "acme.example.com/evil", none, none},
		{"https://*.example.com", "acme.example.com..", none, none},
		{"https://*.example.com", "-acme.example.com", none, none},
		{"https://*.example.com", "acme-.example.com", none, none},
		{"https://*.example.com", "xn--cme-7cd.example.com", none, none},
		{"https://*.example.com", "XN--cme-7cd.example.com", none, none},
		{"https://*.example.com", "аcme.example.com", none, none},
		{"https://*.example.com", "bac\u212a.example.com", none, none},
		{"https://*.example.com", "acme。example.com", none, none},
		{"https://*.example.com", strings.Repeat("a", 64) + ".example.com", none, none},
		{"https://*.example.com", "acme .example.com", none, none},
		{"https://*.example.com", "[::1]", none, none},
		{"https://*.example.com", "", none, none},

		{"https://app.example.com", "evil.example", "https://app.example.com", none},
		{"https://app.example.com/app", "acme.example.com", "https://app.example.com", none},
	} {
		own, err := origin.ParseOwn(row.own)
		if err != nil {
			t.Fatal(err)
		}
		if got, tenant := own.Of(row.host), own.Tenant(row.host); got != row.origin || tenant != row.tenant {
			t.Errorf("%s: Host %q is %q of %q, want %q of %q", row.own, row.host, got, tenant, row.origin, row.tenant)
		}
		if row.tenant != none && own.At(row.tenant) != row.origin {
			t.Errorf("%s: %s is at %q, want %q", row.own, row.tenant, own.At(row.tenant), row.origin)
		}
	}
}

func TestATenantThatNoHostCanBeCalledHasNone(t *testing.T) {
	own := origin.Own{Origin: "https://*.example.com"}
	for _, tenant := range []string{"", "Acme", "a.b", "a~b", "-a", "a-", "xn--a", "a/b", "a@b", "evil.example/", "*", strings.Repeat("a", 64)} {
		if at := own.At(tenant); at != "" {
			t.Errorf("%q is at %s", tenant, at)
		}
	}
	if at := (origin.Own{Origin: "https://app.example.com"}).At("acme"); at != "" {
		t.Errorf("an application with one host has a tenant at %s", at)
	}
}

func TestTrustedOrigins(t *testing.T) {
	for _, row := range []struct{ raw, pattern string }{
		{"https://App.example.com:443", "https://app.example.com"},
		{"HTTPS://*.Example.com:443", "https://*.example.com"},
		{"https://*.example.com:8443", "https://*.example.com:8443"},
		{"http://*.localhost:3000", "http://*.localhost:3000"},
		{"*.example.com", ""},
		{"https://*", ""},
		{"https://*.com", ""},
		{"https://*.*.com", ""},
		{"https://app.*.com", ""},
		{"https://*.example.com/", ""},
		{"https://*.example.com/app", ""},
		{"https://*.1.2.3.4", ""},
		{"https://u@*.example.com", ""},
		{"https://*.u@example.com", ""},
	} {
		if got, ok := origin.ParseTrusted(row.raw); got != row.pattern && ok || ok != (row.pattern != "") {
			t.Errorf("%q: got %q %v, want %q", row.raw, got, ok, row.pattern)
		}
	}
	trusted := []string{"https://www.example.org", "https://*.example.com", "http://*.localhost:3000"}
	for _, row := range []struct {
		origin  string
		trusted bool
	}{
		{"https://www.example.org", true},
		{"https://acme.example.com", true},
		{"http://acme.localhost:3000", true},
		{"https://example.com", false},
		{"http://acme.example.com", false},
		{"https://acme.example.com:8443", false},
		{"https://a.b.example.com", false},
		{"https://acme.example.com.", false},
		{"https://acme.example.com.evil.example", false},
		{"https://xn--cme-7cd.example.com", false},
		{"https://*.example.com", false},
		{"null", false},
		{"", false},
	} {
		if got := origin.IsTrusted(row.origin, trusted); got != row.trusted {
			t.Errorf("%q: got %v, want %v", row.origin, got, row.trusted)
		}
	}
}

// Whatever Host is taken for a tenant's, its URL leads there.
func FuzzOf(f *testing.F) {
	for _, host := range []string{"acme.example.com", "acme.example.com:443", "evil.example", "a@b.example.com", "acme.example.com.", "é.example.com"} {
		f.Add(host)
	}
	own := origin.Own{Origin: "https://*.example.com"}
	f.Fuzz(func(t *testing.T, host string) {
		of := own.Of(host)
		if of == "" {
			return
		}
		if normal, ok := origin.Normal(of); !ok || normal != of || browserHostOf(of) != own.Tenant(host)+".example.com" {
			t.Fatalf("Host %q is taken for %q", host, of)
		}
	})
}

// browserHostOf is the host of an https URL without a path, or what is wrong with it.
func browserHostOf(raw string) string {
	host, ok := strings.CutPrefix(raw, "https://")
	if !ok || strings.ContainsAny(host, "/\\@?#:%[] \t\r\n") {
		return "(none)"
	}
	return host
}

// What stands in front of every path must not make it another host's.
func TestThePathOfAnApplicationIsPlain(t *testing.T) {
	for raw, want := range map[string]string{
		"https://app.example.com/app/":         "/app",
		"https://app.example.com//":            "",
		"https://app.example.com//evil":        "refused",
		"https://app.example.com/a//b":         "refused",
		"https://app.example.com/../x":         "refused",
		"https://app.example.com/%2f%2fevil":   "refused",
		`https://app.example.com/\evil`:        "refused",
		"https://*.example.com//evil.example/": "refused",
	} {
		got := "refused"
		if own, err := origin.ParseOwn(raw); err == nil {
			got = own.Path
		}
		if got != want {
			t.Errorf("%s: the path is %q, want %q", raw, got, want)
		}
	}
}
