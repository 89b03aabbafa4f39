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
	r, headers := request{c}, header{c}
	answer := http.Header{"Vary": headers.Values("Vary")}
	bridge := stytchkit.Bridge{
		Context: ctx, Method: r.Method(), Target: r.Target(), Host: r.Host(), RemoteAddr: r.RemoteAddr(),
		RequestHeader: r.all, StreamLength: int64(c.Request.Header.ContentLength()), Header: answer,
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
	status, body, err := bridge.Serve(h)
	if err != nil {
		c.SetStatusCode(http.StatusBadRequest)
		return
	}
	for name, values := range answer {
		headers.Del(name)
		for _, value := range values {
			headers.Add(name, value)
		}
	}
	write(c, status, body)
}

// all are the request's headers but Host. Cookies come first: VisitAll writes them anew.
func (r request) all(yield func(name, value string) bool) {
	for i := 0; ; i++ {
		line, ok := r.Header("Cookie", i)
		if !ok {
			break
		}
		yield("Cookie", line)
	}
	r.c.Request.Header.VisitAll(func(name, value []byte) {
		if n := string(name); n != "Cookie" && n != "Host" {
			yield(n, string(value))
		}
	})
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
