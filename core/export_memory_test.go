package stytchkit

import "github.com/stytchkit/stytchkit/core/internal/replicas"

// CleanUp makes the memories keep to their bounds now.
func (a *Authenticator) CleanUp() {
	a.memory.CleanUp()
	a.refusals.CleanUp()
}

// Idle reports whether nothing runs in the background but the keepers of the keys and of the policy, and what
// keeps the bus.
func (a *Authenticator) Idle() bool {
	if a.replicas != nil {
		return a.tasks.Running() <= 2+replicas.Loops
	}
	return a.tasks.Running() <= 2
}

// Authenticator is whose guard this is.
func (g *Guard) Authenticator() *Authenticator { return g.auth }
