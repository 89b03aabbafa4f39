package signin

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	// codeLife is longer than Stytch's codes live, so that whoever is late can have a new one sent.
	codeLife = 20 * time.Minute
	maxCode  = 10 // digits; Stytch sends six
)

// codeFlow is a login that waits for a code, in the browser where it was asked for. Only its cookie says
// whom the code is of. There is one in a browser: the newest, as only the newest code works.
type codeFlow struct {
	ID           string `json:"i"`
	Field        string `json:"f"` // of the sender
	To           string `json:"a"`
	Organization string `json:"o,omitempty"`
	Method       string `json:"m,omitempty"` // Stytch's ID of where it was sent, in a consumer project
	ReturnTo     string `json:"r,omitempty"`
	Started      int64  `json:"t"` // in Unix seconds
}

// beginCode stores a flow, in the place of an earlier one.
func (v *visit) beginCode(s *sender, f codeFlow) {
	f.ID, f.Field, f.Started = rand.Text(), s.field, v.in.Now().Unix()
	value := v.seal(cookieCode, encode(f))
	if len(value) > maxCookie {
		f.ReturnTo = ""
		value = v.seal(cookieCode, encode(f))
	}
	v.keep(cookieCode, value, codeLife)
}

// codeFlow reads the cookie. What is sealed may still be old, or of another version.
func (v *visit) codeFlow(s *sender) (codeFlow, bool) {
	var f codeFlow
	value, ours := v.unseal(cookieCode, v.cookie(cookieCode))
	if !ours || !decode(value, &f) {
		return codeFlow{}, false
	}
	age := v.in.Now().Sub(time.Unix(f.Started, 0))
	ok := f.Field == s.field && f.ID != "" && s.normal(f.To) == f.To && v.project.takesOrganization(f.Organization) &&
		v.returnTo(f.ReturnTo) == f.ReturnTo && age < codeLife && age > -maxClockSkew
	return f, ok
}

// askCode shows the page that asks for the code.
func (v *visit) askCode(s *sender) {
	f, ok := v.codeFlow(s)
	switch {
	case !ok:
		v.refuseExpired()
	case v.json:
		v.writeJSON(http.StatusOK, "application/json", map[string]string{s.field: f.To, "organization": f.Organization, "return_to": f.ReturnTo})
	default:
		v.showCode(s, f, "")
	}
}

func (v *visit) showCode(s *sender, f codeFlow, reason string) {
	p := Page{
		Name: PageCode, Status: http.StatusOK, Title: "Enter the code", Action: v.path(s.verifyPath()), SendURL: v.path(s.path),
		Reason: reason, Detail: Message(reason), Field: s.field, Organization: f.Organization, ReturnTo: f.ReturnTo,
	}
	p.reachable(s, f.To)
	if reason != "" {
		p.Status = meanings()[reason].status
	}
	v.show(p)
}

// useCode ends the login with a code.
func (v *visit) useCode(s *sender) {
	sent, ok := v.fields()
	if !ok {
		return
	}
	f, ok := v.codeFlow(s)
	if !ok {
		v.refuseExpired()
		return
	}
	code := strings.NewReplacer(" ", "", "-", "").Replace(sent["code"])
	if code == "" || len(code) > maxCode || !isDigits(code) {
		v.againCode(s, f)
		return
	}
	won, err := v.tryCode(f)
	if err != nil {
		v.fail(err)
		return
	}
	out, err := v.tries.do(v.r.Context(), attemptOf("code", code, f.ID), func() (outcome, error) { return v.code(f, code) })
	if err != nil {
		v.failCode(s, f, err)
		return
	}
	won()
	v.drop(cookieCode)
	v.arrive(out, flow{Organization: f.Organization, ReturnTo: f.ReturnTo})
}

// code asks Stytch what the code is good for. It stands on its own: an intermediate session that is refused
// would cost one more call where there is such a member.
func (v *visit) code(f codeFlow, code string) (outcome, error) {
	out, err := askToTheEnd(v, func(ctx context.Context) (outcome, error) {
		return v.project.code(ctx, stytch.Code{
			CodeTo: stytch.CodeTo{Address: f.To, Organization: f.Organization}, Method: f.Method,
			Code: code, Duration: v.cfg.SessionDuration,
		})
	})
	if err == nil {
		v.came()
	}
	return out, err
}

// tryCode counts a try: of this flow, by whoever it is that has it, and at this address, in whatever flow.
func (v *visit) tryCode(f codeFlow) (won func(), err error) {
	if won, err = v.tryAs("a code of " + f.To); err != nil {
		return nil, err
	}
	_, err = v.bounds.try("code of "+f.ID, fair.Key{})
	return won, err
}

// failCode answers a failure. All that Stytch refuses is a wrong code, or it would tell who has an account.
func (v *visit) failCode(s *sender, of codeFlow, err error) {
	if f := stytch.FailureOf(err); f.Verdict != stytch.Refused || isClaimsRefused(f.ErrorType) {
		v.to = of.ReturnTo
		v.fail(err)
		return
	}
	v.in.Log.Debug("signin: Stytch refused a code", "error", err)
	v.againCode(s, of)
}

// againCode tells a client that the code is wrong, and asks a person for it again.
func (v *visit) againCode(s *sender, f codeFlow) {
	if v.json {
		v.refuse(reasonWrongCode)
		return
	}
	v.showCode(s, f, reasonWrongCode)
}
