package stytchtest

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Config is a ready configuration for an application under test: this server's project and URL,
// its kind, its Clock when it has one, and an application that owns its cookies. Change what the test needs.
func (s *Server) Config() stytchkit.Config {
	config := stytchkit.Config{
		ProjectID: s.ProjectID(),
		Secret:    s.Secret(),
		BaseURL:   s.URL(),
		Vertical:  s.options.Vertical,
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
	}
	if s.options.Clock != nil {
		config.Clock = s.options.Clock
	}
	return config
}

// Authenticator is one for a test: by Config, as the changes leave it, and without a log unless they name one.
// It has its keys already, and is closed when the test ends. The test fails if it can't be made.
func (s *Server) Authenticator(tb testing.TB, changes ...func(*stytchkit.Config)) *stytchkit.Authenticator {
	tb.Helper()
	config := s.Config()
	config.Logger = slog.New(slog.DiscardHandler)
	for _, change := range changes {
		change(&config)
	}
	auth, err := stytchkit.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(auth.Close)
	if err := auth.Ready(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return auth
}

var _ stytchkit.Clock = (*Clock)(nil)

// NewSession describes a session of a member, begun now, for a handler test without any server.
// WithToken has no meaning here. What the member leaves empty gets made-up values.
func NewSession(m Member, options ...SessionOption) *stytchkit.Session {
	now := time.Now().UTC().Truncate(time.Second)
	m.ID = cmp.Or(m.ID, newID("member-test"))
	m.Organization = cmp.Or(m.Organization, defaultSlug)
	m.OrganizationID = cmp.Or(m.OrganizationID, newID("organization-test"))
	m.Email = cmp.Or(m.Email, "member@example.com")
	b := begin(memberPerson(m), m.MFA, now, options)
	expires := now.Add(cmp.Or(b.lifetime, defaultSessionLifetime))
	return stytchkit.NewSession(&sessions.MemberSession{
		MemberSessionID:       newID("member-session-test"),
		MemberID:              m.ID,
		OrganizationID:        m.OrganizationID,
		OrganizationSlug:      m.Organization,
		StartedAt:             &now,
		LastAccessedAt:        &now,
		ExpiresAt:             &expires,
		AuthenticationFactors: slices.Clone(b.factors),
		Roles:                 withRole(roleMember, m.Roles),
		CustomClaims:          merged(nil, b.claims),
	})
}

// NewUserSession is to a user of a consumer project what [NewSession] is to a member.
func NewUserSession(u User, options ...SessionOption) *stytchkit.Session {
	now := time.Now().UTC().Truncate(time.Second)
	u.ID = cmp.Or(u.ID, newID("user-test"))
	if u.Email == "" && u.Phone == "" {
		u.Email = "user@example.com"
	}
	b := begin(userPerson(u), false, now, options)
	expires := now.Add(cmp.Or(b.lifetime, defaultSessionLifetime))
	return stytchkit.NewUserSession(&consumer.Session{
		SessionID:             newID("session-test"),
		UserID:                u.ID,
		StartedAt:             &now,
		LastAccessedAt:        &now,
		ExpiresAt:             &expires,
		AuthenticationFactors: slices.Clone(b.factors),
		Roles:                 withRole(roleUser, u.Roles),
		CustomClaims:          merged(nil, b.claims),
	})
}

// NewAccessToken describes an access token, issued now and good for an hour, for a handler test without any
// server. What f leaves empty gets made-up values, scopes and claims aside.
func NewAccessToken(f stytchkit.AccessTokenFacts) *stytchkit.AccessToken {
	if f.Kind == stytchkit.ConnectedApp {
		f.ClientID = cmp.Or(f.ClientID, connectedAppID)
		f.Subject = cmp.Or(f.Subject, newID("user-test"))
	}
	f.ClientID = cmp.Or(f.ClientID, newID("m2m-client-test"))
	if f.IssuedAt.IsZero() {
		f.IssuedAt = time.Now().UTC().Truncate(time.Second)
	}
	if f.ExpiresAt.IsZero() {
		f.ExpiresAt = f.IssuedAt.Add(accessTokenLifetime)
	}
	return stytchkit.NewAccessToken(f)
}

// WithAccessToken is to an access token what [WithSession] is to a session: stytchkit.TokenFrom and each
// adapter's Token find it.
func WithAccessToken(ctx context.Context, t *stytchkit.AccessToken) context.Context {
	return stytchkit.Decision{Token: t, Source: stytchkit.FromToken, Initialized: true}.Context(ctx)
}

// WithSession returns a context in which the getters (stytchkit.SessionFrom, and each adapter's
// own) find s, as behind a guard. Guards ignore it: they look at credentials.
func WithSession(ctx context.Context, s *stytchkit.Session) context.Context {
	return stytchkit.Decision{Session: s, Initialized: true}.Context(ctx)
}
