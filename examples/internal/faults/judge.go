package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// The kinds of failure that the table counts.
const (
	logout  = "logged out"
	crossed = "crossed"
	let     = "let in"
	other   = "other"
)

// mostFailures is how many are kept word for word.
const mostFailures = 20

// judge counts answers and says which must not be. It is safe for concurrent use.
type judge struct {
	mu       sync.Mutex
	answers  map[string]map[string]int // by group of clients, by sort
	wrong    map[string]int            // by kind of failure
	failures []string
}

func newJudge() *judge {
	return &judge{answers: map[string]map[string]int{}, wrong: map[string]int{}}
}

func (j *judge) count(group string, a visit.Answer) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.answers[group] == nil {
		j.answers[group] = map[string]int{}
	}
	j.answers[group][a.Sort()]++
}

func (j *judge) fail(kind, format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.wrong[kind]++
	if len(j.failures) < mostFailures {
		j.failures = append(j.failures, kind+": "+fmt.Sprintf(format, args...))
	}
}

// answered is how often a group got an answer of this sort; of any, for an empty one.
func (j *judge) answered(group, sort string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	if sort != "" {
		return j.answers[group][sort]
	}
	n := 0
	for v := range maps.Values(j.answers[group]) {
		n += v
	}
	return n
}

// expectation is what a live member may be answered beside being let in.
type expectation struct {
	outage   bool // Stytch may be away: 503, with Retry-After
	tokenJWT bool // both cookies are to be set
}

// live judges an answer to a member whose session lives.
func (j *judge) live(group string, m *member, what string, a visit.Answer, may expectation) {
	j.count(group, a)
	told := func(kind, why string) { j.fail(kind, "%s, %s: %s: %s %.200q", group, what, why, a.Sort(), a.Body) }
	j.liveCookies(m, a, may, told)
	switch {
	case a.Err != nil:
		told(other, fmt.Sprintf("no answer (%v)", a.Err))
	case a.Status == http.StatusOK:
		if !m.isIn(a.Body) && !(may.outage && isUndecided(a.Body)) {
			told(crossed, "the answer is not about "+m.ID)
		}
	case a.Status == http.StatusServiceUnavailable && a.Code == "stytch_unavailable",
		a.Status == http.StatusInternalServerError && a.Code == "stytch_misconfigured":
		if !may.outage {
			told(other, "a member is refused who must not be")
		} else if a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") == "" {
			told(other, "no Retry-After")
		}
	case a.Status < http.StatusInternalServerError:
		told(logout, "a live member is refused")
	default:
		told(other, "a wrong answer")
	}
}

func (j *judge) liveCookies(m *member, a visit.Answer, may expectation, told func(kind, why string)) {
	token, noToken := a.Cookie(visit.TokenCookie)
	jwt, noJWT := a.Cookie(visit.JWTCookie)
	switch {
	case noToken || noJWT:
		told(logout, "cookies are cleared")
	case token != "" && token != m.Token || jwt != "" && subject(jwt) != m.ID:
		told(crossed, "the cookies are another member's")
	case may.tokenJWT && a.Status == http.StatusOK && (token == "" || jwt == ""):
		told(other, "no fresh cookies")
	}
}

// isIn reports whether an answer says that this member is signed in: JSON of /api/me or
// /api/session, or a page with the session in it.
func (m *member) isIn(body []byte) bool {
	if !json.Valid(body) {
		return bytes.Contains(body, []byte(m.Session)) && bytes.Contains(body, []byte(m.ID))
	}
	var a struct {
		MemberID  string `json:"member_id"`
		SessionID string `json:"session_id"`
		Session   *struct {
			MemberID  string `json:"member_id"`
			SessionID string `json:"member_session_id"`
		} `json:"session"`
	}
	if json.Unmarshal(body, &a) != nil {
		return false
	}
	if a.Session != nil {
		a.MemberID, a.SessionID = a.Session.MemberID, a.Session.SessionID
	}
	return a.MemberID == m.ID && a.SessionID == m.Session
}

// isUndecided reports whether an Optional route says that it does not know.
func isUndecided(body []byte) bool {
	var a struct {
		Session       json.RawMessage `json:"session"`
		IsInitialized *bool           `json:"isInitialized"`
	}
	return json.Unmarshal(body, &a) == nil && string(a.Session) == "null" && a.IsInitialized != nil && !*a.IsInitialized
}

func subject(jwt string) string {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var claims struct {
		Subject string `json:"sub"`
	}
	_ = json.Unmarshal(payload, &claims) // then nobody's
	return claims.Subject
}

// attack judges an answer to somebody who has no session, and may get one of these.
func (j *judge) attack(group string, a visit.Answer, sorts ...string) {
	j.count(group, a)
	told := func(kind, why string) { j.fail(kind, "%s: %s: %s %.200q", group, why, a.Sort(), a.Body) }
	token, _ := a.Cookie(visit.TokenCookie)
	jwt, _ := a.Cookie(visit.JWTCookie)
	switch {
	case token != "" || jwt != "":
		told(let, "an attacker is handed cookies")
	case a.Err == nil && a.Status < http.StatusBadRequest:
		told(let, "an attacker gets in")
	case !slices.Contains(sorts, a.Sort()):
		told(other, "not one of "+strings.Join(sorts, ", "))
	}
}
