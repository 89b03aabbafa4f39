package stytchkit

import "fmt"

// Limits bound what an [Authenticator] holds in memory, and what it asks of Stytch. Zero means the
// default.
type Limits struct {
	// Sessions is how many sessions of a usual size, 4 KB, are remembered by the JWT or the opaque token
	// that stood for them, so that they cost neither a verification nor a call again. Half of that is
	// kept once handlers have read the session: its custom claims, its JSON and the SDK's type. One with
	// large custom claims or many roles counts for as many as it is large. Default: 16,384. Negative:
	// none.
	Sessions int
	// Tokens is how many access tokens of a usual size, 2 KB, are remembered so that they cost no
	// verification again. A large one counts for as many as it is large. Default: 4,096. Negative: none.
	Tokens int
	// Refusals is how many credentials that Stytch refused are remembered for a minute; about 200
	// bytes each. Default: 16,384.
	Refusals int
	// ProvenTokens is how many opaque tokens that Stytch confirmed are remembered as not made up;
	// about 100 bytes each. Default: 65,536.
	ProvenTokens int
	// Calls is how many calls to Stytch may be in flight about JWTs with a good signature and
	// tokens that Stytch has confirmed, and how many beside them about members, organizations and users.
	// Default: 64.
	Calls int
	// UnprovenCalls is how many calls may be in flight about tokens that anybody could have made
	// up, and as many for sign-ins. Default: 16.
	UnprovenCalls int
	// UnprovenPerSecond is how many such tokens are asked about in a second, and UnprovenBurst how
	// many at once after a pause; the others are answered 503. Sign-ins have the same again for
	// themselves. Defaults: 100 and 500.
	UnprovenPerSecond, UnprovenBurst int
	// EndedSessions is how many sessions that ended here are remembered, so that their JWTs are
	// refused before they expire; about 150 bytes each. When full, the oldest goes, and JWTs
	// older than it are asked about at Stytch. Default: 65,536.
	EndedSessions int
	// UnknownKeys is how many unknown key IDs are remembered between two key fetches; the JWTs
	// of any more stay undecided (503) until the next fetch. Default: 1,024.
	UnknownKeys int
	// Profiles is how many members, organizations and users, each, are remembered once State has asked
	// for them; 1 to 2 KB each, and 10 KB more where Stytch's metadata is used up. Default: 4,096.
	Profiles int
	// Connections is how many sessions and access tokens are watched at a time, for as long as connections
	// rest on them; see [Live]. Each takes some 10 KB. When full, what begins is denied rather than left
	// unwatched. Default: 16,384.
	Connections int
	// PendingRevocations is how many revocations that Stytch could not take yet are kept and
	// retried in the background. Default: 1,024.
	PendingRevocations int
}

const (
	defaultSessions           = 1 << 14
	defaultTokens             = 1 << 12
	defaultRefusals           = 1 << 14
	defaultProvenTokens       = 1 << 16
	defaultCalls              = 64
	defaultUnprovenCalls      = 16
	defaultUnprovenPerSecond  = 100
	defaultUnprovenBurst      = 500
	defaultEndedSessions      = 1 << 16
	defaultUnknownKeys        = 1 << 10
	defaultProfiles           = 1 << 12
	defaultConnections        = 1 << 14
	defaultPendingRevocations = 1 << 10
)

func (c *Config) completeLimits() error {
	if c.Limits.Sessions == 0 {
		c.Limits.Sessions = defaultSessions
	}
	if c.Limits.Tokens == 0 {
		c.Limits.Tokens = defaultTokens
	}
	for _, l := range []struct {
		name     string
		value    *int
		fallback int
	}{
		{"Refusals", &c.Limits.Refusals, defaultRefusals},
		{"ProvenTokens", &c.Limits.ProvenTokens, defaultProvenTokens},
		{"Calls", &c.Limits.Calls, defaultCalls},
		{"UnprovenCalls", &c.Limits.UnprovenCalls, defaultUnprovenCalls},
		{"UnprovenPerSecond", &c.Limits.UnprovenPerSecond, defaultUnprovenPerSecond},
		{"UnprovenBurst", &c.Limits.UnprovenBurst, defaultUnprovenBurst},
		{"EndedSessions", &c.Limits.EndedSessions, defaultEndedSessions},
		{"UnknownKeys", &c.Limits.UnknownKeys, defaultUnknownKeys},
		{"Profiles", &c.Limits.Profiles, defaultProfiles},
		{"Connections", &c.Limits.Connections, defaultConnections},
		{"PendingRevocations", &c.Limits.PendingRevocations, defaultPendingRevocations},
	} {
		if *l.value < 0 {
			return fmt.Errorf("stytchkit: Config.Limits.%s is %d (want a positive number, or 0 for the default of %d)", l.name, *l.value, l.fallback)
		}
		if *l.value == 0 {
			*l.value = l.fallback
		}
	}
	return nil
}
