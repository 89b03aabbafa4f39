package demo

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// defaultAddr is where the demo listens when ADDR does not say.
const defaultAddr = "127.0.0.1:8080"

// Environment is what the demo reads from its environment variables.
type Environment struct {
	Addr        string             // ADDR
	DebugAddr   string             // DEBUG_ADDR: metrics of Go's runtime and of the kit, on a loopback address; empty for none
	ProjectID   string             // STYTCH_PROJECT_ID
	Secret      string             // STYTCH_SECRET
	BaseURL     string             // STYTCH_BASE_URL
	PublicToken string             // STYTCH_PUBLIC_TOKEN
	Replicas    string             // REPLICAS_URL: redis:// or valkey://, the engine that connects several of these processes; empty: it is alone
	Webhooks    string             // STYTCH_WEBHOOK_SECRET: whsec_…, to take Stytch's webhooks; empty for none
	Vertical    stytchkit.Vertical // STYTCH_VERTICAL: b2b, as when unset, or consumer
	Issuers     []string           // STYTCH_ISSUERS: whose Connected Apps' tokens are taken, separated by spaces
	// ORIGIN: where browsers reach the demo, with a path where a proxy strips one, or http://*.localhost:8080
	// with a host for each organization; a live project wants it.
	Origin  string
	Cookies stytchkit.Cookies // STYTCH_COOKIES and COOKIE_DOMAIN
	// FRONTEND_ORIGIN: whose pages sign people in with Stytch's browser SDK, and call this demo; empty
	// where the demo signs them in itself, or those pages are of its own origin.
	Frontend string
}

// readEnvironment refuses half of a Stytch project: none at all means the sandbox.
func readEnvironment() (Environment, error) {
	vertical, err := stytchkit.ParseVertical(os.Getenv("STYTCH_VERTICAL"))
	if err != nil {
		return Environment{}, fmt.Errorf("STYTCH_VERTICAL: %w", err)
	}
	e := Environment{
		Addr:        os.Getenv("ADDR"),
		DebugAddr:   os.Getenv("DEBUG_ADDR"),
		ProjectID:   os.Getenv("STYTCH_PROJECT_ID"),
		Secret:      os.Getenv("STYTCH_SECRET"),
		BaseURL:     os.Getenv("STYTCH_BASE_URL"),
		PublicToken: os.Getenv("STYTCH_PUBLIC_TOKEN"),
		Replicas:    os.Getenv("REPLICAS_URL"),
		Webhooks:    os.Getenv("STYTCH_WEBHOOK_SECRET"),
		Vertical:    vertical,
		Issuers:     strings.Fields(os.Getenv("STYTCH_ISSUERS")),
		Origin:      os.Getenv("ORIGIN"),
		Frontend:    os.Getenv("FRONTEND_ORIGIN"),
	}
	if e.Addr == "" {
		e.Addr = defaultAddr
	}
	switch {
	case e.ProjectID != "" && e.Secret == "":
		return Environment{}, errors.New("STYTCH_PROJECT_ID is set but STYTCH_SECRET is not (set both for a Stytch project, or neither for the sandbox)")
	case e.ProjectID == "" && e.Secret != "":
		return Environment{}, errors.New("STYTCH_SECRET is set but STYTCH_PROJECT_ID is not (set both for a Stytch project, or neither for the sandbox)")
	}
	for name, value := range map[string]string{"STYTCH_BASE_URL": e.BaseURL, "STYTCH_PUBLIC_TOKEN": e.PublicToken} {
		if e.inSandbox() && value != "" {
			return Environment{}, fmt.Errorf("%s is set but STYTCH_PROJECT_ID and STYTCH_SECRET are not (set them too, or none of the three for the sandbox)", name)
		}
	}
	err = e.readCookies()
	return e, err
}

// readCookies reads whose the cookies are.
func (e *Environment) readCookies() error {
	named, err := stytchkit.ConfigFromEnv()
	if err != nil {
		return err
	}
	e.Cookies = named.Cookies
	e.Cookies.Domain = os.Getenv("COOKIE_DOMAIN")
	if e.Cookies.Owner == 0 {
		e.Cookies.Owner = stytchkit.Backend
	}
	if e.Cookies.Owner == stytchkit.Backend && e.Frontend != "" {
		return errors.New("FRONTEND_ORIGIN is set but STYTCH_COOKIES is not browser-sdk or stytch-domain (set it too, or leave FRONTEND_ORIGIN out and sign in here)")
	}
	return nil
}

// below is the path of Origin, which a proxy strips.
func (e Environment) below() string {
	u, err := url.Parse(e.Origin)
	if err != nil {
		return "" // the kit refuses it
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// hasTenants reports whether each organization has a host.
func (e Environment) hasTenants() bool { return strings.Contains(e.Origin, "://*.") }

// inSandbox reports whether the environment names no Stytch project.
func (e Environment) inSandbox() bool { return e.ProjectID == "" && e.Secret == "" }
