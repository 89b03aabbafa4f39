package stytch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/stytcherror"
)

// Verdict says what a failed call means for the credential it was about.
type Verdict uint8

// The verdicts.
const (
	Unavailable   Verdict = iota // nothing is known: network, timeout, 5xx, 429, not Stytch's own answer
	Over                         // the session has ended
	Refused                      // Stytch refuses this credential, for another reason
	Misconfigured                // Stytch refuses the project's own credentials
)

// String names the verdict, for logs and metrics.
func (v Verdict) String() string {
	switch v {
	case Unavailable:
		return "unavailable"
	case Over:
		return "over"
	case Refused:
		return "refused"
	case Misconfigured:
		return "misconfigured"
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// Cause says why a call has no answer, for logs and metrics.
type Cause string

// The causes of an [Unavailable] verdict.
const (
	Rationed    Cause = "rationed"     // too many calls a second of its kind
	Crowded     Cause = "crowded"      // too many calls in flight
	BreakerOpen Cause = "breaker_open" // too many calls have failed just now
	Timeout     Cause = "timeout"      // no answer in time
	Canceled    Cause = "canceled"     // nobody waits for the answer any more
	Network     Cause = "network"      // no connection, or a broken one
	HTTP        Cause = "http"         // an answer that says nothing: see Status
)

// maxRetryAfter bounds what a Retry-After is taken to mean.
const maxRetryAfter = time.Hour

// Failure is a call that did not find a living session. Its text holds Stytch's error_type and
// request ID, never its message or anything that was sent.
type Failure struct {
	Verdict    Verdict
	Cause      Cause         // of Unavailable; else empty
	Status     int           // of the HTTP answer; 0 when there was none
	ErrorType  string        // Stytch's error_type; empty when the answer was not Stytch's
	RequestID  string        // Stytch's; empty when the answer was not Stytch's
	RetryAfter time.Duration // as Stytch sent it, 0 when it did not
	Answered   bool          // Stytch itself said so, with a 4xx: it is there
	OtherKind  bool          // Misconfigured, as the project is of the other kind
	err        error
}

var _ error = (*Failure)(nil)

func (f *Failure) Error() string { return "asking Stytch: " + f.err.Error() }

func (f *Failure) Unwrap() error { return f.err }

// Unanswered is the failure of a call that could not be made or was cut short.
func Unanswered(cause Cause, err error) *Failure {
	return &Failure{Verdict: Unavailable, Cause: cause, err: err}
}

// unusable is the failure of a call whose answer says nothing.
func unusable(err error) *Failure {
	return &Failure{Verdict: Unavailable, Cause: HTTP, Status: http.StatusOK, err: err}
}

// causeOf is why an error that is no answer of Stytch's left nothing known.
func causeOf(err error) Cause {
	switch {
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return Timeout
	}
	return Network
}

// FailureOf is err as a *Failure; another error counts as unanswered.
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return Unanswered(causeOf(err), err)
}

// over are the error_types that say a session has ended, from Stytch's error reference.
func over(errorType string) bool {
	switch errorType {
	case "session_not_found", "session_expired", "session_revoked", "member_session_not_found":
		return true
	}
	return false
}

// misconfigured are the error_types that refuse the project rather than the member.
func misconfigured(errorType string) bool {
	switch errorType {
	case "unauthorized_credentials", "project_not_found", "invalid_project_id_authentication", "invalid_secret_authentication":
		return true
	}
	return otherVertical(errorType)
}

// IsNotMutable reports whether Stytch refused to extend a session, as it does with impersonated ones:
// that refuses no credential.
func IsNotMutable(err error) bool {
	return err != nil && FailureOf(err).ErrorType == "session_not_mutable"
}

// otherVertical are the error_types that say that the project is of the other kind, from the SDK's names.
func otherVertical(errorType string) bool {
	switch errorType {
	case "invalid_b2b_endpoint", "invalid_consumer_endpoint", "bad_vertical_for_stytch_sdk":
		return true
	}
	return false
}

// OfOtherKind is the failure of whoever has learned from a session that the project is of the other kind.
func OfOtherKind(err error) *Failure {
	return &Failure{Verdict: Misconfigured, OtherKind: true, err: err}
}

// Remedy says what an operator can do about a project that is misconfigured.
func (f *Failure) Remedy() string {
	if f.OtherKind {
		return "the project is of the other kind; set Config.Vertical to what it is, stytchkit.B2B or stytchkit.Consumer"
	}
	return "Stytch refuses this project's credentials; check ProjectID, Secret and BaseURL"
}

func classify(err error, n *note) *Failure {
	var answer stytcherror.Error // by value: the pointer form never matches
	if !errors.As(err, &answer) || answer.ErrorType == "" {
		f := &Failure{Verdict: Unavailable, Cause: HTTP, Status: n.status, RetryAfter: n.retryAfter, err: withoutURL(err)}
		if n.status == 0 {
			f.Cause = causeOf(err)
		}
		return f
	}
	f := &Failure{
		Status:     answer.StatusCode,
		ErrorType:  string(answer.ErrorType),
		RequestID:  answer.RequestID,
		RetryAfter: n.retryAfter,
		err:        fmt.Errorf("status %d, error_type %.80q, request ID %.80q", answer.StatusCode, string(answer.ErrorType), answer.RequestID),
	}
	f.Answered = answer.StatusCode >= 400 && answer.StatusCode < 500
	switch {
	case misconfigured(f.ErrorType):
		f.Verdict, f.OtherKind = Misconfigured, otherVertical(f.ErrorType)
	case over(f.ErrorType):
		f.Verdict = Over
	case f.Answered && answer.StatusCode != http.StatusTooManyRequests:
		f.Verdict = Refused
	default:
		f.Verdict, f.Cause = Unavailable, HTTP
	}
	return f
}

// withoutURL drops the URL from a transport error: it says nothing, and revoking by ID or a GET
// would put an identifier there. An answer that is not Stytch's is said without its text.
func withoutURL(err error) error {
	var sent *url.Error
	if errors.As(err, &sent) {
		return sent.Err
	}
	var answer stytcherror.Error
	if errors.As(err, &answer) {
		return fmt.Errorf("status %d and no error_type: not an answer of Stytch's", answer.StatusCode)
	}
	return err
}

// retryAfter reads delay-seconds or a date (RFC 9110 §10.2.3); 0 when there is none.
func retryAfter(value string) time.Duration {
	if value == "" {
		return 0
	}
	var d time.Duration
	if seconds, err := strconv.Atoi(value); err == nil {
		d = time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		d = time.Until(at)
	}
	return max(0, min(d, maxRetryAfter))
}
