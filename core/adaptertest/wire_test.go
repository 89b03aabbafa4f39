package adaptertest

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"testing"
)

// An adapter that is wrong may close the connection, or be its framework's to: the suite says what was answered.
func TestAClientsAddressOutlivesItsConnection(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, kinds()[0], func(App) Server {
		return &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })} //nolint:gosec // no stranger asks it
	}, key, nil, nil)
	s.serve(App{})
	s.send(get("/me"))
	if s.wires[0].conn != nil || s.wires[0].address == "" {
		t.Errorf("the connection is %v, and its client's address %q, want none that is open, and an address", s.wires[0].conn, s.wires[0].address)
	}
}
