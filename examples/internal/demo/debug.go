package demo

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"time"
)

// runtimeMetrics is what a fault test watches for leaks.
type runtimeMetrics struct {
	Goroutines  int    `json:"goroutines"`
	HeapBytes   uint64 `json:"heap_bytes"`
	HeapObjects uint64 `json:"heap_objects"`
	GCs         uint32 `json:"gcs"`
}

// serveDebug serves what the kit does at /metrics of a loopback address, and Go's runtime metrics as JSON
// on every other path, until it is stopped. With ?gc=1 garbage is collected first.
func (app *App) serveDebug() (stop func(), err error) {
	addr := app.env.DebugAddr
	if !IsLoopback(addr) {
		return nil, fmt.Errorf("DEBUG_ADDR: %q is not a loopback address with a port (want one such as 127.0.0.1:6060)", addr)
	}
	listener, err := Listen("DEBUG_ADDR", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", answerRuntime)
	mux.Handle("/metrics", app.metrics.handler)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends by stop
	fmt.Printf("Runtime metrics: http://%s\n", listener.Addr())
	return func() { _ = server.Close() }, nil
}

func answerRuntime(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("gc") == "1" {
		runtime.GC()
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(runtimeMetrics{ // a client that is gone needs no answer
		Goroutines:  runtime.NumGoroutine(),
		HeapBytes:   memory.HeapAlloc,
		HeapObjects: memory.HeapObjects,
		GCs:         memory.NumGC,
	})
}

// IsLoopback reports whether addr is a port of this machine that no other one reaches.
func IsLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
}
