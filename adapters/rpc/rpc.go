// Package stytchrpc is what the adapters of Connect and gRPC share: how a denial is said to a client, and
// which guard decides about a procedure. Applications import the adapter of their framework.
package stytchrpc

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Domain is the domain of the ErrorInfo in each denial's details.
const Domain = "stytchkit"

// Code is the canonical status code (google.rpc.Code) of a denial, by the meaning of its Code.
func Code(d *stytchkit.Denial) code.Code {
	switch d.CodeStatus() {
	case http.StatusUnauthorized:
		return code.Code_UNAUTHENTICATED
	case http.StatusForbidden:
		return code.Code_PERMISSION_DENIED
	case http.StatusBadRequest:
		return code.Code_INVALID_ARGUMENT
	case http.StatusServiceUnavailable:
		return code.Code_UNAVAILABLE
	}
	return code.Code_INTERNAL
}

// Details are a denial's: an ErrorInfo whose reason is the Code, and a RetryInfo where trying again helps.
// Its metadata has www_authenticate, as trailers reach clients that response headers do not, and step_up_url.
func Details(d *stytchkit.Denial) []proto.Message {
	info := &errdetails.ErrorInfo{Reason: d.Code, Domain: Domain, Metadata: map[string]string{}}
	for key, value := range map[string]string{"www_authenticate": d.Header.Get("WWW-Authenticate"), "step_up_url": d.StepUpURL} {
		if value != "" {
			info.Metadata[key] = value
		}
	}
	details := []proto.Message{info}
	if seconds, err := strconv.Atoi(d.Header.Get("Retry-After")); err == nil {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(time.Duration(seconds) * time.Second)})
	}
	return details
}

// Reason is the Code of the denial that a detail of an error is of; false for other details.
func Reason(detail any) (code string, ok bool) {
	info, ok := detail.(*errdetails.ErrorInfo)
	if !ok || info.GetDomain() != Domain {
		return "", false
	}
	return info.GetReason(), true
}

// Ended is why a stream ended whose context is of [stytchkit.Live]; nil while its session lives on.
func Ended(live context.Context) *stytchkit.Denial {
	var denial *stytchkit.Denial
	errors.As(context.Cause(live), &denial)
	return denial
}
