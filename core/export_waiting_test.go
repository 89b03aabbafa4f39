package stytchkit

// Waiting is how many requests wait for an answer of Stytch's.
func (a *Authenticator) Waiting() int { return a.asker.Waiting() }

// PendingRevocations is how many revocations wait for Stytch.
func (a *Authenticator) PendingRevocations() int {
	return a.revokes.Pending()
}
