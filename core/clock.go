package stytchkit

import "time"

// Clock tells the time. Tests set one to move time instead of sleeping; see stytchtest.Clock.
// It must be safe for concurrent use.
type Clock interface {
	// Now is the current time.
	Now() time.Time
	// After sends once d has passed.
	After(d time.Duration) <-chan time.Time
}
