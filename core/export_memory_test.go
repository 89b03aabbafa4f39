package stytchkit

// CleanUp makes the memories keep to their bounds now.
func (a *Authenticator) CleanUp() {
	a.memory.CleanUp()
	a.refusals.CleanUp()
}

// Idle returns once nothing runs in the background but the keeper of the keys.
func (a *Authenticator) Idle() bool { return a.tasks.Running() <= 1 }

// Authenticator is whose guard this is.
func (g *Guard) Authenticator() *Authenticator { return g.auth }
