package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

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

const help = `Forms in, JSON out; a field that is not listed is refused. Durations are written like 90s or 6m.

POST   /sessions       member= or user=ID or address; lifetime= token= custom_claim=name=JSON factor=kind (as totp) jwt_age= jwt_lifetime= claim=name=JSON without=name; format=cookie for the Cookie header alone
POST   /tokens         an access token: client=ID of an M2M client, or member= or user= for a Connected App's; scope= jwt_age= jwt_lifetime= claim=name=JSON without=name forged=true; format=text for the token alone
POST   /seed           JSON of policy, organizations, members, users and clients, as -seed takes it in a file
POST   /organizations  slug= name= email_domain= auth_method= (any number of times) mfa_required=true
POST   /permissions    role= resource= action= (any number of times): adds what the policy lacks
GET    /members        in a B2B project
POST   /members        organization=slug email= name= role= (any number of times) mfa=true no_authenticator=true (has yet to enrol) phone= password=
GET    /users          in a consumer project
POST   /users          email= phone= first_name= last_name= role= (any number of times) authenticator=true password=
GET    /clients        the M2M clients, with their secrets
GET    /calls
DELETE /calls          counts from 0 again
POST   /faults         endpoint=name, all when left out; status= error_type= message= retry_after= latency= times= body= hang=true reset=true truncate=true not_json=true
DELETE /faults         ends all faults, and a stop
POST   /stop           the API refuses connections
POST   /restart        and listens again
POST   /keys           action=rotate, rotate-hidden, publish or drop-old
POST   /webhooks       url of a demo, such as http://127.0.0.1:8080/webhooks/stytch, and secret, its STYTCH_WEBHOOK_SECRET:
                       what changes of members, organizations and users is sent there from now on
GET    /mail
GET    /texts
GET    /env            what a shell exports: eval "$(curl -s …/env)"
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
	for pattern, e := range c.endpoints() {
		mux.HandleFunc(pattern, c.answer(e))
	}
	return http.NewCrossOriginProtection().Handler(withHeaders(mux)), nil
}

// endpoint is what a pattern does, and the fields that it takes.
type endpoint struct {
	do     func(*form) (any, error)
	fields string
}

func (c *control) endpoints() map[string]endpoint {
	const shape = " jwt_age jwt_lifetime claim without format"
	return map[string]endpoint{
		"GET /help":           {listAll, ""},
		"GET /env":            {func(*form) (any, error) { return environment(c.sandbox), nil }, ""},
		"POST /sessions":      {c.mint, "member user lifetime token custom_claim factor" + shape},
		"POST /tokens":        {c.token, "client member user scope forged" + shape},
		"POST /seed":          {c.sow, ""},
		"POST /organizations": {c.addOrganization, "slug name email_domain auth_method mfa_required"},
		"POST /permissions":   {c.permit, "role resource action"},
		"GET /members":        {c.members, ""},
		"POST /members":       {c.addMember, "organization email name role mfa no_authenticator phone password"},
		"GET /users":          {c.users, ""},
		"POST /users":         {c.addUser, "email phone first_name last_name role authenticator password"},
		"GET /clients":        {func(*form) (any, error) { return c.sandbox.Machines(), nil }, ""},
		"GET /calls":          {func(*form) (any, error) { return c.sandbox.CountCalls(), nil }, ""},
		"DELETE /calls":       {c.do("reset-calls"), ""},
		"POST /faults":        {c.fail, "endpoint status error_type message retry_after latency times body hang reset truncate not_json"},
		"DELETE /faults":      {c.do("recover"), ""},
		"POST /stop":          {c.do("down"), ""},
		"POST /restart":       {c.do("recover"), ""},
		"POST /keys":          {c.changeKeys, "action"},
		"POST /webhooks":      {c.sendWebhooks, "url secret"},
		"GET /mail":           {func(*form) (any, error) { return c.sandbox.Mail(), nil }, ""},
		"GET /texts":          {func(*form) (any, error) { return c.sandbox.Texts(), nil }, ""},
	}
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

// answer answers with what an endpoint returns, once that is saved: a string as it is, all else as JSON.
func (c *control) answer(e endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := &form{request: r}
		err := f.takesOnly(strings.Fields(e.fields))
		var result any
		if err == nil {
			result, err = e.do(f)
		}
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
