// Package rpctest is the suite that stytchkit's adapters for RPC pass, each in every protocol that it speaks.
// Its cases know no transport: a harness turns an [App] into a server of the framework's, and calls it with
// the framework's own client.
//
//	func TestGRPC(t *testing.T) { rpctest.Run(t, build) }
package rpctest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"testing"

	"google.golang.org/protobuf/proto"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// The procedures of the service that a harness serves. Requests and responses are
// google.protobuf.StringValue; Talk is a stream both ways, all others are unary.
const (
	Service = "rpctest.v1.Documents"
	Get     = "/" + Service + "/Get"
	Delete  = "/" + Service + "/Delete"
	Talk    = "/" + Service + "/Talk"
)

// App is a service to be built natively, behind the adapter's Guard.
type App struct {
	Guard  *stytchkit.Guard
	Inner  *stytchkit.Guard            // of all procedures, within the other; nil: none
	Rules  map[string][]stytchkit.Rule // the Config's rules of procedures
	Public []string                    // the Config's
	// Unary and Talk are the handlers of all procedures. Their contexts are those that the framework hands
	// to services.
	Unary func(ctx context.Context) (string, error)
	Talk  func(ctx context.Context, s Stream) error
}

// Stream is a stream's end, the server's or the client's.
type Stream interface {
	Send(text string) error
	Receive() (text string, err error)
}

// ClientStream is the client's end.
type ClientStream interface {
	Stream
	// Header is the response's, trailers among it, once the stream has ended.
	Header() http.Header
	// Leave is what a client does that has no use for the stream any more.
	Leave()
}

// Build serves an application until the test ends, and returns a client of it.
type Build func(t *testing.T, app App) Client

// Client calls an application with the framework's own client.
type Client interface {
	// Call calls a unary procedure with an empty request.
	Call(ctx context.Context, procedure string, header http.Header) Answer
	// Open begins a stream. It ends with ctx.
	Open(ctx context.Context, procedure string, header http.Header) (ClientStream, error)
	// Answer is what the error of a call or a stream says, as clients read it.
	Answer(err error) Answer
}

// Answer is what a call got.
type Answer struct {
	Text    string      // of a response
	Header  http.Header // of the response, or of the error, trailers among it
	Err     error
	Code    uint32 // google.rpc.Code
	Message string
	Reason  string // what the adapter's Reason says of the error
	Details []proto.Message
}

// Run runs every case as a subtest.
func Run(t *testing.T, build Build) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048) // one for all, as making one takes a while
	if err != nil {
		t.Fatal(err)
	}
	for _, cases := range [][]testCase{credentialCases(), denialCases(), procedureCases(), streamCases()} {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) { c.run(newStage(t, build, key)) })
		}
	}
}

// testCase is a sentence, and what has to be so.
type testCase struct {
	name string
	run  func(*stage)
}
