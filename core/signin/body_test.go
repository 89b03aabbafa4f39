package signin_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counted counts what is read of a body.
type counted struct {
	io.ReadCloser
	read *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.read.Add(int64(n))
	return n, err
}

// Of a body that is too large no more is read than the limit, whatever the step, and the connection ends.
func TestAHugeBodyIsNotReadWhole(t *testing.T) {
	w := newWorld(t)
	var read atomic.Int64
	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Body = counted{r.Body, &read}
		w.handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(app.Close)
	for _, target := range []string{"/auth/magic-link", "/auth/switch", "/auth/organizations", "/auth/callback", "/auth/logout", "/auth/nothing"} {
		for _, framing := range []string{"Content-Length: 268435456", "Transfer-Encoding: chunked"} {
			for _, contentType := range []string{"application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "text/plain"} {
				read.Store(0)
				conn := must(net.Dial("tcp", app.Listener.Addr().String()))
				_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
				_, _ = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\n%s\r\n\r\n", target, app.Listener.Addr(), contentType, framing)
				go func() {
					chunk := strings.Repeat("a", 1<<16)
					if strings.HasPrefix(framing, "Transfer") {
						chunk = "10000\r\n" + chunk + "\r\n"
					}
					for range 4096 {
						if _, err := io.WriteString(conn, chunk); err != nil {
							return
						}
					}
				}()
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatalf("%s, %s, %s: %v", target, framing, contentType, err)
				}
				reads := slices.Contains([]string{"/auth/magic-link", "/auth/switch", "/auth/organizations"}, target) && contentType != "text/plain"
				if reads && res.StatusCode != http.StatusRequestEntityTooLarge || res.StatusCode < 200 {
					t.Errorf("%s, %s, %s: got %d", target, framing, contentType, res.StatusCode)
				}
				if n := read.Load(); n > 16<<10+4<<10 {
					t.Errorf("%s, %s, %s: %d bytes were read", target, framing, contentType, n)
				}
				if reads && !res.Close {
					t.Errorf("%s, %s, %s: the connection stays open", target, framing, contentType)
				}
				_ = res.Body.Close()
				_ = conn.Close()
			}
		}
	}
}

func TestARequestWithoutABodyAtAll(t *testing.T) {
	w := newWorld(t)
	for target, status := range map[string]int{"/auth/magic-link": 400, "/auth/switch": 400, "/auth/organizations": 400, "/auth/logout": 204, "/auth/callback": 400} {
		r := &http.Request{Method: http.MethodPost, URL: &url.URL{Path: target}, Host: "127.0.0.1", Header: http.Header{"Accept": {"application/json"}}}
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		if rec.Code != status {
			t.Errorf("%s: got %d, want %d\n%s", target, rec.Code, status, rec.Body)
		}
	}
}

// A body that a middleware has read already is read out of the request.
func TestAFormThatAMiddlewareHasRead(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	for name, read := range map[string]func(*http.Request){
		"nobody":                       func(*http.Request) {},
		"FormValue":                    func(r *http.Request) { _ = r.FormValue("_method") },
		"PostFormValue":                func(r *http.Request) { _ = r.PostFormValue("csrf") },
		"ParseForm":                    func(r *http.Request) { _ = r.ParseForm() },
		"ParseForm and a large memory": func(r *http.Request) { _ = r.ParseForm(); _ = r.ParseMultipartForm(32 << 20) }, //nolint:gosec // as gin does it
	} {
		app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			read(r)
			w.handler.ServeHTTP(rw, r)
		}))
		t.Cleanup(app.Close)
		for contentType, body := range map[string]string{
			"application/x-www-form-urlencoded": "email=alice%40acme.example&organization=acme&csrf=x",
			"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nalice@acme.example\r\n" +
				"--x\r\nContent-Disposition: form-data; name=\"organization\"\r\n\r\nacme\r\n" +
				"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n--x--\r\n",
			"application/json": `{"email":"alice@acme.example","organization":"acme"}`,
		} {
			w.clock.Advance(time.Minute) // or there would be too many mails
			before := len(w.stytch.Mail())
			r := must(http.NewRequest(http.MethodPost, app.URL+"/auth/magic-link?email=evil%40acme.example", strings.NewReader(body)))
			r.Header.Set("Content-Type", contentType)
			got := w.browser().send(r)
			mail := w.stytch.Mail()
			if len(mail) != before+1 || mail[before].To != "alice@acme.example" {
				t.Errorf("%s read by %s: got %d to %q, and %d mails\n%s", contentType, name, got.StatusCode, got.location(), len(mail)-before, got.body)
			}
		}
	}
}

func TestBodies(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		contentType, body string
		status            int
	}{
		{"application/x-www-form-urlencoded", "email=a@b.example", 303},
		{"application/x-www-form-urlencoded; charset=utf-8", "email=a@b.example", 303},
		{"application/json", `{"email":"a@b.example"}`, 200},
		{"application/json; charset=utf-8", `{"email":"a@b.example","unknown":"field"}`, 200},
		{"application/json", `{"email":"a@b.example","remember":true,"n":1.50,"organization":null}`, 200},
		{"application/json", `{"email":null}`, 400},
		{"application/json", `{"email":"a@b.example","nested":{}}`, 400},
		{"application/json", `{"email":["a@b.example"]}`, 400},
		{"application/json", `{"email":"a@b.example"} {}`, 400},
		{"application/json", `{"email":"a@b.example","email":"c@d.example"}`, 400},
		{"application/json", "{\"email\":\"a\xff@b.example\"}", 400},
		{"application/json", `{"email":"a@b.example"`, 400},
		{"application/json", `[]`, 400},
		{"application/json", `null`, 400},
		{"application/json", `"a"`, 400},
		{"application/json", `{"email":"` + strings.Repeat("a", 16<<10) + `"}`, 413},
		{"application/x-www-form-urlencoded", "email=" + strings.Repeat("a", 16<<10), 413},
		{"application/x-www-form-urlencoded", "email=%zz", 400},
		{"text/plain", `{"email":"a@b.example"}`, 415},
		{"", `{"email":"a@b.example"}`, 415},
		{"", "", 303}, // as an empty form
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b.example\r\n--x--\r\n", 303},
		{"multipart/form-data; boundary=x", "--x--", 303},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b.example", 400},
		{"multipart/form-data", "--x--", 400},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n" + strings.Repeat("a", 16<<10) + "\r\n--x--\r\n", 413},
	} {
		w.clock.Advance(time.Minute) // or there would be too many mails
		r := must(http.NewRequest(http.MethodPost, w.app.URL+"/auth/magic-link", strings.NewReader(c.body)))
		r.Header["Content-Type"] = []string{c.contentType}
		if c.contentType == "" {
			r.Header.Del("Content-Type")
		}
		if got := w.browser().send(r); got.StatusCode != c.status {
			t.Errorf("%s %.60q: got %d, want %d\n%s", c.contentType, c.body, got.StatusCode, c.status, got.body)
		}
	}
	// Without a Content-Type, an empty body is an empty form: what is missing is the field.
	r := must(http.NewRequest(http.MethodPost, w.app.URL+"/auth/magic-link", nil))
	r.Header.Set("Accept", "application/json")
	w.browser().send(r).says(t, 400, "invalid_email")
}

// Numbers are taken as they are written.
func TestANumberIsTakenAsText(t *testing.T) {
	w := newWorld(t)
	b := w.discovered("alice@acme.example", "")
	b.asks("POST", "/auth/organizations", `{"organization_name":9007199254740993,"organization_slug":"007"}`).says(t, 200, `"member_authenticated":true`)
	b.asks("GET", "/auth/organizations", "").says(t, 200, `"organization_name":"9007199254740993"`)
}

// A request that no server made has none: httptest.NewRequest and http.NewRequest leave it out.
func TestARequestWhoseBodyIsNilIsAnswered(t *testing.T) {
	w := newWorld(t)
	for target, want := range map[string]int{
		"/auth/magic-link": 400, "/auth/organizations": 400, "/auth/switch": 400, "/auth/callback": 400, "/auth/logout": 204,
	} {
		r := must(http.NewRequest(http.MethodPost, w.app.URL+target, nil))
		r.Header.Set("Accept", "application/json")
		answer := httptest.NewRecorder()
		if w.handler.ServeHTTP(answer, r); r.Body != nil || answer.Code != want {
			t.Errorf("POST %s: got %d, want %d: %s", target, answer.Code, want, answer.Body)
		}
	}
}
