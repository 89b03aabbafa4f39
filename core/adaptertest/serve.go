package adaptertest

import (
	"errors"
	"net"
	"net/http"
	"testing"
)

// Serve serves an application until the test ends, and returns where: host and port.
func Serve(t *testing.T, server Server) (address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("the harness's Close failed, not a case: %v", err)
		}
		if err := <-done; err != nil && !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("the application did not serve: %v", err)
		}
	})
	return listener.Addr().String()
}
