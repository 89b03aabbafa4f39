// Package company holds the adapters against the middleware, handlers and routers that applications really
// have: compression, page caches, proxies, timeouts, WebSockets, uploads, chi, Iris. It is a module of its
// own, outside go.work, so that no library depends on any of them.
//
//	make company
package company
