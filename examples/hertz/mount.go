package stytchhertz

import (
	"context"
	"net/http"
	"regexp"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/network"
	"github.com/cloudwego/hertz/pkg/route"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Mount serves core/signin's handler under its prefix. Call it on the server itself: the handler sees whole
// paths.
func Mount(r *route.RouterGroup, h stytchkit.Mountable) {
	stytchkit.MountsWhole(h, r.BasePath())
	r.Any(h.Prefix()+"/*path", func(ctx context.Context, c *app.RequestContext) { serve(ctx, c, h) })
}

// serve has a handler of net/http answer.
func serve(ctx context.Context, c *app.RequestContext, h http.Handler) {
	bridge := stytchkit.Bridge{
		Context: ctx, Request: requestOf(c), Header: headerOf(c),
		VisitHeader: c.Request.Header.VisitAll, StreamLength: int64(c.Request.Header.ContentLength()),
	}
	if conn, ok := c.GetConn().(network.ConnTLSer); ok {
		state := conn.ConnectionState()
		bridge.TLS = &state
	}
	if c.Request.IsBodyStream() {
		bridge.Stream = c.Request.BodyStream()
	} else {
		bridge.Body = c.Request.Body()
	}
	status, body := bridge.Serve(h)
	write(c, status, body)
}

// Routes lists the routes that are registered, for stytchtest.Unprotected.
func Routes(engine *route.Engine) []stytchkit.Route {
	special := regexp.MustCompile(`(\x00)|:([^/]+)|\*([^/]*)`)
	var routes []stytchkit.Route
	for _, r := range engine.Routes() {
		routes = append(routes, stytchkit.Route{Method: r.Method, Path: stytchkit.InBraces(r.Path, special)})
	}
	return routes
}
