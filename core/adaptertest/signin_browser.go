package adaptertest

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// front is a proxy before an application, at the address that browsers know.
type front struct {
	*signInStage
	proxy *httptest.Server
}

// newFront starts an application behind a proxy that strips a path, and hands Host on where that is
// wanted. %PORT% in origin is the proxy's own port.
func newFront(t *testing.T, build mounted, origin, strip string, handsHostOn bool, configure ...func(*stytchkit.Config)) *front {
	t.Helper()
	f := &front{proxy: httptest.NewUnstartedServer(nil)}
	t.Cleanup(f.proxy.Close)
	configure = append(configure, func(c *stytchkit.Config) { c.Origin = f.written(origin) })
	f.signInStage = newSignInStage(t, stytchtest.B2B, build, configure...)
	behind, err := url.Parse(f.address)
	if err != nil {
		t.Fatal(err)
	}
	f.proxy.Config.Handler = http.StripPrefix(strip, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind)
		r.SetXForwarded()
		if handsHostOn {
			r.Out.Host = r.In.Host
		}
	}})
	f.proxy.Start()
	return f
}

// written puts the proxy's port into a URL.
func (f *front) written(raw string) string {
	_, port, _ := net.SplitHostPort(f.proxy.Listener.Addr().String())
	return strings.ReplaceAll(raw, "%PORT%", port)
}

// browser is somebody's, whose cookies go where they are for. It knows every host as the proxy's.
type browser struct {
	t      *testing.T
	front  *front
	client *http.Client
}

// shown is an answer as a browser sees it.
type shown struct {
	status         int
	location, body string
}

func (f *front) browser() *browser {
	f.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, f.proxy.Listener.Addr().String())
	}}
	f.t.Cleanup(transport.CloseIdleConnections)
	return &browser{f.t, f, &http.Client{
		Jar: jar, Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// opens follows a link.
func (b *browser) opens(target string) shown {
	b.t.Helper()
	return b.sends(http.MethodGet, target, "", "")
}

// submits sends a form of a page of the same origin.
func (b *browser) submits(target, form string) shown {
	b.t.Helper()
	u, err := url.Parse(b.front.written(target))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.sends(http.MethodPost, target, form, u.Scheme+"://"+u.Host)
}

func (b *browser) sends(method, target, form, origin string) shown {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.front.written(target), strings.NewReader(form))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	if method == http.MethodPost {
		r.Header.Set("Origin", b.front.written(origin))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, target, err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it has been read to its end
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, target, err)
	}
	return shown{res.StatusCode, res.Header.Get("Location"), string(body)}
}

// at is the answer's status and where it leads, or with * at the end where that begins, and parts of its
// page; a part that begins with ! is nowhere in it.
func (b *browser) at(name string, got shown, status int, location string, parts ...string) shown {
	b.t.Helper()
	start, open := strings.CutSuffix(b.front.written(location), "*")
	if got.status != status || got.location != start && !(open && strings.HasPrefix(got.location, start)) {
		b.t.Errorf("%s: got %d to %q, want %d to %q\n%s", name, got.status, got.location, status, location, got.body)
	}
	for _, part := range parts {
		absent, isAbsent := strings.CutPrefix(b.front.written(part), "!")
		if strings.Contains(got.body, absent) == isAbsent {
			b.t.Errorf("%s: want %q in\n%s", name, part, got.body)
		}
	}
	return got
}

// mailed is the latest link in the mailbox, which begins so.
func (b *browser) mailed(beginning string) string {
	b.t.Helper()
	mail := b.front.stytch.Mail()
	if len(mail) == 0 {
		b.t.Fatal("no mail was sent")
	}
	link := mail[len(mail)-1].Link
	if beginning = b.front.written(beginning); !strings.HasPrefix(link, beginning) {
		b.t.Errorf("the link is %s, want one that begins with %s", link, beginning)
	}
	return link
}

// holds are the names of the cookies that the browser sends to an address.
func (b *browser) holds(target string) []string {
	b.t.Helper()
	u, err := url.Parse(b.front.written(target))
	if err != nil {
		b.t.Fatal(err)
	}
	var names []string
	for _, c := range b.client.Jar.Cookies(u) {
		names = append(names, c.Name)
	}
	return names
}
