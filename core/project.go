package stytchkit

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

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
