// Command rpc serves one service twice: by Connect, which browsers, gRPC and gRPC-Web clients call too, and by
// grpc-go. It needs no Stytch project, as a stand-in plays Stytch.
//
//	go run .    # then open the page that it names, which calls the service on another origin
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func main() {
	page := flag.String("page", "127.0.0.1:8090", "`address` of the page")
	connect := flag.String("connect", "127.0.0.1:8091", "`address` of the service by Connect")
	grpc := flag.String("grpc", "127.0.0.1:8092", "`address` of the service by grpc-go")
	flag.Parse()
	listeners, err := listen(*page, *connect, *grpc)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(listeners[0], listeners[1], listeners[2]); err != nil {
		log.Fatal(err)
	}
}

// listen listens at each address, until the process ends.
func listen(addresses ...string) (listeners []net.Listener, err error) {
	for _, address := range addresses {
		listener, err := net.Listen("tcp", address) //nolint:noctx // until the process ends
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

func run(page, connect, grpc net.Listener) error {
	standIn, err := stytchtest.New(stytchtest.Options{})
	if err != nil {
		return err
	}
	defer standIn.Close()
	cfg := standIn.Config()
	cfg.TrustedOrigins = []string{"http://" + page.Addr().String()}
	auth, err := stytchkit.New(cfg)
	if err != nil {
		return err
	}
	defer auth.Close()

	server, err := newGRPC(auth)
	if err != nil {
		return err
	}
	defer server.Stop()
	calls := "http://" + connect.Addr().String()
	pages, err := newPage(calls)
	if err != nil {
		return err
	}
	failed := make(chan error, 3)
	go func() { failed <- server.Serve(grpc) }()
	go func() { failed <- serve(connect, newConnect(auth, cfg.TrustedOrigins[0], signIn(auth, standIn))) }()
	go func() { failed <- serve(page, pages) }()
	fmt.Printf("the page: %s\nConnect:  %s\ngRPC:     %s\n", cfg.TrustedOrigins[0], calls, grpc.Addr())
	return <-failed
}

// serve serves HTTP/1.1, and HTTP/2 without TLS for gRPC clients; behind TLS there is no need to say so.
func serve(listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, Protocols: new(http.Protocols), ReadHeaderTimeout: 10 * time.Second}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	return server.Serve(listener)
}

// signIn is the login of a demo: it signs a member in who has just been made. See core/signin for real ones.
func signIn(auth *stytchkit.Authenticator, standIn *stytchtest.Server) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		session := standIn.AddMember(stytchtest.Member{Roles: []string{"reader"}}).SignIn()
		if err := stytchhttp.SaveSession(w, r, auth, session.Token, session.JWT(), session.ExpiresAt()); err != nil {
			http.Error(w, "cannot sign in", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
