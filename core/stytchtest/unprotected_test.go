package stytchtest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// guarded answers as an adapter does when a guard denies.
func guarded(t *testing.T) http.HandlerFunc {
	t.Helper()
	guard := stytchtest.Start(t).Authenticator(t).Require()
	return func(w http.ResponseWriter, r *http.Request) {
		d := guard.Check(r.Context(), stytchkit.HTTPRequest{R: r})
		if d.Denial == nil {
			t.Errorf("%s %s was let through", r.Method, r.URL)
			return
		}
		d.Denial.SetHeader(w.Header())
		d.Denial.SetContent(w.Header())
		w.WriteHeader(d.Denial.Status)
		_, _ = w.Write(d.Denial.Body)
	}
}

// handedOn answers a denial in the application's own words, as its error handler does.
func handedOn(denied http.HandlerFunc, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		inner := httptest.NewRecorder()
		denied(inner, r)
		w.Header().Set(stytchkit.DenialHeader, inner.Header().Get(stytchkit.DenialHeader))
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "please sign in")
	}
}

func answer(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// appOf serves one route per pattern.
func appOf(handlers map[string]http.HandlerFunc) (*http.ServeMux, []stytchkit.Route) {
	mux := http.NewServeMux()
	var routes []stytchkit.Route
	for pattern, handler := range handlers {
		mux.HandleFunc(pattern, handler)
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = "", pattern
		}
		routes = append(routes, stytchkit.Route{Method: method, Path: path})
	}
	return mux, routes
}

func TestUnprotectedListsWhatIsNotDenied(t *testing.T) {
	denied := guarded(t)
	ok := answer(200, "text/plain", "hello")
	mux, routes := appOf(map[string]http.HandlerFunc{
		"GET /{$}":                  ok,
		"GET /healthz":              ok,
		"GET /me":                   denied,
		"HEAD /me":                  denied,
		"OPTIONS /me":               denied,
		"GET /orgs/{org}/a":         denied,
		"GET /files/{path...}":      denied,
		"/any":                      denied,
		"GET /missing":              answer(404, "text/plain", "not found"),
		"GET /forbidden":            answer(403, "text/plain", "no"),
		"GET /own":                  answer(401, "application/problem+json", `{"type":"urn:stytchkit:session_missing","status":401,"code":"session_missing"}`),
		"GET /forwarded":            handedOn(denied, 418),
		"GET /hidden":               handedOn(denied, 404),
		"HEAD /healthz":             ok,
		"HEAD /head":                answer(401, "application/problem+json", ""),
		"HEAD /half":                ok,
		"GET /half":                 denied,
		"GET /signin/{path...}":     answer(404, "application/problem+json", `{"type":"urn:stytchkit:not_found","status":404,"code":"not_found"}`),
		"OPTIONS /signin/{path...}": answer(405, "text/plain", ""),
		"TRACE /signin/{path...}":   answer(405, "text/plain", ""),
		"POST /signin/{path...}":    answer(404, "text/plain", ""),
		"GET /moved":                http.RedirectHandler("/me", http.StatusFound).ServeHTTP,
		"POST /documents":           denied,
		"DELETE /documents/{id}":    ok,
		"GET /documents/{id}/edit":  ok,
	})
	public := strings.Join([]string{
		"GET /documents/{id}/edit", "GET /forbidden", "HEAD /half", "HEAD /head", "GET /healthz",
		"GET /missing", "GET /moved", "GET /own", "GET /signin/{path...}", "GET /{$}",
	}, " ")

	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	base, err := url.Parse(listener.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func(*http.Request) (*http.Response, error){
		"in process": stytchtest.InProcess(mux),
		"over a client that follows redirects": func(r *http.Request) (*http.Response, error) {
			r.URL.Host = base.Host
			return http.DefaultClient.Do(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			open, err := stytchtest.Unprotected(do, routes)
			if got := fmt.Sprint(open); err != nil || got != "["+public+"]" {
				t.Errorf("got  %v (%v)\nwant [%s]", got, err, public)
			}
		})
	}
}

func TestUnprotectedAsksUnsafeMethodsOnlyWhenTold(t *testing.T) {
	var asked []string
	note := func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}
	mux, routes := appOf(map[string]http.HandlerFunc{"GET /a": note, "POST /b/{id}": note, "PROPFIND /c": note, "/d": note})
	for _, row := range []struct {
		name    string
		options []stytchtest.AuditOption
		asked   string
		open    string
	}{
		{"by default", nil, "[GET /a GET /d]", "[GET /a /d]"},
		{"with unsafe methods", []stytchtest.AuditOption{stytchtest.WithUnsafeMethods()}, "[GET /a GET /d POST /b/1 POST /d PROPFIND /c]", "[GET /a POST /b/{id} PROPFIND /c /d]"},
	} {
		asked = nil
		open, err := stytchtest.Unprotected(stytchtest.InProcess(mux), routes, row.options...)
		slices.Sort(asked)
		if got := fmt.Sprint(asked); err != nil || got != row.asked || fmt.Sprint(open) != row.open {
			t.Errorf("%s: asked %v and got %v (%v), want %s and %s", row.name, got, open, err, row.asked, row.open)
		}
	}
}

func TestUnprotectedRequestsAreAnonymousAndNoNavigations(t *testing.T) {
	do := func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("sent %v", r.Header)
		}
		if r.Host != "admin.example.com" || r.URL.String() != "http://admin.example.com/x%20y/1" {
			t.Errorf("asked %s for %s", r.Host, r.URL)
		}
		return httptest.NewRecorder().Result(), nil
	}
	if _, err := stytchtest.Unprotected(do, []stytchkit.Route{{Method: "GET", Host: "admin.example.com", Path: "/x y/{id}"}}); err != nil {
		t.Error(err)
	}
}

func TestUnprotectedTakesAnApplicationsOwnFormat(t *testing.T) {
	mux, routes := appOf(map[string]http.HandlerFunc{
		"GET /mine":   answer(401, "application/json", `{"error":"sign in"}`),
		"GET /public": answer(200, "application/json", `{}`),
		"GET /failed": answer(401, "application/problem+json", `{"error":"sign in"}`),
	})
	open, err := stytchtest.Unprotected(stytchtest.InProcess(mux), routes, stytchtest.WithDenial(func(res *http.Response) bool {
		body, err := io.ReadAll(res.Body)
		return err == nil && strings.Contains(string(body), "sign in")
	}))
	if err != nil || fmt.Sprint(open) != "[GET /public]" {
		t.Errorf("got %v (%v), want [GET /public]", open, err)
	}
}

func TestUnprotectedDoesNotWaitForAStream(t *testing.T) {
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(listener.Close)
	do := func(r *http.Request) (*http.Response, error) {
		r.URL.Host = strings.TrimPrefix(listener.URL, "http://")
		return http.DefaultClient.Do(r)
	}
	open, err := stytchtest.Unprotected(do, []stytchkit.Route{{Method: "GET", Path: "/events"}})
	if err != nil || len(open) != 1 {
		t.Errorf("got %v (%v), want the stream's route", open, err)
	}
}

func TestUnprotectedSaysWhatWentWrong(t *testing.T) {
	boom := errors.New("no such host")
	routes := []stytchkit.Route{{Method: "GET", Path: "/a"}}
	for name, row := range map[string]struct {
		do     func(*http.Request) (*http.Response, error)
		routes []stytchkit.Route
		open   string
		says   string
	}{
		"no routes":             {nil, nil, "[]", "0 routes"},
		"only unsafe routes":    {nil, []stytchkit.Route{{Method: "POST", Path: "/a"}}, "[]", "1 routes and none to ask"},
		"a request that failed": {func(*http.Request) (*http.Response, error) { return nil, boom }, routes, "[GET /a]", "GET /a: no such host"},
		"a method that is none": {nil, []stytchkit.Route{{Method: "GE T", Path: "/a"}}, "[]", "none to ask"},
		"a handler that panics": {stytchtest.InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("nobody there") })), routes, "[GET /a]", "panicked: nobody there"},
	} {
		t.Run(name, func(t *testing.T) {
			open, err := stytchtest.Unprotected(row.do, row.routes)
			if err == nil || !strings.Contains(err.Error(), row.says) || fmt.Sprint(open) != row.open {
				t.Errorf("got %v and %v, want %s and an error with %q", open, err, row.open, row.says)
			}
		})
	}
}
