package stytchtest

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

const (
	defaultAddr        = "127.0.0.1:0"
	defaultProjectID   = "project-test-00000000-0000-4000-8000-000000000000"
	defaultPublicToken = "public-token-test-00000000-0000-4000-8000-000000000000"
	// Anybody on this machine may know it: the stand-in guards nothing.
	defaultSecret = "secret-test-stytchtest-is-not-for-production"
)

// Vertical is the kind of project that a [Server] stands in for. Each has its own endpoints; those of
// the other kind are answered with invalid_b2b_endpoint or invalid_consumer_endpoint.
type Vertical = stytchkit.Vertical

// B2B projects have organizations and members, consumer projects have users.
const (
	B2B      = stytchkit.B2B
	Consumer = stytchkit.Consumer
)

// Options say how a [Server] starts. The zero value is ready for tests.
type Options struct {
	// Addr is the loopback address to listen on. Default: 127.0.0.1 and a free port.
	Addr string
	// ProjectID and Secret are the credentials that callers must present. A project-live-… is refused
	// outside of a test.
	// Default: a project-test-… and a secret, both fixed.
	ProjectID, Secret string
	// PublicToken is what the start URLs of OAuth and SSO must present. Default: a
	// public-token-test-…, fixed.
	PublicToken string
	// Vertical is the kind of project: [B2B] or [Consumer]. Default: B2B.
	Vertical Vertical
	// BrowserSDK serves what Stytch's browser SDK calls too, below /sdk/v1, for pages of any origin:
	// what it does at its start, its sessions, and signing in by magic link, discovery and password.
	// The SDK is pointed here by its option endpoints, {testAPIURL: server.URL()}: customBaseUrl would
	// be taken for a host with https. Default: off.
	BrowserSDK bool
	// CrossOrganizationPasswords makes a password an address's own, good in every organization, and
	// in discovery. Default: each member has their own.
	CrossOrganizationPasswords bool
	// CustomDomain makes JWTs name the server's own URL as their issuer, as Stytch does for a
	// project with a custom domain. Default: the issuer is stytch.com/<project_id>.
	CustomDomain bool
	// Clock is the server's time. Default: the system's.
	Clock *Clock
	// Key is the first signing key, RSA of at least 2048 bits; servers may share one, which spares
	// each its generation (some 100 ms). Default: a new one.
	Key *rsa.PrivateKey
	// State is what [Server.Save] wrote; a Key in it goes before Options.Key. Default: nothing.
	State io.Reader
	// Limits bound what is held in memory.
	Limits Limits
	// Logger is told once that the server started and is not for production, and of panics.
	// Default: slog.Default() for New; nothing for Start, which writes to the test's log.
	Logger *slog.Logger
}

// Limits bound what a [Server] holds in memory. Zero means the default; when a limit is reached,
// the oldest goes, and what belonged to it is not found any more.
type Limits struct {
	Organizations int // default 1,000
	Members       int // members or users, by the kind of project; default 20,000
	Clients       int // M2M clients; default 1,000
	Sessions      int // default 20,000; about 1 KB each
	Links         int // links, intermediate sessions and one-time passcodes, each; default 1,000
	Messages      int // e-mails and text messages, each; default 100
	Keys          int // signing keys, the current one included; default 8
}

func (o Options) withDefaults() (Options, error) {
	if o.Addr == "" {
		o.Addr = defaultAddr
	}
	if o.ProjectID == "" {
		o.ProjectID = defaultProjectID
	}
	if o.Secret == "" {
		o.Secret = defaultSecret
	}
	if o.PublicToken == "" {
		o.PublicToken = defaultPublicToken
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o, errors.Join(o.checkAddr(), o.checkProject(), o.checkLive(testing.Testing()), o.checkVertical(), o.Limits.complete())
}

func (o Options) checkAddr() error {
	host, _, err := net.SplitHostPort(o.Addr)
	if err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback()) {
		return nil
	}
	return fmt.Errorf("stytchtest: Options.Addr %q is not a loopback address with a port (want 127.0.0.1:3000, or 127.0.0.1:0 for any port)", o.Addr)
}

func (o Options) checkProject() error {
	for _, prefix := range []string{"project-test-", "project-live-"} {
		if rest, ok := strings.CutPrefix(o.ProjectID, prefix); ok && rest != "" {
			return nil
		}
	}
	return fmt.Errorf("stytchtest: Options.ProjectID %q is not a Stytch project ID (want project-test-… or project-live-…)", o.ProjectID)
}

// checkLive keeps a stand-in from the place of a live project: only a test may have one.
func (o Options) checkLive(inTest bool) error {
	if inTest || !strings.HasPrefix(o.ProjectID, "project-live-") {
		return nil
	}
	return fmt.Errorf("stytchtest: Options.ProjectID %q is a live project's, and this is no test: a stand-in lets anybody in (want project-test-…)", o.ProjectID)
}

func (o Options) checkVertical() error {
	if o.Vertical == B2B || o.Vertical == Consumer {
		return nil
	}
	return fmt.Errorf("stytchtest: Options.Vertical is %d (want B2B or Consumer)", o.Vertical)
}

func (l *Limits) complete() error {
	for _, limit := range []struct {
		name     string
		value    *int
		fallback int
	}{
		{"Organizations", &l.Organizations, 1_000},
		{"Members", &l.Members, 20_000},
		{"Clients", &l.Clients, 1_000},
		{"Sessions", &l.Sessions, 20_000},
		{"Links", &l.Links, 1_000},
		{"Messages", &l.Messages, 100},
		{"Keys", &l.Keys, 8},
	} {
		if *limit.value < 0 {
			return fmt.Errorf("stytchtest: Options.Limits.%s is %d (want a positive number, or 0 for the default of %d)", limit.name, *limit.value, limit.fallback)
		}
		if *limit.value == 0 {
			*limit.value = limit.fallback
		}
	}
	return nil
}
