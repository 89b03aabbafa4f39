package stytchkit

// Profiles is how many members and organizations are remembered, once the memories keep to their bounds.
func (a *Authenticator) Profiles() (members, organizations int) {
	a.profiles.Members.CleanUp()
	a.profiles.Organizations.CleanUp()
	return a.profiles.Members.Size(), a.profiles.Organizations.Size()
}
