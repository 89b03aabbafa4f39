package stytchecho_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
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
	adaptertest.MountsWhole(t, func(group string, h stytchkit.Mountable) { stytchecho.Mount(echo.New().Group(group), h) })
}
