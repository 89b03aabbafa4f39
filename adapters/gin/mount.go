package stytchgin

import (
	"github.com/gin-gonic/gin"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Mount serves core/signin's handler under its prefix. Call it on the engine, or on a group without
// a path of its own: the handler sees whole paths. On any other group it panics.
func Mount(r gin.IRoutes, h stytchkit.Mountable) {
	if group, ok := r.(interface{ BasePath() string }); ok {
		stytchkit.MountsWhole(h, group.BasePath())
	}
	r.Any(h.Prefix()+"/*path", gin.WrapH(h))
}
