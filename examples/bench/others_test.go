package bench_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// otherContenders are what an application has without the kit: middleware by hand over Stytch's
// SDK, or over golang-jwt with keyfunc, and the generic JWT middlewares.
func otherContenders() []contender {
	all := genericContenders()
	for _, framework := range []struct {
		name   string
		client func(verify, *experiment, credential, *int) client
	}{
		{"nethttp", netHTTPByHand}, {"gin", ginByHand}, {"echo", echoByHand}, {"fiber", fiberByHand},
	} {
		for _, way := range []struct {
			name   string
			verify func(testing.TB, *experiment) verify
		}{
			{"sdk-by-hand", verifyBySDK}, {"golang-jwt+keyfunc", verifyByKeyfunc},
		} {
			all = append(all, contender{framework.name, way.name, func(tb testing.TB, x *experiment, c credential, seen *int) client {
				return framework.client(way.verify(tb, x), x, c, seen)
			}})
		}
	}
	return all
}

// verify says whose a JWT is.
type verify func(ctx context.Context, token string) (memberID string, err error)

func verifyBySDK(tb testing.TB, x *experiment) verify {
	tb.Helper()
	stytch, err := b2bstytchapi.NewClient(x.Server.ProjectID(), x.Server.Secret(),
		b2bstytchapi.WithBaseURI(x.Server.URL()), b2bstytchapi.WithInitializationContext(tb.Context()))
	if err != nil {
		tb.Fatal(err)
	}
	return func(ctx context.Context, token string) (string, error) {
		reply, err := stytch.Sessions.AuthenticateJWT(ctx, &sessions.AuthenticateJWTParams{
			MaxTokenAge: crowd.Lifetime,
			Body:        &sessions.AuthenticateParams{SessionJWT: token},
		})
		if err != nil {
			return "", err
		}
		return reply.MemberSession.MemberID, nil
	}
}

func verifyByKeyfunc(tb testing.TB, x *experiment) verify {
	tb.Helper()
	keys := newKeyfunc(tb, x)
	parser := jwt.NewParser(checks(x.Server)...)
	return func(_ context.Context, token string) (string, error) {
		var claims sessions.Claims
		if _, err := parser.ParseWithClaims(token, &claims, keys.Keyfunc); err != nil {
			return "", err
		}
		return claims.Subject, nil
	}
}

// newKeyfunc holds the project's keys, fetched once.
func newKeyfunc(tb testing.TB, x *experiment) keyfunc.Keyfunc {
	tb.Helper()
	keys, err := keyfunc.NewDefaultCtx(tb.Context(), []string{jwksURL(x.Server)})
	if err != nil {
		tb.Fatal(err)
	}
	return keys
}

func jwksURL(s *stytchtest.Server) string {
	return s.URL() + "/v1/b2b/sessions/jwks/" + s.ProjectID()
}

func issuer(s *stytchtest.Server) string { return "stytch.com/" + s.ProjectID() }

// checks are what a session JWT of the project must meet.
func checks(s *stytchtest.Server) []jwt.ParserOption {
	return []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithIssuer(issuer(s)), jwt.WithAudience(s.ProjectID()), jwt.WithExpirationRequired(),
	}
}

var errNoBearer = errors.New("no bearer token")

func authenticate(ctx context.Context, verify verify, header string) (string, error) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return "", errNoBearer
	}
	return verify(ctx, token)
}

type memberKey struct{}

func netHTTPByHand(verify verify, x *experiment, c credential, seen *int) client {
	mux := http.NewServeMux()
	auth := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id, err := authenticate(r.Context(), verify, r.Header.Get("Authorization"))
			if err != nil {
				http.Error(w, err.Error(), http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), memberKey{}, id)))
		})
	}
	mux.Handle("GET /me", auth(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := r.Context().Value(memberKey{}).(string)
		x.saw(seen, id)
		w.WriteHeader(http.StatusOK)
	})))
	return newClient(mux, c)
}

func ginByHand(verify verify, x *experiment, c credential, seen *int) client {
	r := newGin()
	r.Use(func(c *gin.Context) {
		id, err := authenticate(c.Request.Context(), verify, c.GetHeader("Authorization"))
		if err != nil {
			c.AbortWithStatus(http.StatusUnauthorized)
			return
		}
		c.Set("member", id)
	})
	r.GET("/me", func(c *gin.Context) {
		x.saw(seen, c.GetString("member"))
		c.Status(http.StatusOK)
	})
	return newClient(r, c)
}

func echoByHand(verify verify, x *experiment, c credential, seen *int) client {
	e := echo.New()
	auth := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			id, err := authenticate(c.Request().Context(), verify, c.Request().Header.Get("Authorization"))
			if err != nil {
				return echo.ErrUnauthorized
			}
			c.Set("member", id)
			return next(c)
		}
	}
	e.GET("/me", func(c echo.Context) error {
		id, _ := c.Get("member").(string)
		x.saw(seen, id)
		return c.NoContent(http.StatusOK)
	}, auth)
	return newClient(e, c)
}

func fiberByHand(verify verify, x *experiment, c credential, seen *int) client {
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		id, err := authenticate(c.UserContext(), verify, c.Get("Authorization"))
		if err != nil {
			return fiber.ErrUnauthorized
		}
		c.Locals(memberKey{}, id)
		return c.Next()
	})
	app.Get("/me", func(c *fiber.Ctx) error {
		id, _ := c.Locals(memberKey{}).(string)
		x.saw(seen, id)
		return nil
	})
	return newFiberClient(app, c)
}
