// Package company holds the adapters against the middleware and handlers that applications really
// have: compression, page caches, proxies, timeouts, WebSockets, uploads. It is a module of its own,
// outside go.work, so that no library depends on any of them.
//
//	make company
package company
