package signin

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// keptToken is a token that waits in its cookie until the person has said that it may be used.
type keptToken struct {
	kind, token string
	mark        string // of this browser's: another one with the same link has another mark
}

const markSize = 16 // characters of 5 bits each

// keepToken moves a token out of the URL into its cookie, and goes to the page that asks.
func (v *visit) keepToken(kind, token string) {
	if len(token) > maxKeptToken {
		v.refuse(reasonLinkInvalid)
		return
	}
	kept, ok := v.keptToken()
	if !ok || kept.kind != kind || kept.token != token {
		kept = keptToken{kind: kind, token: token, mark: rand.Text()[:markSize]}
	}
	v.keep(cookieToken, v.seal(cookieToken, kept.kind+"."+kept.mark+kept.token), shortLife)
	v.redirect(v.confirmURL(kept))
}

func (v *visit) keptToken() (keptToken, bool) {
	value, _ := v.unseal(cookieToken, v.cookie(cookieToken))
	kind, rest, _ := strings.Cut(value, ".")
	if len(rest) < markSize {
		return keptToken{}, false
	}
	kept := keptToken{kind: kind, mark: rest[:markSize], token: rest[markSize:]}
	return kept, v.project.isKind(kind) && kind != v.project.reset && isToken(kept.token) && len(kept.token) <= maxKeptToken
}

// confirmURL is the page that asks about this token, and where its form posts to.
func (v *visit) confirmURL(kept keptToken) string {
	return v.in.AddQuery(v.path(pathCallback), forToken(kept.kind+"."+kept.token))
}

// askedAbout is the kept token if it is the one that the URL is for; another tab may have kept another.
func (v *visit) askedAbout() (keptToken, bool) {
	kept, ok := v.keptToken()
	return kept, ok && v.r.URL.Query().Get(paramFor) == digestOf(kept.kind+"."+kept.token)
}

// askToConfirm shows the page that asks before a token is used, or that there is none. Opened by hand,
// it is about whichever token is kept.
func (v *visit) askToConfirm() {
	kept, ok := v.keptToken()
	if _, same := v.askedAbout(); !ok || !same && v.r.URL.Query().Has(paramFor) {
		if !ok && v.r.URL.Query().Has(paramFor) {
			v.hintNoCookie()
		}
		v.refuse(reasonLinkInvalid)
		return
	}
	v.show(Page{
		Name: PageConfirm, Status: http.StatusOK, Action: v.confirmURL(kept),
		Title: "Finish signing in", Detail: "Go on only if you opened a link of yours, or chose to sign in.",
	})
}

// confirmed uses the token in the cookie, after the form of the page that asks has been sent.
func (v *visit) confirmed() {
	if _, ok := v.keptToken(); !ok && v.r.URL.Query().Has(paramFor) && v.goOn("") {
		return // it was used a moment ago, and the form sent again
	}
	kept, ok := v.askedAbout()
	if !ok {
		v.refuse(reasonLinkInvalid)
		return
	}
	if err := v.open(kept.kind, kept.token, kept.mark, flow{}); err != nil {
		if !isOutage(err) {
			v.drop(cookieToken)
		}
		v.failLink(err, "")
	}
}

// isOutage reports whether the same may work later.
func isOutage(err error) bool {
	reason := reasonOf(stytch.FailureOf(err))
	return reason == reasonUnavailable || reason == reasonRateLimited || reason == reasonMisconfigured
}
