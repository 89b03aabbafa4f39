package e2e

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	fibercors "github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// api is an application on one of the frameworks that pages of another origin call: GET /api/me
// behind a guard, GET /api/session and POST /api/logout as whole routes. It runs in this process, by the clock
// of its Authenticator.
type api struct {
	name  string
	start func(t *testing.T, auth *stytchkit.Authenticator, frontend string) (url string)
}

func apis() []api {
	return []api{{"gin", ginAPI}, {"echo", echoAPI}, {"fiber", fiberAPI}, {"nethttp", netHTTPAPI}}
}

// allow is CORS with credentials for one origin.
func allow(frontend string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", frontend)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		next.ServeHTTP(w, r)
	})
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func ginAPI(t *testing.T, auth *stytchkit.Authenticator, frontend string) string {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.GET("/api/session", stytchgin.ServeState(auth))
	r.POST("/api/logout", stytchgin.ServeSignOut(auth))
	r.GET("/api/me", stytchgin.Require(auth), func(c *gin.Context) { c.String(http.StatusOK, stytchgin.Session(c).Subject()) })
	return serve(t, allow(frontend, r))
}

func echoAPI(t *testing.T, auth *stytchkit.Authenticator, frontend string) string {
	t.Helper()
	e := echo.New()
	e.Use(echomw.CORSWithConfig(echomw.CORSConfig{AllowOrigins: []string{frontend}, AllowCredentials: true}))
	e.GET("/api/session", stytchecho.ServeState(auth))
	e.POST("/api/logout", stytchecho.ServeSignOut(auth))
	e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, stytchecho.Session(c).Subject()) }, stytchecho.Require(auth))
	return serve(t, e)
}

func fiberAPI(t *testing.T, auth *stytchkit.Authenticator, frontend string) string {
	t.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ReadBufferSize: 16 << 10})
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: frontend, AllowCredentials: true}))
	app.Get("/api/session", stytchfiber.ServeState(auth))
	app.Post("/api/logout", stytchfiber.ServeSignOut(auth))
	app.Get("/api/me", stytchfiber.Require(auth), func(c *fiber.Ctx) error { return c.SendString(stytchfiber.Session(c).Subject()) })
	tcp, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(tcp) }() // ends with the shutdown
	t.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + tcp.Addr().String()
}

func netHTTPAPI(t *testing.T, auth *stytchkit.Authenticator, frontend string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /api/session", stytchhttp.ServeState(auth))
	mux.Handle("POST /api/logout", stytchhttp.ServeSignOut(auth))
	mux.Handle("GET /api/me", stytchhttp.Require(auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(stytchhttp.Session(r).Subject()))
	})))
	return serve(t, allow(frontend, mux))
}
