package stytch

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

// maxRetryAfter bounds what a Retry-After is taken to mean.
const maxRetryAfter = time.Hour

// Failure is a call that did not find a living session. Its text holds Stytch's error_type and
// request ID, never its message or anything that was sent.
type Failure struct {
	Verdict    Verdict
	ErrorType  string        // Stytch's error_type; empty when the answer was not Stytch's
	RetryAfter time.Duration // as Stytch sent it, 0 when it did not
	Answered   bool          // Stytch itself said so, with a 4xx: it is there
	err        error
}

var _ error = (*Failure)(nil)

func (f *Failure) Error() string { return "asking Stytch: " + f.err.Error() }

func (f *Failure) Unwrap() error { return f.err }

// Unanswered is the failure of a call that could not be made or was cut short.
func Unanswered(err error) *Failure { return &Failure{Verdict: Unavailable, err: err} }

// FailureOf is err as a *Failure; another error counts as [Unanswered].
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return Unanswered(err)
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
	return false
}

func classify(err error, n *note) *Failure {
	var answer stytcherror.Error // by value: the pointer form never matches
	if !errors.As(err, &answer) || answer.ErrorType == "" {
		return &Failure{Verdict: Unavailable, RetryAfter: n.retryAfter, err: withoutURL(err)}
	}
	f := &Failure{
		ErrorType:  string(answer.ErrorType),
		RetryAfter: n.retryAfter,
		err:        fmt.Errorf("status %d, error_type %.80q, request ID %.80q", answer.StatusCode, string(answer.ErrorType), answer.RequestID),
	}
	f.Answered = answer.StatusCode >= 400 && answer.StatusCode < 500
	switch {
	case misconfigured(f.ErrorType):
		f.Verdict = Misconfigured
	case over(f.ErrorType):
		f.Verdict = Over
	case f.Answered && answer.StatusCode != http.StatusTooManyRequests:
		f.Verdict = Refused
	default:
		f.Verdict = Unavailable
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
