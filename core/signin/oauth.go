package signin

import (
	"slices"
	"strings"
)

// startOAuth begins a login with an OAuth provider: to one organization, or without one by discovery; in a
// consumer project to the application.
func (v *visit) startOAuth() {
	provider := strings.TrimPrefix(v.r.URL.Path, v.cfg.Prefix+"/"+pathOAuth)
	if !slices.Contains(v.cfg.Providers, provider) {
		v.refuse(reasonNotFound)
		return
	}
	organization := v.organization(v.r.URL.Query().Get("organization"))
	start, ok := v.project.oauth(provider, organization)
	if !ok {
		v.refuse(reasonInvalid)
		return
	}
	v.start(start.path, start.kind, organization, start.params)
}
