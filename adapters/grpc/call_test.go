package stytchgrpc

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc/peer"
)

// By its address, a client has a fair share of what unproven credentials may cost.
func TestTheAddressIsTheConnections(t *testing.T) {
	of := func(p peer.Peer) context.Context { return peer.NewContext(t.Context(), &p) }
	for want, ctx := range map[string]context.Context{
		"203.0.113.7:4711": of(peer.Peer{Addr: &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7), Port: 4711}}),
		"":                 of(peer.Peer{}), // of a transport without addresses
	} {
		if got := (&request{ctx: ctx}).RemoteAddr(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := (&request{ctx: t.Context()}).RemoteAddr(); got != "" {
		t.Errorf("without a connection, got %q", got)
	}
}
