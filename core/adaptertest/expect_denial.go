package adaptertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// denied wants the problem of this code, and that no handler was reached.
func (a *answer) denied(code string) *answer {
	a.stage.t.Helper()
	_, challenge := denialOf(code)
	return a.deniedBy(code, challenge)
}

// deniedBy is denied with another challenge than cookies get.
func (a *answer) deniedBy(code, challenge string) *answer {
	a.stage.t.Helper()
	status, _ := denialOf(code)
	a.isDenial(code, status, challenge)
	a.hasHeader("Content-Type", "application/problem+json")
	if a.request.method == http.MethodHead {
		return a.hasText("")
	}
	var problem struct {
		Type, Title, Code, Detail string
		Status                    int
	}
	if err := json.Unmarshal([]byte(a.text), &problem); err != nil {
		a.fail("a problem (RFC 9457)", "%v", err)
	}
	if problem.Type != "urn:stytchkit:"+code || problem.Code != code || problem.Status != status || problem.Title == "" || problem.Detail == "" {
		a.fail("the problem "+code, "%+v", problem)
	}
	return a
}

// stepsUpAt wants the problem to say where the person can prove once more who they are.
func (a *answer) stepsUpAt(where string) *answer {
	a.stage.t.Helper()
	var problem struct {
		StepUpURL string `json:"step_up_url"`
	}
	if err := json.Unmarshal([]byte(a.text), &problem); err != nil || problem.StepUpURL != where {
		a.fail("the step_up_url "+where, "%q (%v)", a.text, err)
	}
	return a
}

// deniedAsPage is denied for a person who waits for a page.
func (a *answer) deniedAsPage(code, title string) *answer {
	a.stage.t.Helper()
	status, challenge := denialOf(code)
	a.isDenial(code, status, challenge).hasHeader("Content-Type", "text/html; charset=utf-8")
	if !strings.Contains(a.text, "<h1>"+title+"</h1>") {
		a.fail("a page with the title "+title, "%q", a.text)
	}
	return a
}

// sentToLogin wants a 303 to the login page.
func (a *answer) sentToLogin(code, location string) *answer {
	a.stage.t.Helper()
	_, challenge := denialOf(code)
	return a.sentToLoginBy(code, challenge, location)
}

// sentToLoginBy is sentToLogin with another challenge.
func (a *answer) sentToLoginBy(code, challenge, location string) *answer {
	a.stage.t.Helper()
	return a.isDenial(code, http.StatusSeeOther, challenge).hasHeader("Location", location).hasText("")
}

func (a *answer) isDenial(code string, status int, challenge string) *answer {
	a.stage.t.Helper()
	a.ours = true
	if reached := a.stage.reachedSince(); reached != 0 || a.status != status {
		a.fail(fmt.Sprintf("%d %s, and no handler reached", status, code), "%d, and a handler was reached %d times", a.status, reached)
	}
	store := "no-store"
	if len(a.header.Values("Set-Cookie")) > 0 {
		store = "private, no-store"
	}
	a.hasHeader(stytchkit.DenialHeader, code)
	a.hasHeader("Cache-Control", store).hasHeader("Vary", "Cookie, Authorization").hasHeader("WWW-Authenticate", challenge)
	if retry := a.header.Get("Retry-After"); (retry != "") != (code == "stytch_unavailable") {
		a.fail("Retry-After with a 503 and only there", "%q", retry)
	}
	return a
}

// denialOf is the table of the design: the status and the challenge of a code.
func denialOf(code string) (status int, challenge string) {
	switch code {
	case "session_missing", "token_missing":
		return http.StatusUnauthorized, "Bearer"
	case "session_invalid", "session_ended", "token_invalid":
		return http.StatusUnauthorized, `Bearer error="invalid_token"`
	case "invalid_request":
		return http.StatusBadRequest, `Bearer error="invalid_request"`
	case "reauthentication_required": // where age is not the reason
		return http.StatusUnauthorized, `Bearer error="insufficient_user_authentication"`
	case "insufficient_scope":
		return http.StatusForbidden, `Bearer error="insufficient_scope"`
	case "permission_denied", "organization_mismatch", "cross_origin": // by cookie
		return http.StatusForbidden, ""
	case "stytch_unavailable":
		return http.StatusServiceUnavailable, ""
	case "stytch_misconfigured", "route_misconfigured":
		return http.StatusInternalServerError, ""
	}
	panic("adaptertest: no such code: " + code)
}

// varies says that frameworks answer this differently, each as the case expects.
func (a *answer) varies() *answer { a.differs = true; return a }

// turnedAway wants no handler reached: a request that each framework refuses in its own way.
func (a *answer) turnedAway() {
	a.stage.t.Helper()
	a.varies()
	if reached := a.stage.reachedSince(); reached != 0 || a.status == http.StatusOK {
		a.fail("any refusal", "%d, and a handler was reached %d times", a.status, reached)
	}
}

// refused wants the guard's denial, or whatever the router says of a path or method that it does not
// know: routers differ. What nobody may say is what a handler does.
func (a *answer) refused() {
	a.stage.t.Helper()
	a.varies()
	if a.status == http.StatusUnauthorized {
		a.denied("session_missing")
		return
	}
	reached := a.stage.reachedSince()
	if reached != 0 || a.status == http.StatusOK || a.status >= http.StatusInternalServerError {
		a.fail("session_missing, or the router's refusal", "%d, and a handler was reached %d times", a.status, reached)
	}
}
