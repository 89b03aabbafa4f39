package repotest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// row is one of the table of denials in docs/denials.md.
type row struct {
	code      string
	status    int
	challenge string
}

func denialTable(t *testing.T) []row {
	t.Helper()
	line := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| (\\d{3}) \\|.*\\| ([^|]*) \\|$")
	var rows []row
	for _, found := range line.FindAllStringSubmatch(read(t, root(t), "docs", "denials.md"), -1) {
		status, err := strconv.Atoi(found[2])
		if err != nil {
			t.Fatal(err)
		}
		_, challenge, _ := strings.Cut(found[3], "`")
		challenge, _, _ = strings.Cut(challenge, "`")
		rows = append(rows, row{found[1], status, challenge})
	}
	return rows
}

// codes are the constants of core/denial.go.
func codes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root(t), "core", "denial.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") || len(spec.Values) != 1 {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			code, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	return codes
}

func TestTheTableOfDenialsIsTheCodes(t *testing.T) {
	table := denialTable(t)
	var listed []string
	for _, row := range table {
		listed = append(listed, row.code)
	}
	slices.Sort(listed)
	want := codes(t)
	slices.Sort(want)
	if !slices.Equal(listed, want) {
		t.Errorf("docs/denials.md lists %v, the code has %v", listed, want)
	}
	provoke := provocations(t)
	for _, row := range table {
		t.Run(row.code, func(t *testing.T) {
			denied := provoke[row.code]
			if denied == nil {
				t.Fatal("nothing here provokes it")
			}
			res := denied()
			if res.Code != row.status || !strings.Contains(res.Body.String(), `"code":"`+row.code+`"`) {
				t.Errorf("got %d %s, want %d", res.Code, res.Body, row.status)
			}
			if got, want := res.Header().Get("WWW-Authenticate"), strings.NewReplacer("=N", "=600", "…", "read:documents").Replace(row.challenge); got != want {
				t.Errorf("the challenge is %q, want %q", got, want)
			}
			if got := res.Header(); !strings.Contains(got.Get("Cache-Control"), "no-store") || got.Get("Vary") != "Cookie, Authorization" ||
				(got.Get("Retry-After") != "") != (row.status == http.StatusServiceUnavailable) {
				t.Errorf("the headers are %v", got)
			}
			if cleared := len(res.Result().Cookies()) > 0; cleared != (row.code == "session_ended") {
				t.Errorf("cookies are cleared: %v", cleared)
			}
		})
	}
}

// provocations are requests that are denied with each code.
func provocations(t *testing.T) map[string]func() *httptest.ResponseRecorder {
	t.Helper()
	start := func(secret string) (*stytchtest.Server, *stytchkit.Authenticator) {
		srv := stytchtest.Start(t)
		config := srv.Config()
		config.Logger = slog.New(slog.DiscardHandler)
		config.Secret += secret
		auth, err := stytchkit.New(config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(auth.Close)
		if err := auth.Ready(t.Context()); (err != nil) != (secret != "") { // a wrong one is known at once
			t.Fatalf("with the secret's end %q, Ready says %v", secret, err)
		}
		return srv, auth
	}
	srv, auth := start("")
	down, downAuth := start("")
	wrong, wrongAuth := start("-which-is-wrong")
	alice := srv.AddMember(stytchtest.Member{Organization: "acme"})
	unproven := func(of *stytchtest.Server) *http.Request { // an opaque token alone: Stytch has to be asked
		r := httptest.NewRequest(http.MethodGet, "/orgs/acme", http.NoBody)
		r.Header.Set("Cookie", "stytch_session="+of.AddMember(stytchtest.Member{}).SignIn().Token)
		return r
	}
	ask := func(auth *stytchkit.Authenticator, r *http.Request, rules ...stytchkit.Rule) *httptest.ResponseRecorder {
		mux := http.NewServeMux()
		mux.Handle("/orgs/{org}", stytchhttp.Require(auth, rules...)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Errorf("%v was let through", r.Header)
		})))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	byToken := func(r *http.Request) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		stytchhttp.RequireToken(auth, stytchkit.Scopes("read:documents"))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Errorf("%v was let through", r.Header)
		})).ServeHTTP(w, r)
		return w
	}
	anonymous := func() *http.Request { return httptest.NewRequest(http.MethodGet, "/orgs/acme", http.NoBody) }
	return map[string]func() *httptest.ResponseRecorder{
		stytchkit.CodeSessionMissing: func() *httptest.ResponseRecorder { return ask(auth, anonymous()) },
		stytchkit.CodeSessionInvalid: func() *httptest.ResponseRecorder {
			r := anonymous()
			r.Header.Set("Cookie", "stytch_session_jwt=for.ged.jwt")
			return ask(auth, r)
		},
		stytchkit.CodeSessionEnded: func() *httptest.ResponseRecorder {
			session := alice.SignIn()
			session.End()
			return ask(auth, session.Request(http.MethodGet, "/orgs/acme", stytchtest.Age(time.Hour)))
		},
		stytchkit.CodeReauthentication: func() *httptest.ResponseRecorder {
			session := alice.SignIn(stytchtest.WithFactors(sessions.AuthenticationFactor{Type: "password"}))
			return ask(auth, session.Request(http.MethodGet, "/orgs/acme"), stytchkit.AuthenticatedWithin(10*time.Minute))
		},
		stytchkit.CodePermissionDenied: func() *httptest.ResponseRecorder {
			byCookie := ask(auth, alice.SignIn().Request(http.MethodGet, "/orgs/acme"), stytchkit.Role("stytch_admin"))
			if got := byCookie.Header().Get("WWW-Authenticate"); got != "" {
				t.Errorf("a cookie is challenged with %q, want a bearer only", got)
			}
			return ask(auth, alice.SignIn().BearerRequest(http.MethodGet, "/orgs/acme"), stytchkit.Role("stytch_admin"))
		},
		stytchkit.CodeOrganization: func() *httptest.ResponseRecorder {
			return ask(auth, alice.SignIn().Request(http.MethodGet, "/orgs/globex"), stytchkit.Organization(stytchkit.PathParam("org")))
		},
		stytchkit.CodeCrossOrigin: func() *httptest.ResponseRecorder {
			r := alice.SignIn().Request(http.MethodPost, "/orgs/acme")
			r.Header.Set("Origin", "https://elsewhere.example")
			return ask(auth, r)
		},
		stytchkit.CodeInvalidRequest: func() *httptest.ResponseRecorder {
			r := alice.SignIn().BearerRequest(http.MethodGet, "/orgs/acme")
			r.Header.Add("Authorization", "Bearer another")
			return ask(auth, r)
		},
		stytchkit.CodeTokenMissing: func() *httptest.ResponseRecorder { return byToken(anonymous()) },
		stytchkit.CodeTokenInvalid: func() *httptest.ResponseRecorder {
			return byToken(alice.SignIn().BearerRequest(http.MethodGet, "/orgs/acme"))
		},
		stytchkit.CodeInsufficientScope: func() *httptest.ResponseRecorder {
			r := anonymous()
			r.Header.Set("Authorization", "Bearer "+srv.AddM2MClient(stytchtest.M2MClient{}).Token())
			return byToken(r)
		},
		stytchkit.CodeStytchUnavailable: func() *httptest.ResponseRecorder {
			r := unproven(down)
			down.Stop()
			return ask(downAuth, r)
		},
		stytchkit.CodeRouteMisconfigured: func() *httptest.ResponseRecorder {
			return ask(auth, alice.SignIn().Request(http.MethodGet, "/orgs/acme"), stytchkit.Organization(stytchkit.PathParam("organization")))
		},
		stytchkit.CodeStytchMisconfigured: func() *httptest.ResponseRecorder { return ask(wrongAuth, unproven(wrong)) },
	}
}
