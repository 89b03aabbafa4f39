package stytchkit

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/shown"
)

// revalidateAlways lets a browser keep the answer, and asks it to come back with the ETag each time.
const revalidateAlways = "private, no-cache"

// AnswerState is [Authenticator.State] as JSON, for a route behind an optional guard:
//
//	{"session": …|null, "member": …|null, "organization": …|null, "fromCache": bool, "isInitialized": bool}
//	{"session": …|null, "user": …|null, "fromCache": bool, "isInitialized": bool}  in a consumer project
//
// What could not be loaded is null, with isInitialized as in [State]: the answer is 200 then too. A
// request whose If-None-Match names the state is answered 304; its ETag leaves fromCache out, so that
// a state which is now remembered is no news. A handler without a guard in front is answered 500.
//
// The session, the member, the organization and the user have the fields that Stytch's own browser SDK
// gives to this member or user, also where they are empty; what only a backend gets at Stytch is left out.
func (a *Authenticator) AnswerState(ctx context.Context, r Request) *RouteAnswer {
	s, err := a.State(ctx)
	if errors.Is(err, errUnguarded) {
		return a.noState(err)
	}
	body, tag, err := s.tagged()
	if err != nil {
		return a.noState(err)
	}
	answer := &RouteAnswer{Status: http.StatusOK, Header: http.Header{
		"Cache-Control": {revalidateAlways},
		"Etag":          {tag},
		"Vary":          {varyCredentials},
	}}
	if navigation.IsRead(r.Method()) && matches(r, tag) {
		answer.Status = http.StatusNotModified
		return answer
	}
	answer.Header.Set("Content-Type", "application/json")
	answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
	answer.Body = body
	return answer
}

// noState is the answer of a route that is built wrong.
func (a *Authenticator) noState(err error) *RouteAnswer {
	a.said.Error("stytchkit: the state of a request cannot be told", "error", err)
	d := refuse(CodeRouteMisconfigured, err).problem(false)
	return &RouteAnswer{Status: d.Status, Header: d.Header, Body: d.Body}
}

// MarshalJSON writes the answer of [Authenticator.AnswerState].
func (s State) MarshalJSON() ([]byte, error) {
	if s.isOfConsumers() {
		return json.Marshal(struct {
			Session       *Session    `json:"session"`
			User          *shown.User `json:"user"`
			FromCache     bool        `json:"fromCache"`
			IsInitialized bool        `json:"isInitialized"`
		}{s.Session, shown.UserOf(s.User), s.FromCache, s.Initialized})
	}
	return json.Marshal(struct {
		Session       *Session            `json:"session"`
		Member        *shown.Member       `json:"member"`
		Organization  *shown.Organization `json:"organization"`
		FromCache     bool                `json:"fromCache"`
		IsInitialized bool                `json:"isInitialized"`
	}{s.Session, shown.MemberOf(s.Member), shown.OrganizationOf(s.Organization), s.FromCache, s.Initialized})
}

// isOfConsumers reports whose shape the state has: where a test made it, that of its session.
func (s State) isOfConsumers() bool {
	return s.vertical == Consumer || s.User != nil || s.Session.view().Kind == session.User
}

// tagged is the state as JSON, and a strong entity tag of all but FromCache.
func (s State) tagged() (body []byte, tag string, err error) {
	if body, err = json.Marshal(s); err != nil {
		return nil, "", err
	}
	same := body
	if s.FromCache {
		s.FromCache = false
		if same, err = json.Marshal(s); err != nil {
			return nil, "", err
		}
	}
	sum := sha256.Sum256(same)
	return body, `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`, nil
}

// matches reports whether If-None-Match names the tag, by the weak comparison of RFC 9110 §13.1.2.
func matches(r Request, tag string) bool {
	for i := 0; ; i++ {
		list, ok := r.Header("If-None-Match", i)
		if !ok {
			return false
		}
		if strings.Trim(list, " \t") == "*" || lists(list, tag) {
			return true
		}
	}
}

// lists reports whether a list of entity tags has this one. It ends at the first that is none.
func lists(list, tag string) bool {
	for {
		list = strings.TrimPrefix(strings.TrimLeft(list, " \t,"), "W/")
		end := strings.IndexByte(strings.TrimPrefix(list, `"`), '"') + 2
		if !strings.HasPrefix(list, `"`) || end < 2 {
			return false
		}
		if list[:end] == tag {
			return true
		}
		list = list[end:]
	}
}
