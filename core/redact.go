package stytchkit

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// String names the project, without its secret.
func (c Config) String() string {
	return fmt.Sprintf("stytchkit.Config{ProjectID: %q, Secret: %s, Cookies.Owner: %v}", c.ProjectID, c.redactedSecret(), c.Cookies.Owner)
}

func (c *Config) redactedSecret() string {
	if c.Secret == "" {
		return `""`
	}
	return redacted
}

// Format prints [Config.String] for every verb, so that no log holds the secret.
func (c Config) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// MarshalJSON writes [Config.String].
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// LogValue logs [Config.String].
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String says what was decided.
func (d Decision) String() string {
	switch {
	case d.Denial != nil:
		return "stytchkit.Decision{denied: " + d.Denial.Code + "}"
	case d.Session == nil:
		return "stytchkit.Decision{anonymous}"
	}
	return "stytchkit.Decision{session: " + d.Session.ID() + ", source: " + string(d.Source) + "}"
}

// Format prints [Decision.String] for every verb, so that no log holds the tokens of its cookies.
func (d Decision) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(d.String())) }

// MarshalJSON writes [Decision.String].
func (d Decision) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// LogValue logs [Decision.String].
func (d Decision) LogValue() slog.Value { return slog.StringValue(d.String()) }

// String names the project.
func (a *Authenticator) String() string {
	if a == nil {
		return "stytchkit.Authenticator(nil)"
	}
	return "stytchkit.Authenticator of " + a.cfg.ProjectID
}

// Format prints [Authenticator.String] for every verb: what else it holds stays out of logs.
func (a *Authenticator) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(a.String())) }

// MarshalJSON writes [Authenticator.String].
func (a *Authenticator) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// LogValue logs [Authenticator.String].
func (a *Authenticator) LogValue() slog.Value { return slog.StringValue(a.String()) }
