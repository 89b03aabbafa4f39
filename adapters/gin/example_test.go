package stytchgin_test

import (
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
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

	r := gin.New()
	r.Use(gin.Recovery(), stytchgin.Optional(auth)) // a session if there is one
	api := r.Group("/api", stytchgin.Require(auth)) // 401 without
	api.GET("/me", func(c *gin.Context) {
		c.JSON(http.StatusOK, stytchgin.Session(c))
	})
	// r.Run(":8080")
}

func ExampleForward() {
	auth, stop := standIn()
	defer stop()

	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(func(c *gin.Context) { // the application's own error middleware
		c.Next()
		var denial *stytchkit.Denial
		if last := c.Errors.Last(); last != nil && errors.As(last, &denial) {
			c.JSON(denial.Status, gin.H{"error": denial.Title()})
		}
	})
	r.Use(stytchgin.RequireWithConfig(auth, stytchgin.Config{ErrorHandler: stytchgin.Forward}))
	r.GET("/me", func(c *gin.Context) { c.JSON(http.StatusOK, stytchgin.Session(c)) })

	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/me", http.NoBody))
	fmt.Println(w.Code, w.Body, w.Header().Get("WWW-Authenticate"))
	// Output: 401 {"error":"Sign in to continue"} Bearer
}

func ExampleRoutes() {
	auth, stop := standIn()
	defer stop()

	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.GET("/healthz", func(c *gin.Context) { c.Status(http.StatusOK) })
	api := r.Group("/api", stytchgin.Require(auth))
	api.GET("/orgs/:org", func(c *gin.Context) { c.Status(http.StatusOK) })

	public, err := stytchtest.Unprotected(stytchtest.InProcess(r), stytchgin.Routes(r))
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
