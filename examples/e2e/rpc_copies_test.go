package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"sync"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// copied is the page as another's server has it. It calls the service by a proxy, which notes the answers.
type copied struct {
	page, service string // the origins
	site          string // the page's, where that is not the service's

	mu      sync.Mutex
	answers []string
}

// copies are one of the page's own site, and one of another; open lets the browser call from everywhere.
func (r rpc) copies(t *testing.T, open bool) map[string]*copied {
	t.Helper()
	all := map[string]*copied{"another origin": {}, "another site": {}}
	for where, c := range all {
		c.service = serve(t, c.proxy(t, r.service, open))
		c.page = serve(t, replaced(t, r.page, r.service, c.service))
		if where == "another site" {
			c.page, c.site = named(t, c.page, "localhost"), "http://localhost"
		}
	}
	return all
}

// proxy is in front of the service, with the CORS of whoever allows every origin, or with none of its own.
func (c *copied) proxy(t *testing.T, service string, open bool) http.Handler {
	t.Helper()
	forward := forwarding(t, service)
	forward.ModifyResponse = func(r *http.Response) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.answers = append(c.answers, fmt.Sprintf("%s %s %d %s", r.Request.Method, path.Base(r.Request.URL.Path), r.StatusCode, r.Header.Get(stytchkit.DenialHeader)))
		return nil
	}
	if !open {
		return forward
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		if r.Method != http.MethodOptions {
			forward.ServeHTTP(w, r)
		}
	})
}

// answered wants these answers of the service, and no other.
func (c *copied) answered(t *testing.T, where string, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Equal(c.answers, want) {
		t.Errorf("%s: the service answered %q, want %q", where, c.answers, want)
	}
}

// replaced is what a server has, with one text in place of another.
func replaced(t *testing.T, server, before, after string) http.Handler {
	t.Helper()
	forward := forwarding(t, server)
	forward.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		body = bytes.ReplaceAll(body, []byte(before), []byte(after))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Del("Content-Length")
		r.Header.Del("Content-Security-Policy")
		return nil
	}
	return forward
}

// forwarding hands Host on.
func forwarding(t *testing.T, server string) *httputil.ReverseProxy {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
}
