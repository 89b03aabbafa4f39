// Command client calls the example's service by Connect and by gRPC, and tells what to do when a call is denied.
//
//	go run ./client -session <session token or JWT>
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"

	"connectrpc.com/connect"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	stytchgrpc "github.com/stytchkit/stytchkit/adapters/grpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

const owner = "/acme.v1.Documents/Owner"

func main() {
	session := flag.String("session", "", "a session token or JWT")
	flag.Parse()
	ctx := context.Background()
	conn, err := grpc.NewClient("127.0.0.1:8092", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer conn.Close() //nolint:errcheck // the process ends
	fmt.Println(byConnect(ctx, http.DefaultClient, "http://127.0.0.1:8091", *session))
	fmt.Println(byGRPC(ctx, conn, *session))
}

// byConnect asks whose documents these are.
func byConnect(ctx context.Context, client connect.HTTPClient, baseURL, session string) string {
	documents := connect.NewClient[emptypb.Empty, wrapperspb.StringValue](client, baseURL+owner)
	request := connect.NewRequest(&emptypb.Empty{})
	request.Header().Set("Authorization", "Bearer "+session)
	response, err := documents.CallUnary(ctx, request)
	if reason, ok := stytchconnect.Reason(err); ok {
		return advice(reason)
	}
	if err != nil {
		return err.Error()
	}
	return response.Msg.GetValue()
}

// byGRPC asks the same.
func byGRPC(ctx context.Context, conn *grpc.ClientConn, session string) string {
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+session)
	documents := new(wrapperspb.StringValue)
	err := conn.Invoke(ctx, owner, &emptypb.Empty{}, documents)
	if reason, ok := stytchgrpc.Reason(err); ok {
		return advice(reason)
	}
	if err != nil {
		return err.Error()
	}
	return documents.GetValue()
}

// advice is what a client makes of a reason.
func advice(reason string) string {
	switch reason {
	case stytchkit.CodeSessionMissing, stytchkit.CodeSessionEnded, stytchkit.CodeSessionInvalid:
		return "sign in again (" + reason + ")"
	case stytchkit.CodeStytchUnavailable:
		return "try again shortly (" + reason + ")"
	}
	return "not for you (" + reason + ")"
}
