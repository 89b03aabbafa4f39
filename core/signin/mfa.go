package signin

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Pending is a login that is not finished: its intermediate session is in the cookie, and
// Authenticator.IntermediateSession reads it.
type Pending struct {
	MemberID       string
	OrganizationID string
	MFA            *MFA     // a second factor is needed; nil: none
	Primary        []string // another first factor is needed, by one of these methods of Stytch's
	ReturnTo       string   // where the login was asked to end; already checked, may be empty
}

// Pending is what the login in this browser still needs, for the application's page for a second
// factor; false when there is no such login. It is what this handler wrote, and grants nothing: Stytch
// decides by the intermediate session. When the session that the last step gives is saved with the
// adapter's SaveSession, Pending is false from then on.
func (h *Handler) Pending(r *http.Request) (Pending, bool) {
	v := &visit{Handler: h, r: r}
	p, ok := v.pending()
	if !ok || !p.Needs {
		return Pending{}, false
	}
	return Pending{MemberID: p.Member, OrganizationID: p.Organization, MFA: p.MFA, Primary: p.Primary, ReturnTo: p.ReturnTo}, true
}

// MFA is Stytch's mfa_required.
type MFA struct {
	PhoneNumber        string `json:"p,omitempty"` // of the member, for a code by SMS
	TOTPRegistrationID string `json:"t,omitempty"` // of the member's authenticator app
	Initiated          string `json:"i,omitempty"` // what Stytch has sent already, such as sms_otp
	Enrols             bool   `json:"e,omitempty"` // the member had no second factor when the login began
}

// pending is such a login as its cookie holds it, or one that has yet to choose an organization.
type pending struct {
	Binding      string   `json:"b"` // to the intermediate session that it is about
	Member       string   `json:"m,omitempty"`
	Organization string   `json:"o,omitempty"`
	MFA          *MFA     `json:"f,omitempty"`
	Primary      []string `json:"p,omitempty"`
	Needs        bool     `json:"n,omitempty"` // a step other than choosing an organization
	ReturnTo     string   `json:"r,omitempty"`
}

// pending reads the cookie, which counts only beside the intermediate session that it is about. It is sealed:
// who writes there that the member has no second factor would be let set one up.
func (v *visit) pending() (pending, bool) {
	var p pending
	ist, _ := v.intermediate()
	value, ours := v.unseal(cookiePending, v.cookie(cookiePending))
	if ist == "" || !ours || !decode(value, &p) || p.Binding != bindingOf(ist) {
		return pending{}, false
	}
	ok := v.returnTo(p.ReturnTo) == p.ReturnTo &&
		(p.Member == "" || isName(p.Member)) && (p.Organization == "" || isName(p.Organization)) &&
		!slices.ContainsFunc(p.Primary, func(method string) bool { return !isName(method) })
	return p, ok
}

// bindingOf names an intermediate session without telling it.
func bindingOf(ist string) string {
	sum := sha256.Sum256([]byte("stytchkit pending " + ist))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// intermediate is the intermediate session token that the request presents.
func (v *visit) intermediate() (string, error) { return v.auth.IntermediateSession(v.request()) }

// wait stores an intermediate session, and what is pending; false when the request is answered.
func (v *visit) wait(ist string, p pending) bool {
	cookies, err := v.auth.IntermediateCookies(v.request(), ist)
	if err != nil {
		v.said.Error("signin: an intermediate session cannot be stored", "error", err)
		v.refuse(reasonUnavailable)
		return false
	}
	v.cookies = append(v.cookies, cookies...)
	p.Binding, p.ReturnTo = bindingOf(ist), v.returnTo(p.ReturnTo)
	value := v.seal(cookiePending, encode(p))
	if len(value) > maxCookie {
		p.ReturnTo = ""
		value = v.seal(cookiePending, encode(p))
	}
	v.keep(cookiePending, value, shortLife)
	return true
}

// pend goes on with a login that needs another step. It never stores a session.
func (v *visit) pend(l *stytch.Login, returnTo string) {
	p := pending{Member: l.MemberID, Organization: l.Organization.ID, Needs: true, ReturnTo: returnTo}
	if l.MFA != nil {
		p.MFA = &MFA{l.MFA.PhoneNumber, l.MFA.TOTPRegistrationID, l.MFA.Initiated, l.MFA.PhoneNumber == "" && l.MFA.TOTPRegistrationID == ""}
	}
	if l.Primary != nil {
		p.Primary = (*l.Primary)[:min(len(*l.Primary), 16)]
	}
	if !v.wait(l.Intermediate, p) {
		return
	}
	v.drop(cookieToken)
	next := v.cfg.MFAURL
	if l.Primary != nil || l.MFA == nil { // Stytch takes no second factor before the first one is met
		v.to = v.returnTo(returnTo)
		next = v.in.AddQuery(v.cfg.LoginURL, v.query(reasonPrimary))
	}
	v.redirectOr(next, answer{
		MemberID: l.MemberID, OrganizationID: l.Organization.ID,
		MFARequired: l.MFA != nil, Primary: p.Primary,
	})
}
