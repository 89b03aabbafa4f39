package main

import (
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

// newRouter serves /api by chi and all else by the standard mux, to show both. It returns the routes
// too, which the standard mux cannot be asked for.
func newRouter(auth *stytchkit.Authenticator, login *signin.Handler, app *demo.App) (http.Handler, []stytchkit.Route) {
	r := &mux{ServeMux: http.NewServeMux()}

	r.handle("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusOK, "ok") })
	r.handle("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := auth.Ready(r.Context()); err != nil {
			text(w, http.StatusServiceUnavailable, "not ready: the project's signing keys could not be fetched yet")
			return
		}
		text(w, http.StatusOK, "ready")
	})
	r.handle("GET /static/demo.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(demo.Stylesheet())
	})

	r.handle("GET /static/demo.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write(demo.Script())
	})

	r.handle("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		page(w, app.HomePage(r.Context()))
	}, stytchhttp.Optional(auth))
	r.handle("GET /login", func(w http.ResponseWriter, r *http.Request) {
		page(w, app.LoginPage(r.URL.Query().Get))
	})
	r.handle("GET /profile", func(w http.ResponseWriter, r *http.Request) {
		page(w, app.ProfilePage(stytchhttp.State(r, auth)))
	}, stytchhttp.Require(auth))

	r.handle("GET /settings", func(w http.ResponseWriter, r *http.Request) {
		page(w, app.SettingsPage(r.Context()))
	}, stytchhttp.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute)))

	r.handle("GET /seed", func(w http.ResponseWriter, r *http.Request) {
		page(w, app.SeedPage(r.Context()))
	}, stytchhttp.Optional(auth))

	api := chi.NewRouter()
	api.Method(http.MethodGet, "/session", stytchhttp.ServeState(auth))
	scope := stytchkit.Scopes("read:documents")
	api.With(stytchhttp.RequireToken(auth, scope)).Get("/machine", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, demo.Machine(r.Context()))
	})
	either := auth.Either(auth.Require(), auth.RequireToken(scope))
	api.With(stytchhttp.Guard(either, stytchhttp.Config{})).Get("/either", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, demo.Either(r.Context()))
	})

	signedIn := api.With(stytchhttp.Require(auth))
	signedIn.Get("/me", me)
	signedIn.With(stytchhttp.Require(auth, stytchkit.Fresh(0))).Get("/fresh", me)
	signedIn.With(stytchhttp.Require(auth, stytchkit.Role("stytch_admin"))).Get("/admin", me)
	signedIn.With(stytchhttp.Require(auth, stytchkit.AuthenticatedWithin(10*time.Minute))).Get("/secure", me)
	signedIn.Get("/events", func(w http.ResponseWriter, r *http.Request) {
		live, stop := stytchkit.Live(r.Context())
		defer stop()
		w.Header().Set("Content-Type", "text/event-stream")
		app.Events(live, w, http.NewResponseController(w).Flush)
	})

	list := func(w http.ResponseWriter, r *http.Request) { answer(w, http.StatusOK, app.Documents(r.Context())) }
	add := func(w http.ResponseWriter, r *http.Request) {
		document, err := app.AddDocument(r.Context(), r.Body)
		if err != nil {
			answer(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		answer(w, http.StatusCreated, document)
	}
	read, create := stytchkit.Permission("documents", "read"), stytchkit.Permission("documents", "create")
	if app.Vertical() == stytchkit.Consumer { // without organizations
		signedIn.With(stytchhttp.Require(auth, read)).Get("/documents", list)
		signedIn.With(stytchhttp.Require(auth, create)).Post("/documents", add)
	} else {
		inOrg := stytchkit.Organization(stytchkit.PathParam("org"))
		signedIn.With(stytchhttp.Require(auth, inOrg, read)).Get("/orgs/{org}/documents", list)
		signedIn.With(stytchhttp.Require(auth, inOrg, create)).Post("/orgs/{org}/documents", add)
	}
	if app.Webhooks != nil {
		stytchhttp.Mount(r.ServeMux, app.Webhooks)
		r.patterns = append(r.patterns, "POST "+app.Webhooks.Prefix()+"/{path...}")
	}
	if login != nil {
		stytchhttp.Mount(r.ServeMux, login)
		r.patterns = append(r.patterns, "GET "+login.Prefix()+"/{path...}")
	} else {
		api.Handle("/logout", stytchhttp.ServeSignOut(auth))
	}
	notFound := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		w.Write(app.NotFoundPage())
	}
	api.NotFound(notFound)
	r.mount("/api", api)
	r.Handle("/", http.HandlerFunc(notFound))

	if app.Sandbox != nil {
		addSandbox(r, auth, app)
	}
	return chi.Chain(middleware.Recoverer, headers).Handler(r), stytchhttp.Routes(r.patterns...)
}

// addSandbox adds what exists only in the sandbox: anybody may sign in as anybody.
func addSandbox(r *mux, auth *stytchkit.Authenticator, app *demo.App) {
	r.handle("GET /sandbox", func(w http.ResponseWriter, _ *http.Request) { page(w, app.SandboxPage()) })
	r.handle("GET /sandbox/calls", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, app.Sandbox.CountCalls()) })
	r.handle("POST /sandbox/action", func(w http.ResponseWriter, r *http.Request) {
		if err := app.Sandbox.Do(r.PostFormValue("action")); err != nil {
			text(w, http.StatusBadRequest, err.Error())
			return
		}
		http.Redirect(w, r, app.At("/sandbox"), http.StatusSeeOther)
	}, sameOrigin)
	r.handle("POST /sandbox/sign-in", func(w http.ResponseWriter, r *http.Request) {
		s, err := app.Sandbox.SignIn(r.PostFormValue("member"), r.PostFormValue("jwt"))
		if err != nil {
			text(w, http.StatusBadRequest, err.Error())
			return
		}
		if err := stytchhttp.SaveSession(w, r, auth, s.Token, s.JWT, s.ExpiresAt); err != nil {
			text(w, http.StatusInternalServerError, "the session cannot be saved: "+err.Error())
			return
		}
		http.Redirect(w, r, app.ReturnTo(r.PostFormValue("return_to")), http.StatusSeeOther) //nolint:gosec // ReturnTo lets only this origin's paths through
	}, sameOrigin)
}

func me(w http.ResponseWriter, r *http.Request) { answer(w, http.StatusOK, demo.Me(r.Context())) }

func text(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, message) //nolint:gosec // as plain text, with nosniff
}

func page(w http.ResponseWriter, html []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(html) //nolint:gosec // html/template has escaped it
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // a client that is gone needs no answer
}

// headers sets the headers of every response.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range demo.Headers() {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses forms that another origin's page sends. Guards do so themselves; this is for
// the routes without one.
func sameOrigin(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(next)
}
