package stytchecho_test

import (
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func Example() {
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: "project-test-11111111-1111-1111-1111-111111111111",
		Secret:    "secret-test-…",
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer auth.Close()

	e := echo.New()
	e.Use(middleware.Recover(), stytchecho.Optional(auth)) // a session if there is one
	api := e.Group("/api", stytchecho.Require(auth))       // 401 without
	api.GET("/me", func(c *echo.Context) error {
		return c.JSON(http.StatusOK, stytchecho.Session(c))
	})
	// e.Start(":8080")
}

func ExampleForward() {
	auth, stop := standIn()
	defer stop()

	e := echo.New()
	fallback := echo.DefaultHTTPErrorHandler(false)
	e.HTTPErrorHandler = func(c *echo.Context, err error) { // the application's own
		var denial *stytchkit.Denial
		if errors.As(err, &denial) {
			_ = c.JSON(denial.Status, map[string]any{"error": denial.Title()})
			return
		}
		fallback(c, err)
	}
	e.Use(stytchecho.RequireWithConfig(auth, stytchecho.Config{ErrorHandler: stytchecho.Forward}))
	e.GET("/me", func(c *echo.Context) error { return c.JSON(http.StatusOK, stytchecho.Session(c)) })

	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/me", http.NoBody))
	fmt.Print(w.Code, " ", w.Header().Get("WWW-Authenticate"), " ", w.Body)
	// Output: 401 Bearer {"error":"Sign in to continue"}
}

func ExampleRoutes() {
	auth, stop := standIn()
	defer stop()

	e := echo.New()
	e.GET("/healthz", func(c *echo.Context) error { return c.NoContent(http.StatusOK) })
	api := e.Group("/api", stytchecho.Require(auth))
	api.GET("/orgs/:org", func(c *echo.Context) error { return c.NoContent(http.StatusOK) })

	public, err := stytchtest.Unprotected(stytchtest.InProcess(e), stytchecho.Routes(e))
	fmt.Println(public, err)
	// Output: [GET /healthz] <nil>
}

// standIn is an Authenticator of a stand-in for Stytch.
func standIn() (auth *stytchkit.Authenticator, stop func()) {
	srv, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		log.Fatal(err)
	}
	auth, err = stytchkit.New(srv.Config())
	if err != nil {
		log.Fatal(err)
	}
	return auth, func() { auth.Close(); srv.Close() }
}
