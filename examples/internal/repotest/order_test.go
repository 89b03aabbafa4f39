package repotest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

type do = func(*http.Request) (*http.Response, error)

func ginOf(build func(*gin.Engine)) do {
	gin.SetMode(gin.TestMode)
	r := gin.New()
	build(r)
	return stytchtest.InProcess(r)
}

func echoOf(build func(*echo.Echo)) do {
	e := echo.New()
	build(e)
	return stytchtest.InProcess(e)
}

func fiberOf(config fiber.Config, build func(*fiber.App)) do {
	app := fiber.New(config)
	build(app)
	return func(r *http.Request) (*http.Response, error) { return app.Test(r, -1) }
}

func chiOf(build func(chi.Router)) do {
	r := chi.NewRouter()
	build(r)
	return stytchtest.InProcess(r)
}

func ginOK(c *gin.Context)                          { c.Status(http.StatusNoContent) }
func echoOK(c echo.Context) error                   { return c.NoContent(http.StatusNoContent) }
func fiberOK(c *fiber.Ctx) error                    { return c.SendStatus(http.StatusNoContent) }
func httpOK(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func newAuth(t *testing.T) (*stytchtest.Server, *stytchkit.Authenticator) {
	t.Helper()
	srv := stytchtest.Start(t)
	auth := srv.Authenticator(t)
	return srv, auth
}

func TestWhereARuleThatReadsAPathParameterMustStand(t *testing.T) {
	srv, auth := newAuth(t)
	alice := srv.AddMember(stytchtest.Member{Organization: "acme"}).SignIn()
	rule := stytchkit.Organization(stytchkit.PathParam("org"))
	require := stytchhttp.Require(auth, rule)
	for _, row := range []struct {
		name   string
		do     do
		status int
	}{
		{"gin, a group in front of the parameter", ginOf(func(r *gin.Engine) {
			r.Group("/orgs", stytchgin.Require(auth, rule)).GET("/:org/documents", ginOK)
		}), 204},
		{"echo, a group in front of the parameter", echoOf(func(e *echo.Echo) {
			e.Group("/orgs", stytchecho.Require(auth, rule)).GET("/:org/documents", echoOK)
		}), 204},
		{"fiber, a group in front of the parameter", fiberOf(fiber.Config{}, func(app *fiber.App) {
			app.Group("/orgs", stytchfiber.Require(auth, rule)).Get("/:org/documents", fiberOK)
		}), 500},
		{"fiber, a group with the parameter", fiberOf(fiber.Config{}, func(app *fiber.App) {
			app.Group("/orgs/:org", stytchfiber.Require(auth, rule)).Get("/documents", fiberOK)
		}), 204},
		{"fiber, the route", fiberOf(fiber.Config{}, func(app *fiber.App) {
			app.Get("/orgs/:org/documents", stytchfiber.Require(auth, rule), fiberOK)
		}), 204},
		{"chi, a sub-router in front of the parameter", chiOf(func(r chi.Router) {
			r.Route("/orgs", func(r chi.Router) { r.Use(require); r.Get("/{org}/documents", httpOK) })
		}), 500},
		{"chi, a sub-router with the parameter", chiOf(func(r chi.Router) {
			r.Route("/orgs/{org}", func(r chi.Router) { r.Use(require); r.Get("/documents", httpOK) })
		}), 204},
		{"chi, With", chiOf(func(r chi.Router) { r.With(require).Get("/orgs/{org}/documents", httpOK) }), 204},
		{"chi, a group without a prefix", chiOf(func(r chi.Router) {
			r.Group(func(r chi.Router) { r.Use(require); r.Get("/orgs/{org}/documents", httpOK) })
		}), 204},
		{"http.ServeMux, around the mux", func() do {
			mux := http.NewServeMux()
			mux.HandleFunc("GET /orgs/{org}/documents", httpOK)
			return stytchtest.InProcess(require(mux))
		}(), 500},
		{"http.ServeMux, around the handler", func() do {
			mux := http.NewServeMux()
			mux.Handle("GET /orgs/{org}/documents", require(http.HandlerFunc(httpOK)))
			return stytchtest.InProcess(mux)
		}(), 204},
	} {
		expect(t, row.name, row.do, alice.Request(http.MethodGet, "/orgs/acme/documents"), row.status)
	}
}

func TestAuthStandsBeforeRoutes(t *testing.T) {
	_, auth := newAuth(t)
	for _, row := range []struct {
		name   string
		do     do
		status int
	}{
		{"gin, a route before Use", ginOf(func(r *gin.Engine) { r.GET("/x", ginOK); r.Use(stytchgin.Require(auth)) }), 204},
		{"gin, a route after Use", ginOf(func(r *gin.Engine) { r.Use(stytchgin.Require(auth)); r.GET("/x", ginOK) }), 401},
		{"fiber, a route before Use", fiberOf(fiber.Config{}, func(app *fiber.App) { app.Get("/x", fiberOK); app.Use(stytchfiber.Require(auth)) }), 204},
		{"fiber, a route after Use", fiberOf(fiber.Config{}, func(app *fiber.App) { app.Use(stytchfiber.Require(auth)); app.Get("/x", fiberOK) }), 401},
		{"echo, a route before a group's Use", echoOf(func(e *echo.Echo) { g := e.Group(""); g.GET("/x", echoOK); g.Use(stytchecho.Require(auth)) }), 204},
		{"echo, a route after a group's Use", echoOf(func(e *echo.Echo) { g := e.Group(""); g.Use(stytchecho.Require(auth)); g.GET("/x", echoOK) }), 401},
		{"echo, a route before the application's Use", echoOf(func(e *echo.Echo) { e.GET("/x", echoOK); e.Use(stytchecho.Require(auth)) }), 401},
	} {
		expect(t, row.name, row.do, httptest.NewRequest(http.MethodGet, "/x", http.NoBody), row.status)
	}
	defer func() {
		if recover() == nil {
			t.Error("chi took a Use after a route")
		}
	}()
	chiOf(func(r chi.Router) { r.Get("/x", httpOK); r.Use(stytchhttp.Require(auth)) })
}

func TestAPreflightMeetsCORSBeforeAuth(t *testing.T) {
	_, auth := newAuth(t)
	cors := func(c *gin.Context) { // as CORS middlewares do
		c.Header("Access-Control-Allow-Origin", "https://app.example.com")
		if c.GetHeader("Access-Control-Request-Method") != "" {
			c.AbortWithStatus(http.StatusNoContent)
		}
	}
	first := ginOf(func(r *gin.Engine) { r.Use(cors, stytchgin.Require(auth)); r.Any("/x", ginOK) })
	last := ginOf(func(r *gin.Engine) { r.Use(stytchgin.Require(auth), cors); r.Any("/x", ginOK) })
	preflight := httptest.NewRequest(http.MethodOptions, "/x", http.NoBody)
	preflight.Header.Set("Access-Control-Request-Method", "GET")
	plain := httptest.NewRequest(http.MethodOptions, "/x", http.NoBody)
	expect(t, "CORS first, a preflight", first, preflight, 204)
	expect(t, "CORS last, a preflight", last, preflight, 401)
	if res := expect(t, "CORS first, plain OPTIONS", first, plain, 401); res.Header.Get("Access-Control-Allow-Origin") == "" {
		t.Error("a script cannot read the denial: it has no CORS headers")
	}
}

func TestFibersDefaultReadBufferIsTooSmall(t *testing.T) {
	_, auth := newAuth(t)
	request := httptest.NewRequest(http.MethodGet, "/x", http.NoBody)
	request.Header.Set("Cookie", "other="+strings.Repeat("x", 5<<10))
	build := func(app *fiber.App) { app.Get("/x", stytchfiber.Optional(auth), fiberOK) }
	expect(t, "16 KB", fiberOf(fiber.Config{ReadBufferSize: 16 << 10}, build), request, 204)
	if res, err := fiberOf(fiber.Config{}, build)(request); err == nil {
		t.Errorf("5 KB of cookies were answered %d with Fiber's default", res.StatusCode)
	}
}

func expect(t *testing.T, name string, do do, r *http.Request, status int) *http.Response {
	t.Helper()
	res, err := do(r)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer res.Body.Close()
	if res.StatusCode != status {
		t.Errorf("%s: got %d, want %d", name, res.StatusCode, status)
	}
	return res
}

func TestChisRoutesAreFoundByWalking(t *testing.T) {
	_, auth := newAuth(t)
	r := chi.NewRouter()
	r.Get("/healthz", httpOK)
	r.Route("/orgs/{org:[0-9]+}", func(r chi.Router) {
		r.Get("/early", httpOK)
		r.Group(func(r chi.Router) {
			r.Use(stytchhttp.Require(auth))
			r.Get("/documents/{id}", httpOK)
			r.Get("/files/*", httpOK)
			r.Post("/documents", httpOK)
		})
	})
	var routes []stytchkit.Route
	err := chi.Walk(r, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, stytchhttp.Routes(method+" "+route)...)
		return nil
	})
	if err != nil || len(routes) != 5 {
		t.Fatalf("found %v (%v), want 5 routes", routes, err)
	}
	open, err := stytchtest.Unprotected(stytchtest.InProcess(r), routes)
	if got := fmt.Sprint(open); err != nil || got != "[GET /healthz GET /orgs/{org}/early]" {
		t.Errorf("open to anybody are %s (%v)", got, err)
	}
}
