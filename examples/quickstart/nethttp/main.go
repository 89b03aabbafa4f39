// Command nethttp signs members in on net/http: the quick start of the repository's README.
package main

import (
	"cmp"
	"encoding/json"
	"html/template"
	"log"
	"net/http"
	"os"
	"time"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
)

const pages = `
{{define "login"}}<!doctype html><title>Sign in</title>
<p>{{.Message}}</p>
<form method="post" action="/auth/magic-link">
  <input type="hidden" name="return_to" value="{{.ReturnTo}}">
  <label>E-mail <input name="email" type="email" required></label>
  <button>Send me a link</button>
</form>{{end}}
{{define "home"}}<!doctype html><title>Home</title>
<p>Hello {{.MemberID}} of {{.OrganizationSlug}}</p>
<form method="post" action="/auth/logout"><button>Sign out</button></form>{{end}}`

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: os.Getenv("STYTCH_PROJECT_ID"),
		Secret:    os.Getenv("STYTCH_SECRET"),
		BaseURL:   os.Getenv("STYTCH_BASE_URL"), // the sandbox's; empty means Stytch itself
		Origin:    os.Getenv("ORIGIN"),          // such as https://app.example.com; empty on localhost
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
		LoginURL:  "/login",
	})
	if err != nil {
		return err
	}
	defer auth.Close()
	login, err := signin.New(auth, signin.Config{})
	if err != nil {
		return err
	}

	page := template.Must(template.New("pages").Parse(pages))
	mux := http.NewServeMux()
	stytchhttp.Mount(mux, login) // everything under /auth
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		_ = page.ExecuteTemplate(w, "login", map[string]string{
			"Message":  signin.Message(r.FormValue("reason")),
			"ReturnTo": stytchkit.ReturnTo(r.FormValue("return_to")),
		})
	})

	members := stytchhttp.Require(auth) // a session, or off to /login
	mux.Handle("GET /{$}", members(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = page.ExecuteTemplate(w, "home", stytchhttp.Session(r))
	})))
	mux.Handle("GET /api/me", members(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(stytchhttp.Session(r))
	})))

	server := &http.Server{
		Addr: cmp.Or(os.Getenv("ADDR"), "localhost:8080"), Handler: mux, ReadHeaderTimeout: 5 * time.Second,
	}
	return server.ListenAndServe()
}
