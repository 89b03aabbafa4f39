package watch

import (
	"time"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// Connection lives long, and rests on a session or an access token. Its methods do not wait.
type Connection interface {
	comparable
	// Fresh is how long ago Stytch may have vouched for the session, as the strictest of its guards wants it.
	Fresh() time.Duration
	// Judge holds the session, as it was vouched for last, against the guards' rules, where it is not that
	// already.
	Judge(*session.Facts)
	// IsEnded reports whether the credential that it presented is over by itself.
	IsEnded() bool
	// End ends it. It may be called again.
	End(why Why, err error)
}

// Why is what a connection ends for.
type Why uint8

// The reasons.
const (
	Ended       Why = iota // the session is over
	Refused                // Stytch refuses what stands for the session
	Expired                // the access token has expired
	Unavailable            // nothing vouches for it, and Stytch cannot be asked
)

func endAll[C Connection](connections []C, why Why, err error) {
	for _, c := range connections {
		c.End(why, err)
	}
}
