package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// control is the endpoint that steers the sandbox. It takes forms and answers JSON; its page is for
// a browser.
type control struct {
	sandbox *sandbox.Sandbox
	file    *stateFile // nil without -state
	pages   *demo.Pages
	url     string
}

const help = `Forms in, JSON out. Durations are written like 90s or 6m.

POST   /sessions       member=ID or address; lifetime= token= jwt_age= jwt_lifetime=; format=cookie for the Cookie header alone
GET    /members
POST   /members        organization=slug email= name= role= (any number of times)
GET    /calls
DELETE /calls          counts from 0 again
POST   /faults         endpoint=name, all when left out; status= error_type= retry_after= latency= times= body= hang=true reset=true truncate=true not_json=true
DELETE /faults         ends all faults, and a stop
POST   /stop           the API refuses connections
POST   /restart        and listens again
POST   /keys           action=rotate, rotate-hidden, publish or drop-old
GET    /mail
GET    /help

Endpoints: `

func listAll(*form) (any, error) {
	var names []string
	for _, e := range sandbox.Endpoints() {
		names = append(names, e.Name)
	}
	return help + strings.Join(names, ", ") + "\n", nil
}

func newControl(s *sandbox.Sandbox, file *stateFile, url string) (http.Handler, error) {
	pages, err := demo.NewPages(demo.Site{
		Name:   "stytchkit's sandbox",
		Banner: "This is the sandbox: a stand-in for Stytch. Nobody here is real.",
		Footer: "The API is at " + s.URL() + ", this page at " + url + ".",
	})
	if err != nil {
		return nil, err
	}
	c := &control{sandbox: s, file: file, pages: pages, url: url}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.page)
	mux.HandleFunc("GET /static/demo.css", stylesheet)
	mux.HandleFunc("POST /sign-in", c.signIn)
	mux.HandleFunc("POST /action", c.act)
	for pattern, do := range map[string]func(*form) (any, error){
		"GET /help":      listAll,
		"POST /sessions": c.mint,
		"GET /members":   c.members,
		"POST /members":  c.addMember,
		"GET /calls":     func(*form) (any, error) { return c.sandbox.CountCalls(), nil },
		"DELETE /calls":  c.do("reset-calls"),
		"POST /faults":   c.fail,
		"DELETE /faults": c.do("recover"),
		"POST /stop":     c.do("down"),
		"POST /restart":  c.do("recover"),
		"POST /keys":     c.changeKeys,
		"GET /mail":      func(*form) (any, error) { return c.sandbox.Mail(), nil },
	} {
		mux.HandleFunc(pattern, c.answer(do))
	}
	return http.NewCrossOriginProtection().Handler(withHeaders(mux)), nil
}

func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range demo.Headers() {
			w.Header().Set(name, value)
		}
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		next.ServeHTTP(w, r)
	})
}

func stylesheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(demo.Stylesheet())
}

// page is the sandbox's page. ?signed-in=… follows a sign-in.
func (c *control) page(w http.ResponseWriter, r *http.Request) {
	var notice string
	if m, err := c.sandbox.Find(r.URL.Query().Get("signed-in")); err == nil {
		notice = "This browser is signed in as " + m.Email + " at every port of this host: open the demo."
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(c.pages.SandboxPage(c.sandbox, "", notice)) //nolint:gosec // html/template has escaped it
}

// signIn signs this browser in: cookies know no ports, so a demo on the same host sees them.
func (c *control) signIn(w http.ResponseWriter, r *http.Request) {
	s, err := c.sandbox.SignIn(r.PostFormValue("member"), r.PostFormValue("jwt"))
	if err == nil {
		err = c.save()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, cookie := range s.Cookies() {
		http.SetCookie(w, cookie)
	}
	http.Redirect(w, r, "/?signed-in="+url.QueryEscape(s.MemberID), http.StatusSeeOther)
}

// act is a button of the page.
func (c *control) act(w http.ResponseWriter, r *http.Request) {
	err := c.sandbox.Do(r.PostFormValue("action"))
	if err == nil {
		err = c.save()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// answer answers with what do returns, once that is saved: a string as it is, all else as JSON.
func (c *control) answer(do func(*form) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		result, err := do(&form{request: r})
		if err == nil && r.Method != http.MethodGet {
			err = c.save()
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if text, ok := result.(string); ok {
			_, _ = io.WriteString(w, text)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(result) // a client that is gone needs no answer
	}
}

func (c *control) save() error {
	if c.file == nil {
		return nil
	}
	_, err := c.file.save()
	return err
}

// do carries out one of the sandbox's actions and answers the counts.
func (c *control) do(action string) func(*form) (any, error) {
	return func(*form) (any, error) {
		err := c.sandbox.Do(action)
		return c.sandbox.CountCalls(), err
	}
}

// mint begins a session and answers its tokens.
func (c *control) mint(f *form) (any, error) {
	member, err := c.sandbox.Find(f.text("member"))
	if err != nil {
		return nil, err
	}
	options, shape := f.session()
	if f.err != nil {
		return nil, f.err
	}
	s := sandbox.Begin(member, options, shape...)
	pairs := make([]string, 0, 2)
	for _, cookie := range s.Cookies() {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	cookie := strings.Join(pairs, "; ")
	if f.text("format") == "cookie" {
		return cookie + "\n", nil
	}
	return struct {
		*sandbox.Session
		Cookie string `json:"cookie"`
	}{s, cookie}, nil
}

// member is a member as the control endpoint shows one.
type member struct {
	ID             string   `json:"member_id"`
	Organization   string   `json:"organization_slug"`
	OrganizationID string   `json:"organization_id"`
	Email          string   `json:"email"`
	Name           string   `json:"name"`
	Roles          []string `json:"roles"`
}

func memberOf(m *stytchtest.Member) member {
	return member{m.ID, m.Organization, m.OrganizationID, m.Email, m.Name, m.Roles}
}

func (c *control) members(*form) (any, error) {
	members := []member{}
	for _, m := range c.sandbox.Members() {
		members = append(members, memberOf(m))
	}
	return members, nil
}

func (c *control) addMember(f *form) (any, error) {
	return memberOf(c.sandbox.AddMember(stytchtest.Member{
		Organization: f.text("organization"),
		Email:        f.text("email"),
		Name:         f.text("name"),
		Roles:        f.request.Form["role"],
	})), nil
}

func (c *control) fail(f *form) (any, error) {
	endpoint, err := endpointOf(f.text("endpoint"))
	if err != nil {
		return nil, err
	}
	fault := f.fault()
	if f.err != nil {
		return nil, f.err
	}
	if fault == (stytchtest.Fault{}) {
		return nil, errors.New("the fault is empty (want one of its fields, such as status=503; GET /help lists them)")
	}
	c.sandbox.Fail(endpoint, fault)
	return c.sandbox.CountCalls(), nil
}

func endpointOf(name string) (stytchtest.Endpoint, error) {
	if name == "" {
		return stytchtest.All, nil
	}
	for _, e := range sandbox.Endpoints() {
		if e.Name == name {
			return e.Endpoint, nil
		}
	}
	return "", fmt.Errorf("the API has no endpoint %q (GET /help lists them)", name)
}

func (c *control) changeKeys(f *form) (any, error) {
	switch action := f.text("action"); action {
	case "rotate":
		c.sandbox.RotateKeys()
	case "rotate-hidden":
		c.sandbox.RotateKeysHidden()
	case "publish":
		c.sandbox.PublishKeys()
	case "drop-old":
		c.sandbox.DropOldKeys()
	default:
		return nil, fmt.Errorf("action is %q (want rotate, rotate-hidden, publish or drop-old)", action)
	}
	return map[string]string{"kid": c.sandbox.KeyID()}, nil
}
