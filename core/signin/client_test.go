package signin_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
)

func TestTheBrowsersModule(t *testing.T) {
	w := newWorld(t)
	module := w.file("client.js")
	b := w.browser()
	for _, served := range []struct{ path, contentType, cache, body string }{
		{"/auth/client.js", "text/javascript; charset=utf-8", "public, no-cache", module},
		{w.handler.ClientURL(), "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", module},
		{"/auth/client.d.ts", "text/plain; charset=utf-8", "public, no-cache", w.file("client.d.ts")},
	} {
		r := b.does(http.MethodGet, served.path, nil, "Sec-Fetch-Mode: cors", "Accept: */*")
		if r.StatusCode != http.StatusOK || r.body != served.body {
			t.Errorf("GET %s: got %d and %d bytes, want 200 and the file's %d", served.path, r.StatusCode, len(r.body), len(served.body))
		}
		for name, want := range map[string]string{
			"Content-Type":           served.contentType,
			"Cache-Control":          served.cache,
			"X-Content-Type-Options": "nosniff",
			"Vary":                   "",
			"Set-Cookie":             "",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("GET %s: %s is %q, want %q", served.path, name, got, want)
			}
		}
		tag := r.Header.Get("Etag")
		if !regexp.MustCompile(`^"[0-9a-f]{16}"$`).MatchString(tag) {
			t.Errorf("GET %s: the ETag is %q, want a strong one", served.path, tag)
		}
		if again := b.does(http.MethodGet, served.path, nil, "If-None-Match: "+tag); again.StatusCode != http.StatusNotModified || again.body != "" {
			t.Errorf("GET %s with its ETag: got %d %q, want 304 and nothing", served.path, again.StatusCode, again.body)
		}
		if head := b.does(http.MethodHead, served.path, nil); head.StatusCode != http.StatusOK || head.body != "" || head.ContentLength != int64(len(served.body)) {
			t.Errorf("HEAD %s: got %d, %d bytes announced and %q", served.path, head.StatusCode, head.ContentLength, head.body)
		}
		if post := b.does(http.MethodPost, served.path, nil); post.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: got %d, want 405", served.path, post.StatusCode)
		}
	}
	if !regexp.MustCompile(`^/auth/client\.[0-9a-f]{16}\.js$`).MatchString(w.handler.ClientURL()) {
		t.Errorf("ClientURL is %s, want a name with a hash", w.handler.ClientURL())
	}
	if r := b.does(http.MethodGet, "/auth/client.0123456789abcdef.js", nil); r.StatusCode != http.StatusNotFound {
		t.Errorf("another version's name: got %d, want 404", r.StatusCode)
	}
}

func TestTheBrowsersModuleStandsWhereTheHandlerIsMounted(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.Prefix = "/auth/members" })
	if r := w.browser().does(http.MethodGet, w.handler.ClientURL(), nil); r.StatusCode != http.StatusOK || !strings.HasPrefix(w.handler.ClientURL(), "/auth/members/client.") {
		t.Errorf("GET %s: got %d", w.handler.ClientURL(), r.StatusCode)
	}
}

func TestTheBrowsersModuleIsSmallAndTyped(t *testing.T) {
	w := newWorld(t)
	module, types := w.file("client.js"), w.file("client.d.ts")
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(module)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if zipped.Len() > 4096 {
		t.Errorf("client.js is %d bytes by gzip, want at most 4096", zipped.Len())
	}
	if found := regexp.MustCompile(`\bimport\b[^.]`).FindString(module); found != "" {
		t.Errorf("client.js imports something: %q", found)
	}
	export := regexp.MustCompile(`(?m)^export (?:const|class|function) (\w+)`)
	exported := func(file string) string {
		var names []string
		for _, name := range export.FindAllStringSubmatch(file, -1) {
			names = append(names, name[1])
		}
		return strings.Join(names, " ")
	}
	if got, want := exported(types), exported(module); got != want || want == "" {
		t.Errorf("client.d.ts declares %q, client.js exports %q", got, want)
	}
}

// file is a file of this package.
func (w *world) file(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(content)
}
