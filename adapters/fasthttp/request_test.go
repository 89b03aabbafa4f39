package stytchfasthttp_test

import (
	"bufio"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	stytchfasthttp "github.com/stytchkit/stytchkit/adapters/fasthttp"
)

// read is a request as from the wire.
func read(t *testing.T, lines ...string) *fasthttp.RequestCtx {
	t.Helper()
	c := new(fasthttp.RequestCtx)
	c.Init(&fasthttp.Request{}, nil, nil)
	if err := c.Request.Read(bufio.NewReader(strings.NewReader(strings.Join(lines, "\r\n") + "\r\n\r\n"))); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestARequestIsReadAsItIsOnTheWire(t *testing.T) {
	c := read(t, "GET http://other.example.com/a%2Fb?q=1 HTTP/1.1", "Host: app.example.com", "Cookie: a=1; a=2", "Cookie: b=3", "X-One: 1")
	r := new(stytchfasthttp.Request).Of(c)
	if got := []string{r.Method(), r.Host(), r.Target()}; !slices.Equal(got, []string{"GET", "other.example.com", "/a%2Fb?q=1"}) {
		t.Errorf("method, host and target are %q", got)
	}
	for name, want := range map[string][]string{"Cookie": {"a=1; a=2", "b=3"}, "X-One": {"1"}, "X-None": nil} {
		var got []string
		for i := 0; ; i++ {
			value, ok := r.Header(name, i)
			if !ok {
				break
			}
			got = append(got, value)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the lines %q, want %q", name, got, want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { r.Header("Cookie", 0); r.Header("X-One", 0) }); n > 0 {
		t.Errorf("reading headers allocates %.0f times", n)
	}
}

func TestCookiesAreLinesOfTheResponsesHeaders(t *testing.T) {
	var response fasthttp.Response
	h := stytchfasthttp.Header{H: &response.Header}
	h.Add("Set-Cookie", "a=1; Path=/; SameSite=Lax")
	h.Add("Set-Cookie", "b=2")
	h.Add("Vary", "Origin")
	h.Add("Vary", "Cookie")
	if got := h.Values("Set-Cookie"); !slices.Equal(got, []string{"a=1; Path=/; SameSite=Lax", "b=2"}) {
		t.Errorf("the cookies are %q", got)
	}
	if got := h.Values("Vary"); !slices.Equal(got, []string{"Origin", "Cookie"}) {
		t.Errorf("Vary is %q", got)
	}
	h.Del("Set-Cookie")
	h.Set("Vary", "Cookie")
	if cookies, vary := h.Values("Set-Cookie"), h.Values("Vary"); len(cookies) > 0 || !slices.Equal(vary, []string{"Cookie"}) {
		t.Errorf("then the cookies are %q, and Vary is %q", cookies, vary)
	}
}

func TestAHandlerOfNetHTTPAnswers(t *testing.T) {
	c := read(t, "GET /auth/x HTTP/1.1", "Host: app.example.com")
	c.Response.Header.Set("Vary", "Origin")
	stytchfasthttp.Serve(t.Context(), c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, r.Host+r.URL.Path)
	}))
	vary := stytchfasthttp.Header{H: &c.Response.Header}.Values("Vary")
	if c.Response.StatusCode() != http.StatusTeapot || string(c.Response.Body()) != "app.example.com/auth/x" || !slices.Equal(vary, []string{"Origin", "Cookie"}) {
		t.Errorf("it answers %d %q with Vary: %q", c.Response.StatusCode(), c.Response.Body(), vary)
	}
	if !stytchfasthttp.HasBody(&c.Response) {
		t.Error("the response has no body")
	}
}
