package signin

import (
	"context"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// maxEmail is the length of an address, by RFC 5321 §4.5.3.1.
const maxEmail = 254

// sendLink mails a magic link: to sign in to one organization, or without one for discovery; in a consumer
// project to sign in or up. The answer is the same whether or not the address is somebody's.
func (v *visit) sendLink() {
	f, ok := v.fields()
	if !ok {
		return
	}
	email, organization := strings.TrimSpace(f["email"]), v.organization(f["organization"])
	v.to = v.returnTo(f["return_to"])
	kind, ok := v.project.magicLink(organization)
	switch {
	case !isEmail(email):
		v.refuse(reasonInvalidEmail)
		return
	case !ok:
		v.refuse(reasonInvalid)
		return
	}
	redirect, ok := v.callbackURL()
	if !ok {
		return
	}
	if _, err := v.tryAs("a link to " + email); err != nil {
		v.fail(err)
		return
	}
	begun := v.begin(flow{Kind: kind, Organization: organization, ReturnTo: v.to})
	_, err := askForAnybody(v, func(ctx context.Context) (any, error) {
		return nil, v.project.send(ctx, stytch.Link{
			Email: email, Organization: organization, RedirectURL: redirect, Challenge: begun.challenge(),
		})
	})
	v.mailed(err)
}

// mailed says that a mail may be on its way, whether or not there is anybody to get it.
func (v *visit) mailed(err error) {
	if err != nil && !v.isSilent(err) {
		v.cookies = nil // nothing has begun
		v.fail(err)
		return
	}
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", map[string]bool{"sent": true})
		return
	}
	v.redirect(v.path(pathMagicLink))
}

// isSilent reports whether an error would tell whose address it is.
func (v *visit) isSilent(err error) bool {
	f := stytch.FailureOf(err)
	switch reasonOf(f) {
	case reasonUnavailable, reasonRateLimited, reasonMisconfigured, reasonInvalidEmail:
		return false
	}
	if isOtherPasswords(f.ErrorType) {
		return false
	}
	v.in.Log.Debug("signin: no mail was sent", "error_type", f.ErrorType)
	return true
}

// isEmail refuses what is no address at all; Stytch knows better.
func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && len(s) <= maxEmail &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' })
}

func (v *visit) mailSent() {
	v.show(Page{
		Name: PageMail, Status: http.StatusOK, Title: "Check your mail",
		Detail: "If the address can sign in here, a link is on its way. Open it in this browser.",
	})
}
