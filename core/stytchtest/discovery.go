package stytchtest

// discovered is an organization that an address belongs to or may join.
type discovered struct {
	email        string
	organization organizationRecord
	member       *memberRecord // nil: not yet one
	missing      requirements
}

// discover lists memberships, and with joinable what the address may join, oldest first.
func (st *state) discover(who intermediateRecord, joinable bool) []discovered {
	var found []discovered
	for o := range st.organizations.all() {
		m, ok := st.memberByEmail(o.ID, who.Email)
		if !ok && (!joinable || o.admits(who.Email) != nil) {
			continue
		}
		d := discovered{email: who.Email, organization: o}
		if ok {
			d.member = &m
		}
		m.OrganizationID = o.ID
		d.missing = o.requires(m, carried(who.Factors, who.OrganizationID, m))
		found = append(found, d)
	}
	return found
}

// entering are the factors of a login under way that count for a member elsewhere. Without any,
// the login can't go there: Stytch does not transfer SSO and passwords.
func (who intermediateRecord) entering(m memberRecord) ([]factor, error) {
	factors := carried(who.Factors, who.OrganizationID, m)
	if len(factors) == 0 {
		return nil, errIntermediateForOrganization
	}
	return factors, nil
}
