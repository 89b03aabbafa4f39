package sandbox

import "github.com/stytchkit/stytchkit/core/stytchtest"

// Way is something that somebody signs in with, or what keeps them from it.
type Way struct {
	Kind  string
	Value string // what to enter, or where a code is sent; empty for none
}

// Ways are those of the person now; none where they have links and codes mailed alone.
func (p *Person) Ways() []Way { return p.ways() }

func memberWays(m *stytchtest.Member) []Way {
	ways := waysOf(m.Password, m.Phone, m.TOTP(), m.RecoveryCodes(), m.Locked)
	if m.MFA && m.Phone == "" && m.TOTP() == "" {
		ways = append(ways, Way{Kind: "has to set up a second step"})
	}
	return ways
}

func userWays(u *stytchtest.User) []Way {
	return waysOf(u.Password, u.Phone, u.TOTP(), u.RecoveryCodes(), u.Locked)
}

func waysOf(password, phone, code string, recovery []string, locked bool) []Way {
	var ways []Way
	if password != "" {
		ways = append(ways, Way{"password", password})
	}
	if password == stytchtest.BreachedPassword {
		ways = append(ways, Way{Kind: "known from a leak: has to choose another"})
	}
	if phone != "" {
		ways = append(ways, Way{"codes to", phone})
	}
	if code != "" {
		ways = append(ways, Way{"the app’s code now", code})
	}
	if len(recovery) > 0 {
		ways = append(ways, Way{"a recovery code", recovery[0]})
	}
	if locked {
		ways = append(ways, Way{Kind: "locked out, as after too many wrong passwords"})
	}
	return ways
}
