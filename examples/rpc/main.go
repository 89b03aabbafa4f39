// Command rpc serves one service twice: by Connect, which browsers, gRPC and gRPC-Web clients call too, and by
// grpc-go. It needs no Stytch project, as a stand-in plays Stytch.
//
//	go run .    # then open http://127.0.0.1:8090, whose page calls the service on another origin
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	pageAddress    = "127.0.0.1:8090"
	connectAddress = "127.0.0.1:8091"
	grpcAddress    = "127.0.0.1:8092"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	standIn, err := stytchtest.New(stytchtest.Options{})
	if err != nil {
		return err
	}
	defer standIn.Close()
	cfg := standIn.Config()
	cfg.TrustedOrigins = []string{"http://" + pageAddress}
	auth, err := stytchkit.New(cfg)
	if err != nil {
		return err
	}
	defer auth.Close()

	listener, err := net.Listen("tcp", grpcAddress) //nolint:noctx // until the process ends
	if err != nil {
		return err
	}
	server, err := newGRPC(auth)
	if err != nil {
		return err
	}
	defer server.Stop()
	failed := make(chan error, 3)
	go func() { failed <- server.Serve(listener) }()
	for address, handler := range map[string]http.Handler{
		connectAddress: newConnect(auth, cfg.TrustedOrigins[0], signIn(auth, standIn)),
		pageAddress:    newPage("http://" + connectAddress),
	} {
		server := &http.Server{Addr: address, Handler: handler, Protocols: new(http.Protocols), ReadHeaderTimeout: 10 * time.Second}
		server.Protocols.SetHTTP1(true)
		server.Protocols.SetUnencryptedHTTP2(true) // for gRPC clients; behind TLS there is no need to say so
		go func() { failed <- server.ListenAndServe() }()
	}
	fmt.Printf("open http://%s; Connect is at %s, gRPC at %s\n", pageAddress, connectAddress, grpcAddress)
	return <-failed
}

// signIn is the login of a demo: it signs a member in who has just been made. See core/signin for real ones.
func signIn(auth *stytchkit.Authenticator, standIn *stytchtest.Server) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		session := standIn.AddMember(stytchtest.Member{Roles: []string{"reader"}}).SignIn()
		exchange := stytchkit.Exchange{Context: r.Context(), Request: stytchkit.HTTPRequest{R: r}, Header: w.Header()}
		if err := exchange.SaveSession(auth, session.Token, session.JWT(), session.ExpiresAt()); err != nil {
			http.Error(w, "cannot sign in", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
