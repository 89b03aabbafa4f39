package stytchgin_test

import (
	"net/http"
	"strings"
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
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, "/v1") || !strings.Contains(said, "Config.Prefix") {
			t.Errorf("it says %q", said)
		}
	}()
	r := gin.New()
	stytchgin.Mount(r.Group(""), mountable{http.NotFoundHandler()})
	stytchgin.Mount(r.Group("/v1"), mountable{http.NotFoundHandler()})
}

type mountable struct{ http.Handler }

func (mountable) Prefix() string { return "/auth" }
