package signin

import (
	"net/http"
	"net/url"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// start sends the browser to Stytch, with PKCE.
func (v *visit) start(api, kind, organization string, params url.Values) {
	switch {
	case v.cfg.PublicToken == "":
		v.refuse(reasonNotFound)
		return
	case organization != "" && !isName(organization):
		v.refuse(reasonInvalid)
		return
	case v.isSpeculative():
		v.refuseSpeculation()
		return
	case v.isForeign():
		v.askToStart()
		return
	}
	redirect, ok := v.callbackURL()
	if !ok {
		return
	}
	begun := v.begin(flow{Kind: kind, Organization: organization, ReturnTo: v.r.URL.Query().Get("return_to")})
	params.Set("public_token", v.cfg.PublicToken)
	params.Set(v.project.challenge, begun.challenge())
	if kind == stytch.OAuthDiscovery {
		params.Set("discovery_redirect_url", redirect)
	} else {
		params.Set("login_redirect_url", redirect)
		params.Set("signup_redirect_url", redirect)
	}
	v.redirectOr(v.in.BaseURL+api+"?"+params.Encode(), answer{})
}

// organizationParam is the parameter of Stytch's start URLs that takes this name.
func organizationParam(organization string) string {
	if strings.HasPrefix(organization, "organization-") {
		return "organization_id"
	}
	return "slug"
}

// isForeign reports whether another site's page leads here: it could sign the browser in as somebody
// else, with an identity provider that asks nothing. A page of a trusted origin is told by its Referer.
func (v *visit) isForeign() bool {
	if v.r.Header.Get("Sec-Fetch-Site") == "" {
		return false // no browser, or an old one
	}
	posted := v.r.Clone(v.r.Context())
	posted.Method = http.MethodPost // the rules are those of an unsafe request
	posted.Header.Set("Origin", "null")
	if from, err := url.Parse(v.r.Referer()); err == nil && from.Host != "" {
		posted.Header.Set("Origin", from.Scheme+"://"+from.Host)
	}
	return v.auth.CrossOrigin(stytchkit.HTTPRequest{R: posted})
}

// askToStart shows a page whose link begins the login: followed from there, it is this origin's own.
func (v *visit) askToStart() {
	action := v.cfg.own.Outside(v.r.URL.EscapedPath())
	if v.r.URL.RawQuery != "" {
		action += "?" + v.r.URL.Query().Encode()
	}
	v.show(Page{
		Name: PageContinue, Status: http.StatusOK, Action: action,
		Title: "Sign in", Detail: "Another site has sent you here. Go on only if you chose to sign in.",
	})
}
