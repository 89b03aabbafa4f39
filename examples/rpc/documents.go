package main

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// The service, of well-known types so that the example needs no generated code:
//
//	service Documents {
//	  rpc Owner(google.protobuf.Empty) returns (google.protobuf.StringValue);
//	  rpc Delete(google.protobuf.Empty) returns (google.protobuf.StringValue);
//	  rpc Version(google.protobuf.Empty) returns (google.protobuf.StringValue);
//	  rpc Watch(google.protobuf.Empty) returns (stream google.protobuf.StringValue);
//	}
const (
	service   = "acme.v1.Documents"
	owner     = "/" + service + "/Owner"
	deleteAll = "/" + service + "/Delete"  // for editors
	version   = "/" + service + "/Version" // for everybody
	watch     = "/" + service + "/Watch"
)

type (
	empty = emptypb.Empty
	text  = wrapperspb.StringValue
)

// whose answers with whose the call is; no more is needed of a handler here.
func whose(ctx context.Context) *text {
	if s := stytchkit.SessionFrom(ctx); s != nil {
		return wrapperspb.String("documents of " + s.MemberID())
	}
	return wrapperspb.String("documents of nobody")
}

// follow sends to a stream that lives as long as its session.
func follow(ctx context.Context, send func(*text) error) error {
	if err := send(whose(ctx)); err != nil {
		return err
	}
	<-ctx.Done() // and what there is to send, meanwhile
	return ctx.Err()
}
