// Package inside is what this module's own packages may use of an Authenticator. Nobody outside the
// module can name its types.
package inside

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/origin"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Key asks for [Parts]: who cannot make one cannot ask.
type Key struct{}

// Request is the part of stytchkit.Request that says who sent it.
type Request interface {
	RemoteAddr() string
	Header(name string, i int) (value string, ok bool)
}

// Door is what an Authenticator embeds to let this module's own packages in.
type Door struct{ parts func() Parts }

// NewDoor opens to parts.
func NewDoor(parts func() Parts) Door { return Door{parts} }

// Inside is for this module's own packages. What it returns may change with every release.
func (d Door) Inside(Key) Parts { return d.parts() }

// Parts are an Authenticator's, shared with it. They are safe for concurrent use.
type Parts struct {
	Stytch    *stytch.Client         // nil in a consumer project
	Consumer  *stytch.ConsumerClient // nil in a B2B project
	Log       *slog.Logger
	Now       func() time.Time
	ProjectID string
	BaseURL   string // the root of the Stytch API, without a trailing slash
	LoginURL  string // the Authenticator's own, as browsers see it; empty: none
	Live      bool   // a live project
	Backend   bool   // the application owns the session cookies

	Own origin.Own // where browsers reach the application

	CookieDomain   string   // of the session cookies; empty: the host's own
	TrustedOrigins []string // as browsers send them
	// Mounted says where a handler serves that must stand in front of every guard.
	Mounted func(prefix string)

	// Key is a key that all replicas of the application share, as it comes from the project's secret;
	// one for each purpose.
	Key func(purpose string) []byte
	// Call makes a call to Stytch for the client of a request, where there is room for it, with the
	// Authenticator's deadline. rests: the step rests on a session or an intermediate one, so that nobody
	// who has none stands in its way. Every error is a *stytch.Failure.
	Call func(ctx context.Context, r Request, rests bool, call func(context.Context) error) error
	// Secure reports whether cookies of a request to this host are Secure. They are not only for a
	// test project on a loopback host.
	Secure func(host string) bool
	// Presented are the credentials of the cookies that may live, best first; bearer: there is an
	// Authorization header, which decides alone.
	Presented func(r *http.Request) (creds []stytch.Credential, bearer bool)
	// Client is the address of who sent a request; see Config.TrustedProxies.
	Client func(r Request) netip.Addr
	// EndHere refuses what stands for these sessions from here on, in this process.
	EndHere func(sessions []string)
	// Superseded reports whether what the request presents was replaced or ended here.
	Superseded func(r *http.Request) bool

	// Witness is a rule (stytchkit.Rule) that every session meets, and that shows what the core sees of a
	// request.
	Witness func(see func(Request)) any

	// IsPageURL accepts a path on this origin, and an absolute http(s) URL.
	IsPageURL func(raw string) bool
	// AddQuery adds parameters to such a URL.
	AddQuery func(raw string, query url.Values) string
	// PrefersHTML reads an Accept header.
	PrefersHTML func(accept string) bool
	// RetrySeconds is a Retry-After, spread out; asked is what Stytch asked for, or 0.
	RetrySeconds func(asked time.Duration) int
}
