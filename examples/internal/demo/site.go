package demo

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func (app *App) site() Site {
	site := Site{
		Name:    "stytchkit on " + app.framework,
		Footer:  "Talks to " + app.stytch() + ".",
		Below:   app.env.below(),
		Script:  "/static/demo.js",
		Nav:     []Link{{"/", "Home"}, {"/profile", "Profile"}, {"/seed", "Seed"}},
		SignOut: "/auth/logout",
	}
	if !app.SignsIn() {
		site.Script, site.SignOut, site.Nav = "", "", site.Nav[:2]
	}
	switch {
	case app.Sandbox != nil:
		site.Banner = "This is the sandbox: a stand-in for Stytch in this process. Nobody here is real, and nothing is kept."
		site.Nav = append(site.Nav, Link{"/sandbox", "Sandbox"})
	case app.foreignSandbox():
		site.Banner = "This is a sandbox: the demo talks to a stand-in for Stytch. Nobody here is real."
	}
	return site
}

// foreignSandbox reports whether the demo talks to a stand-in in another process: Stytch itself
// speaks https.
func (app *App) foreignSandbox() bool { return strings.HasPrefix(app.env.BaseURL, "http://") }

// HomePage is public: it says who is signed in, if anyone.
func (app *App) HomePage(ctx context.Context) []byte {
	d, known := stytchkit.DecisionFrom(ctx)
	return app.pages.render("home", page{Title: "Home", Path: "/", Visitor: visitorOf(d, known), Content: struct {
		Decision stytchkit.Decision
		Roles    string
		Expires  string
		Source   string
		Consumer bool
	}{
		Decision: d,
		Roles:    strings.Join(d.Session.Roles(), ", "),
		Expires:  d.Session.ExpiresAt().Format("2006-01-02 15:04:05 MST"),
		Source:   sourceText(d.Source),
		Consumer: app.Vertical() == stytchkit.Consumer,
	}})
}

func sourceText(source stytchkit.Source) string {
	switch source {
	case stytchkit.FromJWT:
		return "The session was verified here from its JWT, without a call to Stytch."
	case stytchkit.FromCache:
		return "The session was remembered from an earlier request, without a call to Stytch."
	}
	return "Stytch was asked about the session."
}

// ProfilePage shows the member, or the user, and the session to them. Where they cannot be loaded it
// says why, and shows the session alone: nobody is signed out for that.
func (app *App) ProfilePage(state stytchkit.State, err error) []byte {
	content := struct {
		Kind         string
		Name         string
		Organization string // none in a consumer project
		Switches     bool   // by core/signin
		Roles        string
		Missing      string
		FromCache    bool
		Person       string
		Session      string
	}{
		Kind:         "Member",
		Name:         nameOf(state),
		Organization: organizationOf(state),
		Switches:     app.SignsIn() && app.Vertical() == stytchkit.B2B,
		Roles:        strings.Join(state.Session.Roles(), ", "),
		FromCache:    state.FromCache,
		Person:       indented(state.Member),
		Session:      indented(state.Session),
	}
	if app.Vertical() == stytchkit.Consumer {
		content.Kind, content.Person = "User", indented(state.User)
	}
	if err != nil {
		content.Missing = missingText(err)
	}
	signedIn := visitor{Known: true, SignedIn: state.Session != nil, Name: addressIn(state)}
	return app.pages.render("profile", page{Title: "Your Profile", Path: "/profile", Visitor: signedIn, Content: content})
}

// SettingsPage is for who has proved who they are just now: it says how, and when.
func (app *App) SettingsPage(ctx context.Context) []byte {
	d, known := stytchkit.DecisionFrom(ctx)
	var proofs []proof
	for _, factor := range factorsOf(d.Session) {
		if at := factor.LastAuthenticatedAt; at != nil {
			proofs = append(proofs, proof{string(factor.Type), at.Format("2006-01-02 15:04:05 MST")})
		}
	}
	return app.pages.render("settings", page{Title: "Settings", Path: "/settings", Visitor: visitorOf(d, known), Content: struct {
		Proofs   []proof
		StepsUp  bool // by pages of the demo's own
		Passkeys bool
	}{proofs, app.SignsIn(), app.SignsIn() && app.Vertical() == stytchkit.Consumer}})
}

// proof is one way in which somebody has shown who they are.
type proof struct{ Kind, At string }

// SeedPage does what the Profile component of Stytch's frontend samples does, by the browser's module.
func (app *App) SeedPage(ctx context.Context) []byte {
	d, known := stytchkit.DecisionFrom(ctx)
	return app.pages.render("seed", page{Title: "The seed’s sample", Path: "/seed", Visitor: visitorOf(d, known)})
}

func organizationOf(state stytchkit.State) string {
	if state.Organization == nil {
		return state.Session.OrganizationSlug()
	}
	return state.Organization.OrganizationName
}

// missingText says to the member why they are not shown; the log has what the operator needs.
func missingText(err error) string {
	var d *stytchkit.Denial
	if errors.As(err, &d) && d.Status == http.StatusServiceUnavailable {
		return "Stytch cannot be asked about you at the moment. You have not been signed out; try again shortly."
	}
	slog.Error("who is signed in cannot be shown", "error", err)
	return "Stytch does not say who you are. You have not been signed out."
}

// SandboxPage is the page of the sandbox in this process.
func (app *App) SandboxPage() []byte { return app.pages.SandboxPage(app.Sandbox, "/sandbox", "") }

// DeniedPage is what a person sees whom the kit denies a page: see stytchkit's Config.Page.
func (app *App) DeniedPage(d *stytchkit.Denial) []byte {
	var next []Link
	switch {
	case d.SwitchURL != "":
		next = append(next, Link{d.SwitchURL, "Switch organization"})
	case d.LogoutURL != "":
		next = append(next, Link{d.LogoutURL, "Sign out"})
	}
	return app.pages.DeniedPage(d.Status, d.Title(), d.Detail(), d.Code, next...)
}

// NotFoundPage is what is answered, with 404, where there is no route.
func (app *App) NotFoundPage() []byte {
	return app.pages.NotFoundPage()
}
