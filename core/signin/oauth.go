package signin

import (
	"net/url"
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// startOAuth begins a login with an OAuth provider: to one organization, or without one by discovery.
func (v *visit) startOAuth() {
	provider := strings.TrimPrefix(v.r.URL.Path, v.path(pathOAuth))
	if !slices.Contains(v.cfg.Providers, provider) {
		v.refuse(reasonNotFound)
		return
	}
	query := v.r.URL.Query()
	organization := query.Get("organization")
	api := "/v1/b2b/public/oauth/" + provider
	if organization == "" {
		v.start(api+"/discovery/start", stytch.OAuthDiscovery, "", url.Values{})
		return
	}
	v.start(api+"/start", stytch.OAuth, organization, url.Values{organizationParam(organization): {organization}})
}
