package stytchkit

// Waiting is how many requests wait for an answer of Stytch's.
func (a *Authenticator) Waiting() int { return int(a.remote.waiting.Load()) }

// PendingRevocations is how many revocations wait for Stytch.
func (a *Authenticator) PendingRevocations() int {
	a.revokes.mu.Lock()
	defer a.revokes.mu.Unlock()
	return a.revokes.pending
}
