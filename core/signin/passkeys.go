package signin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	// recentProof is how long ago somebody may have shown who they are who changes what they sign in with.
	recentProof    = 10 * time.Minute
	maxPasskeyName = 64  // characters
	maxAgent       = 512 // bytes of a User-Agent that Stytch is told
)

// Passkey is one of a person's, for a page.
type Passkey struct {
	ID   string `json:"passkey_id"`
	Name string `json:"name"`
}

// themself is who is signed in, and who may come back to a page; without them, the request is answered. Nobody
// who acts as somebody else is: they would leave a key of their own behind.
func (v *visit) themself(page string) (*stytch.Person, bool) {
	v.to = v.path(page)
	p, ok := v.present()
	if ok && p.Impersonated {
		v.refuse(reasonImpersonated)
		return nil, false
	}
	return p, ok
}

// proven is who is signed in and showed a moment ago who they are, whoever has a second factor with that;
// without them, the request is answered.
func (v *visit) proven(page string) (*stytch.Person, bool) {
	p, ok := v.themself(page)
	if !ok {
		return nil, false
	}
	proof := p.ProvedAt
	if hasSecond(p) { // who knows the first factor neither takes the second away nor adds one
		proof = p.SecondAt
	}
	if !v.isRecent(proof) {
		v.wantProof()
		return nil, false
	}
	return p, true
}

func (v *visit) isRecent(proof time.Time) bool { return v.in.Now().Sub(proof) <= recentProof }

// wantProof sends who is signed in to show once more who they are, and then back.
func (v *visit) wantProof() {
	if v.json {
		v.refuse(stytchkit.CodeReauthentication)
		return
	}
	v.redirect(v.in.AddQuery(v.path(pathStepUp), v.query(stytchkit.CodeReauthentication)))
}

// listPasskeys shows those of who is signed in.
func (v *visit) listPasskeys() {
	p, ok := v.proven(pathPasskeys)
	if !ok {
		return
	}
	found := []Passkey{}
	for _, key := range p.Passkeys {
		found = append(found, Passkey{key.ID, key.Name})
	}
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", map[string][]Passkey{"passkeys": found})
		return
	}
	reason := v.r.URL.Query().Get("reason")
	v.show(v.withPasskeys(Page{
		Name: PagePasskeys, Status: http.StatusOK, Title: "Your passkeys", Action: v.path(pathPasskeys),
		Reason: reason, Detail: Message(reason), BackURL: v.cfg.AfterLogin, Passkeys: found,
		NameURL: v.path(pathNamePasskey), RemoveURL: v.path(pathRemovePasskey),
	}, pathNewPasskey))
}

// newPasskeyOptions begins with a new one.
func (v *visit) newPasskeyOptions() {
	domain := v.passkeyDomain()
	if domain == "" {
		v.refuse(reasonNotFound)
		return
	}
	p, ok := v.proven(pathPasskeys)
	if !ok {
		return
	}
	agent := v.r.UserAgent()
	agent = strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], "")
	options, err := ask(v, func(ctx context.Context) (string, error) {
		return v.in.Consumer.StartRegistration(ctx, domain, p.User, agent)
	})
	if err != nil {
		v.failOptions(pathPasskeys, err)
		return
	}
	v.beginCeremony(passkeyCreate, p.SessionID, options)
}

// addPasskey keeps what a browser made.
func (v *visit) addPasskey() {
	f, p, ok := v.change()
	if !ok {
		return
	}
	credential, ok := v.answered(f, passkeyCreate, p.SessionID)
	if !ok {
		v.refuse(reasonPasskey)
		return
	}
	id, err := askStepToTheEnd(v, func(ctx context.Context) (string, error) {
		return v.in.Consumer.Register(ctx, p.User, credential)
	})
	if err != nil {
		v.failChange(err)
		return
	}
	if name := passkeyName(f); name != "" {
		v.changed(func(ctx context.Context) error { return v.in.Consumer.NamePasskey(ctx, id, name) })
		return
	}
	v.redirectOr(v.path(pathPasskeys), answer{Authenticated: true, UserID: p.User})
}

// namePasskey names one of the person's own.
func (v *visit) namePasskey() {
	f, p, ok := v.change()
	switch name := passkeyName(f); {
	case !ok:
	case name == "", !owns(p, f["passkey"]):
		v.refuse(reasonInvalid)
	default:
		v.changed(func(ctx context.Context) error { return v.in.Consumer.NamePasskey(ctx, f["passkey"], name) })
	}
}

// removePasskey removes one of the person's own.
func (v *visit) removePasskey() {
	f, p, ok := v.change()
	switch {
	case !ok:
	case !owns(p, f["passkey"]):
		v.refuse(reasonInvalid)
	default:
		v.changed(func(ctx context.Context) error { return v.in.Consumer.RemovePasskey(ctx, f["passkey"]) })
	}
}

// change reads a form by which somebody changes their passkeys; false when the request is answered.
func (v *visit) change() (fields, *stytch.Person, bool) {
	f, ok := v.fields()
	if !ok {
		return nil, nil, false
	}
	p, ok := v.proven(pathPasskeys)
	v.page, v.to = pathPasskeys, ""
	return f, p, ok
}

// changed makes a change, and shows what there is then.
func (v *visit) changed(with func(context.Context) error) {
	if _, err := askStepToTheEnd(v, func(ctx context.Context) (any, error) { return nil, with(ctx) }); err != nil {
		v.failChange(err)
		return
	}
	v.redirectOr(v.path(pathPasskeys), answer{Authenticated: true})
}

func (v *visit) failChange(err error) {
	if isPasskeyRefused(stytch.FailureOf(err).ErrorType) {
		v.in.Log.Debug("signin: Stytch refused a passkey", "error", err)
		v.refuse(reasonPasskey)
		return
	}
	v.fail(err)
}

func owns(p *stytch.Person, id string) bool {
	return slices.ContainsFunc(p.Passkeys, func(key stytch.Passkey) bool { return key.ID == id })
}

// passkeyName is the name that a form gives; empty for none, and for what is none.
func passkeyName(f fields) string {
	name := strings.TrimSpace(f["name"])
	if utf8.RuneCountInString(name) > maxPasskeyName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return ""
	}
	return name
}

// isPasskeyRefused knows the error_types that refuse a passkey.
func isPasskeyRefused(errorType string) bool {
	switch errorType {
	case "unable_to_auth_webauthn_registration", "webauthn_registration_not_found", errorDomain,
		"no_pending_webauthn_registration", "invalid_public_key_credential":
		return true
	}
	return false
}
