package rpctest

import (
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// reply is what a call got, to be held against what it should have got.
type reply struct {
	stage *stage
	Answer
}

// of wants the response of a handler that saw this caller.
func (r *reply) of(who string) *reply {
	r.stage.t.Helper()
	if r.Err != nil || r.Text != who {
		r.stage.t.Errorf("got %q, %v; want the response to %s", r.Text, r.Err, who)
	}
	return r
}

// codes are what clients get, by the denial's Code.
func codes() map[string]uint32 {
	const unauthenticated, permissionDenied, invalidArgument, unavailable, internal = 16, 7, 3, 14, 13
	return map[string]uint32{
		stytchkit.CodeSessionMissing:      unauthenticated,
		stytchkit.CodeSessionInvalid:      unauthenticated,
		stytchkit.CodeSessionEnded:        unauthenticated,
		stytchkit.CodeReauthentication:    unauthenticated,
		stytchkit.CodeTokenMissing:        unauthenticated,
		stytchkit.CodeTokenInvalid:        unauthenticated,
		stytchkit.CodePermissionDenied:    permissionDenied,
		stytchkit.CodeOrganization:        permissionDenied,
		stytchkit.CodeCrossOrigin:         permissionDenied,
		stytchkit.CodeInsufficientScope:   permissionDenied,
		stytchkit.CodeInvalidRequest:      invalidArgument,
		stytchkit.CodeStytchUnavailable:   unavailable,
		stytchkit.CodeRouteMisconfigured:  internal,
		stytchkit.CodeStytchMisconfigured: internal,
	}
}

// denied wants the status of this denial, and that no handler was reached.
func (r *reply) denied(reason string) *reply {
	r.stage.t.Helper()
	if n := r.stage.reached.Load(); n != 0 {
		r.stage.t.Errorf("a handler was reached %d times", n)
	}
	return r.endedBy(reason).hasHeaders(reason)
}

// endedBy wants the status of this denial.
func (r *reply) endedBy(reason string) *reply {
	r.stage.t.Helper()
	if r.Err == nil || r.Reason != reason || r.Code != codes()[reason] {
		r.stage.t.Errorf("got %q, code %d for %q (%v); want code %d for %s", r.Text, r.Code, r.Reason, r.Err, codes()[reason], reason)
		return r
	}
	if title := (&stytchkit.Denial{Code: reason}).Title(); r.Message != title {
		r.stage.t.Errorf("%s: the message is %q, want %q", reason, r.Message, title)
	}
	var retries int
	for _, detail := range r.Details {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			challenged := detail.GetMetadata()["www_authenticate"]
			if detail.GetDomain() != "stytchkit" || codes()[reason] == 16 && !strings.HasPrefix(challenged, "Bearer") {
				r.stage.t.Errorf("%s: got %v", reason, detail)
			}
		case *errdetails.RetryInfo:
			retries++
			if after := detail.GetRetryDelay().AsDuration(); after.Seconds() < 1 || after.Seconds() > 60 {
				r.stage.t.Errorf("%s: got %v", reason, detail)
			}
		}
	}
	if (retries == 1) != (reason == stytchkit.CodeStytchUnavailable) {
		r.stage.t.Errorf("%s: %d RetryInfo in %v, want one where trying again helps and only there", reason, retries, r.Details)
	}
	return r
}

// hasHeaders wants what every denial tells clients and caches.
func (r *reply) hasHeaders(reason string) *reply {
	r.stage.t.Helper()
	if got := r.Header.Get(stytchkit.DenialHeader); got != reason {
		r.stage.t.Errorf("%s: %s is %q", reason, stytchkit.DenialHeader, got)
	}
	if store := strings.Join(r.Header.Values("Cache-Control"), ", "); !strings.HasSuffix(store, "no-store") {
		r.stage.t.Errorf("%s: Cache-Control is %q", reason, store)
	}
	if vary := r.Header.Values("Vary"); !slices.Contains(vary, "Cookie, Authorization") {
		r.stage.t.Errorf("%s: Vary is %q", reason, vary)
	}
	if challenge := r.Header.Get("Www-Authenticate"); codes()[reason] == 16 && !strings.HasPrefix(challenge, "Bearer") {
		r.stage.t.Errorf("%s: WWW-Authenticate is %q", reason, challenge)
	}
	return r
}

// refreshed wants the cookies of this member's session, kept out of caches.
func (r *reply) refreshed(m member) *reply {
	r.stage.t.Helper()
	cookies := r.Header.Values("Set-Cookie")
	if len(cookies) != 2 || !slices.ContainsFunc(cookies, func(c string) bool { return strings.HasPrefix(c, tokenCookie(m.Token)+";") }) {
		r.stage.t.Errorf("got the cookies %q, want the session's two", cookies)
	}
	return r.isPrivate()
}

// cleared wants the cookies to be deleted.
func (r *reply) cleared() {
	r.stage.t.Helper()
	cookies := r.Header.Values("Set-Cookie")
	if len(cookies) == 0 || slices.ContainsFunc(cookies, func(c string) bool { return !strings.Contains(c, "Max-Age=0") }) {
		r.stage.t.Errorf("got the cookies %q, want them deleted", cookies)
	}
	r.isPrivate()
}

func (r *reply) isPrivate() *reply {
	r.stage.t.Helper()
	if got := r.Header.Values("Cache-Control"); !slices.Contains(got, stytchkit.PrivateNoStore) {
		r.stage.t.Errorf("with cookies, Cache-Control is %q", got)
	}
	return r
}

// untouched wants no cookies.
func (r *reply) untouched() {
	r.stage.t.Helper()
	if cookies := r.Header.Values("Set-Cookie"); len(cookies) != 0 {
		r.stage.t.Errorf("got the cookies %q, want none", cookies)
	}
}
