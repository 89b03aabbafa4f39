package bench_test

import (
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
	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// framework is one that the kit has an adapter for. Its client is of an application behind the adapter,
// and of the framework alone where there is no Authenticator.
type framework struct {
	name   string
	client func(*stytchkit.Authenticator, *experiment, credential, *int) client
}

// frameworks are all but Fiber 3, which needs another fasthttp than Fiber 2: see [BenchmarkAdded].
func frameworks() []framework {
	return []framework{
		{"nethttp", netHTTPClient}, {"gin", ginClient}, {"echo", echoClient}, {"fiber", fiberClient},
		{"echo5", echo5Client}, {"connect", connectClient}, {"grpc", grpcClient},
	}
}

// kitContenders are each framework alone, with the kit that remembers the session, and with the
// kit's memory turned off, so that every request is the first of its JWT.
func kitContenders() []contender {
	var all []contender
	for _, f := range frameworks() {
		with := func(auth func(testing.TB, *experiment) *stytchkit.Authenticator) func(testing.TB, *experiment, credential, *int) client {
			return func(tb testing.TB, x *experiment, c credential, seen *int) client {
				return f.client(auth(tb, x), x, c, seen)
			}
		}
		all = append(all,
			contender{f.name, "none", with(func(testing.TB, *experiment) *stytchkit.Authenticator { return nil })},
			contender{f.name, "stytchkit", with(func(tb testing.TB, x *experiment) *stytchkit.Authenticator { return newKit(tb, x, 0) })},
			contender{f.name, "stytchkit-first-seen", with(func(tb testing.TB, x *experiment) *stytchkit.Authenticator { return newKit(tb, x, -1) })},
		)
	}
	return all
}

// BenchmarkAdded is what the kit adds to each framework for a remembered session, by both cookies. Those of
// Fiber 2 and Fiber 3 are compared by BenchmarkSibling of their adapters.
func BenchmarkAdded(b *testing.B) {
	x := newExperiment(b, 1)
	for _, f := range append(frameworks(), framework{"connect-by-nethttp", connectByElder}) {
		b.Run(f.name, func(b *testing.B) {
			const requests = 2_000
			seen := 0
			guarded := f.client(newKit(b, x, 0), x, x.cookies(), &seen)
			alone := f.client(nil, x, x.cookies(), &seen)
			inTurns(b, requests, guarded.send, alone.send)
			if answered := guarded.answers(http.StatusOK) + alone.answers(http.StatusOK); seen == 0 || seen != answered {
				b.Fatalf("%d handlers saw the member, and %d requests were answered 200", seen, answered)
			}
		})
	}
}

// newKit is the kit with its defaults, but for how many sessions it remembers and how old one may
// be: a benchmark's JWTs outlive the 5 minutes of Stytch's.
func newKit(tb testing.TB, x *experiment, sessions int) *stytchkit.Authenticator {
	tb.Helper()
	return x.Server.Authenticator(tb, func(c *stytchkit.Config) {
		c.Freshness, c.Limits.Sessions = crowd.Lifetime, sessions
	})
}

// Without an Authenticator the framework stands alone, and its handler takes everybody for the member.

func netHTTPClient(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	mux := http.NewServeMux()
	if auth == nil {
		mux.HandleFunc("GET /me", func(w http.ResponseWriter, _ *http.Request) {
			x.saw(seen, x.member.ID)
			w.WriteHeader(http.StatusOK)
		})
		return newClient(mux, c)
	}
	mux.Handle("GET /me", stytchhttp.Require(auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.saw(seen, stytchhttp.Session(r).MemberID())
		w.WriteHeader(http.StatusOK)
	})))
	return newClient(mux, c)
}

func ginClient(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	r := newGin()
	if auth == nil {
		r.GET("/me", func(c *gin.Context) {
			x.saw(seen, x.member.ID)
			c.Status(http.StatusOK)
		})
		return newClient(r, c)
	}
	r.GET("/me", stytchgin.Require(auth), func(c *gin.Context) {
		x.saw(seen, stytchgin.Session(c).MemberID())
		c.Status(http.StatusOK)
	})
	return newClient(r, c)
}

func newGin() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	return gin.New()
}

func echoClient(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	e := echo.New()
	if auth == nil {
		e.GET("/me", func(c echo.Context) error {
			x.saw(seen, x.member.ID)
			return c.NoContent(http.StatusOK)
		})
		return newClient(e, c)
	}
	e.GET("/me", func(c echo.Context) error {
		x.saw(seen, stytchecho.Session(c).MemberID())
		return c.NoContent(http.StatusOK)
	}, stytchecho.Require(auth))
	return newClient(e, c)
}

func fiberClient(auth *stytchkit.Authenticator, x *experiment, c credential, seen *int) client {
	app := fiber.New()
	if auth == nil {
		app.Get("/me", func(*fiber.Ctx) error {
			x.saw(seen, x.member.ID)
			return nil
		})
		return newFiberClient(app, c)
	}
	app.Get("/me", stytchfiber.Require(auth), func(c *fiber.Ctx) error {
		x.saw(seen, stytchfiber.Session(c).MemberID())
		return nil
	})
	return newFiberClient(app, c)
}
