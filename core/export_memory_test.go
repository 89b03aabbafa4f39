package stytchkit

// CleanUp makes the memories keep to their bounds now.
func (a *Authenticator) CleanUp() {
	a.memory.CleanUp()
	a.refusals.CleanUp()
}

// Idle reports whether nothing runs in the background but the keepers of the keys and of the policy.
func (a *Authenticator) Idle() bool { return a.tasks.Running() <= 2 }

// Authenticator is whose guard this is.
func (g *Guard) Authenticator() *Authenticator { return g.auth }
