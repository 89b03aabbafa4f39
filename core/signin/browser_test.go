package signin_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// browser is somebody's browser: it keeps cookies, and shows redirects instead of following them.
type browser struct {
	w      *world
	client *http.Client
	jar    *cookiejar.Jar
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	b := &browser{w: w, jar: jar}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b
}

// reply is an answer, read.
type reply struct {
	*http.Response
	body string
}

// location is where a reply sends the browser.
func (r reply) location() string { return r.Header.Get("Location") }

// does sends a request as a browser's navigation; each header is "Name: value".
func (b *browser) does(method, target string, form url.Values, headers ...string) reply {
	b.w.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = b.w.app.URL + target
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, target, body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.w.app.URL)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	return b.send(r)
}

func (b *browser) send(r *http.Request) reply {
	b.w.t.Helper()
	var sent []byte
	if r.GetBody != nil {
		body, _ := r.GetBody()
		sent, _ = io.ReadAll(body)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if err := theAPI().holds(r, sent, res, data); err != nil {
		b.w.t.Error(err)
	}
	return reply{res, string(data)}
}

func (b *browser) gets(target string, headers ...string) reply {
	b.w.t.Helper()
	return b.does(http.MethodGet, target, nil, headers...)
}

// posts sends a form; the fields are name, value, name, value.
func (b *browser) posts(target string, fields ...string) reply {
	b.w.t.Helper()
	return b.does(http.MethodPost, target, formOf(fields...))
}

func formOf(fields ...string) url.Values {
	form := url.Values{}
	for field := range slices.Chunk(fields, 2) {
		form.Set(field[0], field[1])
	}
	return form
}

// asks sends a client's request with a JSON body.
func (b *browser) asks(method, target, body string, headers ...string) reply {
	b.w.t.Helper()
	r, err := http.NewRequest(method, b.w.app.URL+target, strings.NewReader(body))
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return b.send(r)
}

// opens opens a link that did not begin here, and returns where the form of the page that asks posts to.
func (b *browser) opens(link string) string {
	b.w.t.Helper()
	arrived := b.gets(link)
	arrived.asksFirst(b.w.t)
	page := b.gets(arrived.location())
	page.says(b.w.t, http.StatusOK, "Finish signing in")
	_, rest, _ := strings.Cut(page.body, `<form method="post" action="`)
	action, _, ok := strings.Cut(rest, `"`)
	if !ok {
		b.w.t.Fatalf("the page has no form:\n%s", page.body)
	}
	return html.UnescapeString(action)
}

// cookies are the names of the cookies that the browser sends to the handler.
func (b *browser) cookies() []string {
	u, _ := url.Parse(b.w.app.URL + "/auth/callback")
	names := []string{}
	for _, c := range b.jar.Cookies(u) {
		names = append(names, c.Name)
	}
	return names
}

// whoami is the member that the application sees.
func (b *browser) whoami() string {
	b.w.t.Helper()
	return b.gets("/me").body
}

// goes checks that a reply sends the browser to a place.
func (r reply) goes(t *testing.T, to string) {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther || r.location() != to {
		t.Fatalf("%s %s: got %d to %q, want 303 to %q\n%s", r.Request.Method, r.Request.URL, r.StatusCode, r.location(), to, r.body)
	}
}

// asksFirst checks that a reply sends the browser to the page that asks before a token is used.
func (r reply) asksFirst(t *testing.T) {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.location(), "/auth/callback?for=") {
		t.Fatalf("%s %s: got %d to %q, want 303 to the page that asks\n%s", r.Request.Method, r.Request.URL, r.StatusCode, r.location(), r.body)
	}
}

// says checks a reply's status and something that its body holds.
func (r reply) says(t *testing.T, status int, text string) {
	t.Helper()
	if r.StatusCode != status || !strings.Contains(r.body, text) {
		t.Fatalf("%s %s: got %d (to %q), want %d and a body with %q\n%s", r.Request.Method, r.Request.URL, r.StatusCode, r.location(), status, text, r.body)
	}
}
