package stytchrpc_test

import (
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"

	stytchrpc "github.com/stytchkit/stytchkit/adapters/rpc"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

func TestReasonIsOfDenialsAlone(t *testing.T) {
	if code, ok := stytchrpc.Reason(stytchrpc.Details(&stytchkit.Denial{Code: stytchkit.CodeSessionEnded})[0]); !ok || code != stytchkit.CodeSessionEnded {
		t.Errorf("of a denial's: got %q, %t", code, ok)
	}
	for name, detail := range map[string]any{
		"another domain's": &errdetails.ErrorInfo{Reason: stytchkit.CodeSessionEnded, Domain: "acme.example"},
		"another kind":     &errdetails.RetryInfo{},
		"nothing":          nil,
	} {
		if code, ok := stytchrpc.Reason(detail); ok || code != "" {
			t.Errorf("of %s: got %q", name, code)
		}
	}
}
