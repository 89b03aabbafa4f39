package stytchecho_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestMount(t *testing.T) {
	adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
		e := echo.New()
		e.Use(stytchecho.Optional(auth))
		stytchecho.Mount(e, h)
		return &http.Server{Handler: e}
	})
}

func TestMountRefusesAGroupWithAPath(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "/v1") || !strings.Contains(said, "Config.Prefix") {
			t.Errorf("it says %q", said)
		}
	}()
	r := echo.New()
	stytchecho.Mount(r.Group(""), mountable{http.NotFoundHandler()})
	stytchecho.Mount(r.Group("/v1"), mountable{http.NotFoundHandler()})
}

type mountable struct{ http.Handler }

func (mountable) Prefix() string { return "/auth" }
