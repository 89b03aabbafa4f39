package cookie_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/cookie"
)

const past = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"

func lines(cookies []*http.Cookie) string {
	var all []string
	for _, c := range cookies {
		all = append(all, c.String())
	}
	return strings.Join(all, "\n")
}

func TestACookieAndItsDeletionHaveTheSameAttributes(t *testing.T) {
	expires := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name       string
		jar        cookie.Jar
		host       string
		attributes string
	}{
		{"host-only", cookie.Jar{Path: "/"}, "app.example.com", "; Path=/{}; Secure; SameSite=Lax"},
		{"on this machine", cookie.Jar{Path: "/"}, "localhost:80", "; Path=/{}; SameSite=Lax"},
		{"everywhere Secure", cookie.Jar{Path: "/", Secure: true}, "localhost:80", "; Path=/{}; Secure; SameSite=Lax"},
		{"of a domain, a path, and no script", cookie.Jar{Path: "/app", Domain: "example.com", HTTPOnly: true}, "", "; Path=/app; Domain=example.com{}; HttpOnly; Secure; SameSite=Lax"},
	} {
		jar := row.jar
		jar.Session, jar.JWT, jar.Intermediate = "s", "j", "i"
		kept := strings.Replace(row.attributes, "{}", "; Expires=Mon, 23 Nov 2026 13:00:00 GMT", 1)
		gone := strings.Replace(row.attributes, "{}", past, 1)
		for _, made := range []struct {
			cookies []*http.Cookie
			want    string
		}{
			{jar.Store(row.host, "token", "jwt", expires), "s=token" + kept + "\nj=jwt" + kept},
			{jar.Clear(row.host), "s=" + gone + "\nj=" + gone},
			{jar.StoreIntermediate(row.host, "token", expires), "i=token" + kept},
			{jar.ClearIntermediate(row.host), "i=" + gone},
		} {
			if got := lines(made.cookies); got != made.want {
				t.Errorf("%s:\ngot\n%s\nwant\n%s", row.name, got, made.want)
			}
		}
		jar.ReadOnly = true
		if all := slices.Concat(jar.Store(row.host, "token", "jwt", expires), jar.Clear(row.host), jar.StoreIntermediate(row.host, "token", expires), jar.ClearIntermediate(row.host)); len(all) > 0 {
			t.Errorf("%s: a jar that is only read made\n%s", row.name, lines(all))
		}
	}
}

func TestLeftoversAreRemovedFirst(t *testing.T) {
	jar := cookie.Jar{Session: "__Host-s", JWT: "j", Intermediate: "__secure-i", Path: "/", LegacyDomains: []string{"example.com", ""}}
	want := "j=; Path=/; Domain=example.com" + past + "; SameSite=Lax\n" +
		"__Host-s=; Path=/" + past + "; Secure; SameSite=Lax\n" +
		"j=; Path=/" + past + "; SameSite=Lax\n" +
		"__Host-s=; Path=/" + past + "; Secure; SameSite=Lax\n" +
		"j=; Path=/" + past + "; SameSite=Lax"
	if got := lines(jar.Clear("localhost")); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := lines(jar.ClearIntermediate("localhost")); !strings.HasPrefix(got, "__secure-i=; Path=/; Domain=example.com"+past+"; Secure;") {
		t.Errorf("got\n%s", got)
	}
}
