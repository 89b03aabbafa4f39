package stytchkit

// CleanUp makes the memories keep to their bounds now.
func (a *Authenticator) CleanUp() {
	a.memory.sessions.CleanUp()
	a.memory.refusals.CleanUp()
}

// Idle returns once nothing runs in the background but the keeper of the keys.
func (a *Authenticator) Idle() bool { return a.tasks.running.Load() <= 1 }

// Authenticator is whose guard this is.
func (g *Guard) Authenticator() *Authenticator { return g.auth }
