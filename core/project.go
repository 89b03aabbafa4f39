package stytchkit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

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

func (c *Config) completeProject() error {
	if c.ProjectID == "" && c.Secret == "" {
		return errors.New("stytchkit: Config.ProjectID and Config.Secret are empty (want the project ID and secret from the API keys page of Stytch's dashboard)")
	}
	if c.ProjectID == "" {
		return errors.New("stytchkit: Config.ProjectID is empty but Config.Secret is set (want both)")
	}
	if !isProjectID(c.ProjectID) {
		return fmt.Errorf("stytchkit: Config.ProjectID %q is not a Stytch project ID (want project-test-… or project-live-…)", c.ProjectID)
	}
	if c.Secret == "" {
		return errors.New("stytchkit: Config.Secret is empty but Config.ProjectID is set (want both)")
	}
	return c.checkSecret()
}

// checkSecret refuses what Stytch would refuse at the first call, and what is no secret.
func (c *Config) checkSecret() error {
	switch {
	case strings.ContainsFunc(c.Secret, unicode.IsSpace):
		return errors.New("stytchkit: Config.Secret holds white space, as a file's line does at its end (want the secret alone: see strings.TrimSpace)")
	case strings.HasPrefix(c.Secret, "public-token-"):
		return errors.New("stytchkit: Config.Secret is a public token (want the project's secret, from the API keys page of Stytch's dashboard)")
	case c.live() && strings.HasPrefix(c.Secret, "secret-test-"):
		return fmt.Errorf("stytchkit: Config.Secret is of a test project, and Config.ProjectID is %q (want both of one project)", c.ProjectID)
	case !c.live() && strings.HasPrefix(c.Secret, "secret-live-"):
		return fmt.Errorf("stytchkit: Config.Secret is of a live project, and Config.ProjectID is %q (want both of one project)", c.ProjectID)
	}
	return nil
}

func isProjectID(id string) bool {
	rest, test := strings.CutPrefix(id, "project-test-")
	if !test {
		var live bool
		if rest, live = strings.CutPrefix(id, "project-live-"); !live {
			return false
		}
	}
	return rest != "" && !strings.ContainsFunc(rest, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// live tells a live project from a test project.
func (c *Config) live() bool { return strings.HasPrefix(c.ProjectID, "project-live-") }
