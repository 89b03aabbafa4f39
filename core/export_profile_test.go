package stytchkit

// Profiles is how many members and organizations are remembered, once the memories keep to their bounds.
func (a *Authenticator) Profiles() (members, organizations int) {
	a.profiles.members.known.CleanUp()
	a.profiles.organizations.known.CleanUp()
	return a.profiles.members.known.EstimatedSize(), a.profiles.organizations.known.EstimatedSize()
}
