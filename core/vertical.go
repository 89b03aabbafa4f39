package stytchkit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

// Vertical is the kind of a Stytch project. Nothing about a project's ID tells which it is.
type Vertical uint8

// The kinds of projects.
const (
	B2B      Vertical = iota // organizations with members
	Consumer                 // users
)

// String is the kind as STYTCH_VERTICAL has it.
func (v Vertical) String() string {
	switch v {
	case B2B:
		return "b2b"
	case Consumer:
		return "consumer"
	}
	return fmt.Sprintf("Vertical(%d)", uint8(v))
}

func (v Vertical) kind() session.Kind {
	if v == Consumer {
		return session.User
	}
	return session.Member
}

// keysPath is where the keys of a project of this kind are.
func (v Vertical) keysPath() string {
	if v == Consumer {
		return "/v1/sessions/jwks/"
	}
	return "/v1/b2b/sessions/jwks/"
}

func (c *Config) completeVertical() error {
	if c.Vertical == B2B || c.Vertical == Consumer {
		return nil
	}
	return fmt.Errorf("stytchkit: Config.Vertical is %d (want stytchkit.B2B or stytchkit.Consumer, whichever the project is)", c.Vertical)
}

func (c *Config) completeIssuers() error {
	for _, issuer := range c.Issuers {
		if issuer == "" || strings.TrimSpace(issuer) != issuer {
			return fmt.Errorf("stytchkit: Config.Issuers has %q (want what the tokens' iss says, such as https://soft-river-1234.customers.stytch.com)", issuer)
		}
	}
	c.Issuers = slices.Clone(c.Issuers)
	return nil
}

// ParseVertical reads the name of a kind, as STYTCH_VERTICAL has it: b2b, as when empty, or consumer.
func ParseVertical(name string) (Vertical, error) {
	switch name {
	case "", "b2b":
		return B2B, nil
	case "consumer":
		return Consumer, nil
	}
	return 0, fmt.Errorf("stytchkit: %q is no kind of project (want b2b or consumer)", name)
}
