package stytchconnect

import (
	"errors"

	"connectrpc.com/connect"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Error is a denial as a call is answered with it: the code that its Code stands for, its Title, and in the
// details a google.rpc.ErrorInfo with the Code as its reason, and a RetryInfo where trying again helps.
func Error(d *stytchkit.Denial) *connect.Error {
	err := connect.NewError(connect.Code(stytchrpc.Code(d)), errors.New(d.Title())) //nolint:gosec // both are google.rpc.Code
	for _, message := range stytchrpc.Details(d) {
		if detail, cannot := connect.NewErrorDetail(message); cannot == nil { // these always can be
			err.AddDetail(detail)
		}
	}
	return err
}

// Reason is the Code of the denial that a call was answered with, such as [stytchkit.CodeSessionEnded]; false
// for other errors. It is for clients.
func Reason(err error) (code string, ok bool) {
	var answer *connect.Error
	if !errors.As(err, &answer) {
		return "", false
	}
	for _, detail := range answer.Details() {
		if message, unreadable := detail.Value(); unreadable == nil {
			if code, ok = stytchrpc.Reason(message); ok {
				return code, true
			}
		}
	}
	return "", false
}
