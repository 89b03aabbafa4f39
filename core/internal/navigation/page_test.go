package navigation_test

import (
	"net/http"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// request is one for a target, with one value of each header.
type request struct {
	method, target string
	header         map[string]string
}

func (r request) Method() string { return r.method }
func (r request) Host() string   { return "app.example.com" }
func (r request) Target() string { return r.target }

func (r request) Header(name string, i int) (string, bool) {
	value, ok := r.header[name]
	return value, ok && i == 0
}

func TestWhoIsShownAPage(t *testing.T) {
	for _, row := range []struct {
		name, method string
		header       map[string]string
		page         bool
	}{
		{"a browser's navigation", http.MethodGet, map[string]string{"Sec-Fetch-Mode": "navigate", "Accept": "*/*"}, true},
		{"a form's", http.MethodPost, map[string]string{"Sec-Fetch-Mode": "navigate"}, true},
		{"a script's request, whatever it accepts", http.MethodGet, map[string]string{"Sec-Fetch-Mode": "cors", "Accept": "text/html"}, false},
		{"an old browser's", http.MethodGet, map[string]string{"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, true},
		{"an old browser's HEAD", http.MethodHead, map[string]string{"Accept": "Text/HTML"}, true},
		{"an old browser's form", http.MethodPost, map[string]string{"Accept": "text/html"}, false},
		{"who takes both alike", http.MethodGet, map[string]string{"Accept": "application/json, text/html"}, true},
		{"who prefers JSON", http.MethodGet, map[string]string{"Accept": "application/json, text/html;q=0.9"}, false},
		{"who prefers a problem", http.MethodGet, map[string]string{"Accept": "text/html; q=0.5, application/problem+json"}, false},
		{"who refuses HTML", http.MethodGet, map[string]string{"Accept": "text/html;q=0"}, false},
		{"a weight that is none", http.MethodGet, map[string]string{"Accept": "text/html;q=high"}, false},
		{"who takes anything", http.MethodGet, map[string]string{"Accept": "*/*"}, false},
		{"who says nothing", http.MethodGet, nil, false},
	} {
		if got := navigation.IsPage(request{row.method, "/", row.header}); got != row.page {
			t.Errorf("%s: %s %v: got %v, want %v", row.name, row.method, row.header, got, row.page)
		}
	}
}

func TestWhereThoseWithoutASessionAreSent(t *testing.T) {
	for _, row := range []struct{ name, login, method, target, want string }{
		{"a path", "/login", http.MethodGet, "/documents?page=2", "/login?reason=session_missing&return_to=%2Fdocuments%3Fpage%3D2"},
		{"a path with a query and a fragment", "/login?a=b#form", http.MethodGet, "/x", "/login?a=b&reason=session_missing&return_to=%2Fx#form"},
		{"another origin", "https://login.example.com", http.MethodGet, "/x", "https://login.example.com?reason=session_missing&return_to=%2Fx"},
		{"what cannot be repeated", "/login", http.MethodPost, "/x", "/login?reason=session_missing"},
		{"a link's secret stays behind", "/login", http.MethodGet, "/x?token=s&a=b&%74oken=s&stytch_token_type=t", "/login?reason=session_missing&return_to=%2Fx%3Fa%3Db"},
		{"what may be a secret's name stays behind too", "/login", http.MethodGet, "/a?%zztoken=secret&b=1", "/login?reason=session_missing&return_to=%2Fa%3Fb%3D1"},
		{"a place of another origin", "/login", http.MethodGet, "//evil.example", "/login?reason=session_missing"},
		{"no place", "/login", http.MethodGet, "*", "/login?reason=session_missing"},
	} {
		if got := navigation.LoginLocation(row.login, request{row.method, row.target, nil}, "session_missing", origin.Own{}); got != row.want {
			t.Errorf("%s: %s %s: got %s, want %s", row.name, row.method, row.target, got, row.want)
		}
	}
}
