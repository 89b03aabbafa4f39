package bench_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// BenchmarkPage is the whole of README's first sample on each framework: a remembered session,
// answered as JSON.
func BenchmarkPage(b *testing.B) {
	s := signIn(b)
	for _, page := range []struct {
		framework string
		client    func(*stytchkit.Authenticator, *pageCount, credential) client
	}{
		{"nethttp", netHTTPPage}, {"gin", ginPage}, {"echo", echoPage}, {"fiber", fiberPage},
	} {
		b.Run(page.framework, func(b *testing.B) {
			count := &pageCount{of: s.id}
			measure(b, page.client(s.kit(b, stytchkit.Backend), count, bearer(s.session.JWT())), &count.seen)
		})
	}
}

// pageCount counts the pages of one member.
type pageCount struct {
	of   string
	seen int
}

func (n *pageCount) session(s *stytchkit.Session) *stytchkit.Session {
	if s.MemberID() == n.of {
		n.seen++
	}
	return s
}

func netHTTPPage(auth *stytchkit.Authenticator, n *pageCount, c credential) client {
	mux := http.NewServeMux()
	mux.Handle("GET /me", stytchhttp.Require(auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		_ = json.NewEncoder(w).Encode(n.session(stytchhttp.Session(r))) // nothing is sent
	})))
	return newClient(mux, c)
}

func ginPage(auth *stytchkit.Authenticator, n *pageCount, c credential) client {
	r := newGin()
	r.GET("/me", stytchgin.Require(auth), func(c *gin.Context) {
		c.JSON(http.StatusOK, n.session(stytchgin.Session(c)))
	})
	return newClient(r, c)
}

func echoPage(auth *stytchkit.Authenticator, n *pageCount, c credential) client {
	e := echo.New()
	e.GET("/me", func(c echo.Context) error {
		return c.JSON(http.StatusOK, n.session(stytchecho.Session(c)))
	}, stytchecho.Require(auth))
	return newClient(e, c)
}

func fiberPage(auth *stytchkit.Authenticator, n *pageCount, c credential) client {
	app := fiber.New()
	app.Get("/me", stytchfiber.Require(auth), func(c *fiber.Ctx) error {
		return c.JSON(n.session(stytchfiber.Session(c)))
	})
	return newFiberClient(app, c)
}
