package signin

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// offline is a handler that never reaches Stytch.
func offline(t testing.TB) *Handler {
	t.Helper()
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: "project-test-1", Secret: "secret", BaseURL: "http://127.0.0.1:1",
		Cookies: stytchkit.Cookies{Owner: stytchkit.Backend},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	h, err := New(auth, Config{LoginURL: "/login"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *Handler) visiting(cookies ...*http.Cookie) *visit {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/auth/callback", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return &visit{Handler: h, w: httptest.NewRecorder(), r: r}
}

func goodFlow() flow {
	return flow{Kind: stytch.SSO, Verifier: newVerifier(), Organization: "acme", ReturnTo: "/x", Started: time.Now().Unix()}
}

// A flow's cookie is what anybody may have written.
func TestHostileFlowCookies(t *testing.T) {
	v := offline(t).visiting()
	if _, ok := v.decodeFlow(v.seal(cookieFlow, encode(goodFlow()))); !ok {
		t.Fatal("a good flow is refused")
	}
	for name, change := range map[string]func(*flow){
		"a token type that does not begin here": func(f *flow) { f.Kind = stytch.Impersonation },
		"no token type":                         func(f *flow) { f.Kind = "" },
		"a short verifier":                      func(f *flow) { f.Verifier = "abc" },
		"no verifier":                           func(f *flow) { f.Verifier = "" },
		"a long verifier":                       func(f *flow) { f.Verifier += "AAAA" },
		"a verifier with a stray bit":           func(f *flow) { f.Verifier = f.Verifier[:42] + "B" },
		"a return to another origin":            func(f *flow) { f.ReturnTo = "//evil.example" },
		"a return to another origin, with dots": func(f *flow) { f.ReturnTo = "/.//evil.example" },
		"a return into the mount":               func(f *flow) { f.ReturnTo = "/auth/logout" },
		"an organization with a slash":          func(f *flow) { f.Organization = "a/b" },
		"a long organization":                   func(f *flow) { f.Organization = strings.Repeat("a", 129) },
		"an hour ago":                           func(f *flow) { f.Started -= 3600 },
		"long ago":                              func(f *flow) { f.Started = -1 << 62 },
		"tomorrow":                              func(f *flow) { f.Started += 86400 },
		"the end of time":                       func(f *flow) { f.Started = 1<<63 - 1 },
	} {
		f := goodFlow()
		change(&f)
		if _, ok := v.decodeFlow(v.seal(cookieFlow, encode(f))); ok {
			t.Errorf("%s is taken", name)
		}
	}
	good := encode(goodFlow())
	for name, value := range map[string]string{
		"nothing": "", "no JSON": "!!!", "half": good[:len(good)/2],
		"two objects": good + "{}", "an unknown field": `{"x":1,` + good[1:], "an array": "[]", "null": "null",
		"a huge one": strings.Repeat("A", maxCookie+1), "a deep one": strings.Repeat("[", 2000), "a wrong type": `{"k":1}`,
	} {
		if _, ok := v.decodeFlow(v.seal(cookieFlow, value)); ok {
			t.Errorf("%s is taken", name)
		}
	}
}

// However many a browser presents, only so many are looked at, and the next one makes room.
func TestFlowsAreBounded(t *testing.T) {
	h := offline(t)
	var cookies []*http.Cookie
	for i := range 100 {
		f := goodFlow()
		f.Started -= int64(i)
		cookies = append(cookies, &http.Cookie{Name: cookiePrefix + cookieFlow + strings.Repeat("A", i+1), Value: h.seal(cookieFlow, encode(f))})
	}
	v := h.visiting(cookies...)
	if got := v.flows(); len(got) != maxFlows || got[0].id != "A" {
		t.Errorf("%d flows, the newest %q", len(got), got[0].id)
	}
	v.begin(flow{Kind: stytch.Discovery, ReturnTo: "/x"})
	dropped := 0
	for _, c := range v.cookies {
		if c.MaxAge < 0 {
			dropped++
		}
	}
	if want := maxFlowsRead - (maxFlows - 1); dropped != want {
		t.Errorf("%d were dropped, want the %d read but for the 3 newest", dropped, want)
	}
}

// What is not read costs next to nothing: a request with thousands of cookies no more than one with a few.
func TestCookiesAreReadOnce(t *testing.T) {
	prefix, value := cookiePrefix, strings.Repeat("A", 200)
	line := func(n int) []string {
		var pairs []string
		for i := range n {
			pairs = append(pairs, fmt.Sprintf("%s%s%d=%s", prefix, cookieFlow, i, value))
		}
		return []string{strings.Join(pairs, "; ")}
	}
	few, many := line(maxFlowsRead), line(3000)
	some := testing.AllocsPerRun(10, func() { readOwn(few, prefix) })
	if got := testing.AllocsPerRun(10, func() { readOwn(many, prefix) }); got > some {
		t.Errorf("3,000 cookies cost %v allocations, %d cost %v", got, maxFlowsRead, some)
	}
	if own := readOwn(many, prefix); len(own) != maxFlowsRead {
		t.Errorf("%d are kept", len(own))
	}
}

func TestVerifiersAreRandomAndChallengesTheirs(t *testing.T) {
	a, b := goodFlow(), goodFlow()
	if a.Verifier == b.Verifier || len(a.Verifier) != 43 {
		t.Errorf("verifiers %q, %q", a.Verifier, b.Verifier)
	}
	// RFC 7636, appendix B.
	example := flow{Verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}
	if got := example.challenge(); got != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Errorf("the challenge is %s", got)
	}
}

func TestHostilePendingCookies(t *testing.T) {
	h := offline(t)
	ist := strings.Repeat("i", 44)
	with := func(p pending) *visit {
		return h.visiting(
			&http.Cookie{Name: "stytch_intermediate_session_token", Value: ist},
			&http.Cookie{Name: cookiePrefix + cookiePending, Value: h.seal(cookiePending, encode(p))})
	}
	good := pending{Binding: bindingOf(ist), Member: "member-1", Organization: "organization-1", Needs: true, ReturnTo: "/x"}
	if _, ok := h.Pending(with(good).r); !ok {
		t.Fatal("a good one is refused")
	}
	for name, change := range map[string]func(*pending){
		"of another login":  func(p *pending) { p.Binding = bindingOf("x") },
		"of no login":       func(p *pending) { p.Binding = "" },
		"another origin":    func(p *pending) { p.ReturnTo = "//evil.example" },
		"into the mount":    func(p *pending) { p.ReturnTo = "/auth/logout" },
		"no member's ID":    func(p *pending) { p.Member = "<script>" },
		"no organization's": func(p *pending) { p.Organization = "a/b" },
		"no method's name":  func(p *pending) { p.Primary = []string{"<script>"} },
		"nothing needed":    func(p *pending) { p.Needs = false },
	} {
		p := good
		change(&p)
		if got, ok := h.Pending(with(p).r); ok {
			t.Errorf("%s: taken as %+v", name, got)
		}
	}
}

func FuzzFlowCookie(f *testing.F) {
	h := offline(f)
	f.Add(encode(goodFlow()))
	f.Add(`{"k":"sso","v":"","t":0}`)
	f.Add(`{"k":"sso","r":"//evil.example"}`)
	f.Fuzz(func(t *testing.T, value string) {
		v := h.visiting()
		if _, ok := v.decodeFlow(value); ok {
			t.Errorf("%q is taken without a seal", value)
		}
		got, ok := v.decodeFlow(v.seal(cookieFlow, value))
		if !ok {
			return
		}
		if !h.project.isBegun(got.Kind) || !isVerifier(got.Verifier) || h.returnTo(got.ReturnTo) != got.ReturnTo || len(value) > maxCookie {
			t.Errorf("%q is taken as %+v", value, got)
		}
		if again, ok := v.decodeFlow(v.seal(cookieFlow, encode(got))); !ok || again != got {
			t.Errorf("%+v does not survive being written", got)
		}
	})
}
