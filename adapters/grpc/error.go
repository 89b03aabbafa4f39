package stytchgrpc

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Error is a denial as a call is answered with it, a status: the code that its Code stands for, its Title, and
// in the details a google.rpc.ErrorInfo with the Code as its reason, and a RetryInfo where trying again helps.
func Error(d *stytchkit.Denial) error {
	answer := status.New(codes.Code(stytchrpc.Code(d)), d.Title()) //nolint:gosec // both are google.rpc.Code
	var details []protoadapt.MessageV1
	for _, message := range stytchrpc.Details(d) {
		details = append(details, protoadapt.MessageV1Of(message))
	}
	if detailed, err := answer.WithDetails(details...); err == nil { // these always can be
		answer = detailed
	}
	return answer.Err()
}

// Reason is the Code of the denial that a call was answered with, such as [stytchkit.CodeSessionEnded]; false
// for other errors. It is for clients.
func Reason(err error) (code string, ok bool) {
	for _, detail := range status.Convert(err).Details() {
		if code, ok = stytchrpc.Reason(detail); ok {
			return code, true
		}
	}
	return "", false
}
