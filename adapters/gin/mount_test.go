package stytchgin_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestMount(t *testing.T) {
	adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
		r := gin.New()
		r.Use(stytchgin.Optional(auth))
		stytchgin.Mount(r, h)
		return &http.Server{Handler: r}
	})
}

func TestMountRefusesAGroupWithAPath(t *testing.T) {
	adaptertest.MountsWhole(t, func(group string, h stytchkit.Mountable) { stytchgin.Mount(gin.New().Group(group), h) })
}
