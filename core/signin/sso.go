package signin

import (
	"net/url"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// startSSO begins a login by single sign-on, with one connection or the organization's default one.
func (v *visit) startSSO() {
	query := v.r.URL.Query()
	organization, connection := v.organization(query.Get("organization")), query.Get("connection_id")
	params := url.Values{}
	switch {
	case connection != "" && isName(connection):
		params.Set("connection_id", connection)
	case connection == "" && organization != "":
		params.Set(organizationParam(organization), organization)
	default:
		v.refuse(reasonInvalid)
		return
	}
	v.start("/v1/public/sso/start", stytch.SSO, organization, params)
}
