package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// switchOrganization exchanges the session for one in another organization of the same member.
func (v *visit) switchOrganization() {
	f, ok := v.fields()
	if !ok {
		return
	}
	v.page, v.to = pathOrganizations, v.returnTo(f["return_to"])
	if !isName(f["organization"]) {
		v.refuse(reasonInvalid)
		return
	}
	v.exchange(f["organization"])
}

// exchange exchanges the session that the cookies present. When that was replaced or ended here
// while Stytch was asked (the member has signed out, or switched in another tab), nothing is stored.
func (v *visit) exchange(organization string) {
	creds, bearer := v.in.Presented(v.r)
	switch {
	case bearer: // it has no cookies to replace; who holds a token asks Stytch
		v.refuse(reasonInvalid)
		return
	case len(creds) == 0:
		v.refuse(reasonMissing)
		return
	}
	if v.keepsTenantsApart() && v.leaveFor(organization) {
		return
	}
	before := v.in.Superseded(v.r)
	l, err := askAbout(v, func(ctx context.Context, cred stytch.Credential) (*stytch.Login, error) {
		return v.in.Stytch.Exchange(ctx, cred, organization, v.cfg.SessionDuration)
	})
	if err == nil && !before && v.in.Superseded(v.r) {
		v.discard(l)
		v.refuse(reasonConflict)
		return
	}
	v.end(l, err)
}
