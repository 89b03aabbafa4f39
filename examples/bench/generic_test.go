package bench_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	ginjwt "github.com/appleboy/gin-jwt/v3"
	jwtmiddleware "github.com/auth0/go-jwt-middleware/v3"
	"github.com/auth0/go-jwt-middleware/v3/jwks"
	"github.com/auth0/go-jwt-middleware/v3/validator"
	"github.com/gin-gonic/gin"
	fiberjwt "github.com/gofiber/contrib/jwt"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// genericContenders are the JWT middlewares of the field, set up as their documentation says. They
// check what they can: echo-jwt and gofiber's check neither issuer nor audience.
func genericContenders() []contender {
	return []contender{
		{"nethttp", "auth0-v3", auth0Client},
		{"nethttp", "clerk-v2", clerkClient},
		{"gin", "gin-jwt", ginJWTClient},
		{"echo", "echo-jwt", echoJWTClient},
		{"fiber", "gofiber-jwt", fiberJWTClient},
	}
}

// stytchClaims are Stytch's own, for auth0's validator.
type stytchClaims struct {
	Session      consumer.SessionClaim `json:"https://stytch.com/session"`
	Organization sessions.OrgClaim     `json:"https://stytch.com/organization"`
}

var _ validator.CustomClaims = (*stytchClaims)(nil)

func (*stytchClaims) Validate(context.Context) error { return nil }

func auth0Client(tb testing.TB, x *experiment, c credential, seen *int) client {
	tb.Helper()
	must := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	keysAt, err := url.Parse(jwksURL(x.Server))
	must(err)
	provider, err := jwks.NewCachingProvider(jwks.WithIssuerURL(&url.URL{Scheme: "https", Host: "stytch.com"}), jwks.WithCustomJWKSURI(keysAt))
	must(err)
	checked, err := validator.New(
		validator.WithKeyFunc(provider.KeyFunc),
		validator.WithAlgorithm(validator.RS256),
		validator.WithIssuer(issuer(x.Server)),
		validator.WithAudience(x.Server.ProjectID()),
		validator.WithCustomClaims(func() *stytchClaims { return &stytchClaims{} }),
	)
	must(err)
	auth, err := jwtmiddleware.New(jwtmiddleware.WithValidator(checked))
	must(err)
	mux := http.NewServeMux()
	mux.Handle("GET /me", auth.CheckJWT(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if claims, err := jwtmiddleware.GetClaims[*validator.ValidatedClaims](r.Context()); err == nil {
			x.saw(seen, claims.RegisteredClaims.Subject)
		}
		w.WriteHeader(http.StatusOK)
	})))
	return newClient(mux, c)
}

func ginJWTClient(tb testing.TB, x *experiment, c credential, seen *int) client {
	tb.Helper()
	auth, err := ginjwt.New(&ginjwt.GinJWTMiddleware{
		Realm:        "bench",
		KeyFunc:      newKeyfunc(tb, x).Keyfunc,
		ParseOptions: checks(x.Server),
		IdentityKey:  "sub",
	})
	if err != nil {
		tb.Fatal(err)
	}
	r := newGin()
	r.GET("/me", auth.MiddlewareFunc(), func(c *gin.Context) {
		x.saw(seen, c.GetString("sub"))
		c.Status(http.StatusOK)
	})
	return newClient(r, c)
}

func echoJWTClient(tb testing.TB, x *experiment, c credential, seen *int) client {
	tb.Helper()
	e := echo.New()
	e.GET("/me", func(c echo.Context) error {
		if token, ok := c.Get("user").(*jwt.Token); ok {
			x.saw(seen, subject(token))
		}
		return c.NoContent(http.StatusOK)
	}, echojwt.WithConfig(echojwt.Config{
		KeyFunc:       newKeyfunc(tb, x).Keyfunc,
		NewClaimsFunc: func(echo.Context) jwt.Claims { return &sessions.Claims{} },
	}))
	return newClient(e, c)
}

func fiberJWTClient(tb testing.TB, x *experiment, c credential, seen *int) client {
	tb.Helper()
	app := fiber.New()
	app.Use(fiberjwt.New(fiberjwt.Config{KeyFunc: newKeyfunc(tb, x).Keyfunc, Claims: &sessions.Claims{}}))
	app.Get("/me", func(c *fiber.Ctx) error {
		if token, ok := c.Locals("user").(*jwt.Token); ok {
			x.saw(seen, subject(token))
		}
		return nil
	})
	return newFiberClient(app, c)
}

func subject(token *jwt.Token) string {
	claims, ok := token.Claims.(*sessions.Claims)
	if !ok {
		return ""
	}
	return claims.Subject
}
