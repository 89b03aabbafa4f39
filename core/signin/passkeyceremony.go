package signin

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// What a browser is asked for, as its answer names it: WebAuthn §5.8.1.
const (
	passkeyGet    = "webauthn.get"
	passkeyCreate = "webauthn.create"
)

// ceremonyLife is how long Stytch's challenges wait for an answer.
const ceremonyLife = 5 * time.Minute

// ceremony is a challenge that a browser was given. WebAuthn has no PKCE: this says in which browser an
// answer counts, and for what. The form brings it back, sealed.
type ceremony struct {
	Kind      string `json:"k"`
	Challenge string `json:"c"`           // its digest
	Browser   string `json:"b"`           // the digest of the cookie
	Session   string `json:"s,omitempty"` // the ID of the session that it is for; empty: a login
	Started   int64  `json:"t"`           // in Unix seconds
}

// The fields of a form that a passkey answers.
const (
	fieldCredential = "credential"
	fieldCeremony   = "ceremony"
)

// passkeyDomain is the host of Config.Origin, and never one that a request names: without an Origin, which
// only a test project may have, it is localhost. Empty where there are no passkeys, as at an IP address.
func (v *visit) passkeyDomain() string {
	origin, err := v.origin()
	if err != nil {
		return ""
	}
	u, err := url.Parse(origin)
	if err != nil || net.ParseIP(u.Hostname()) != nil || v.cfg.own.Origin == "" && u.Hostname() != "localhost" {
		return ""
	}
	return u.Hostname()
}

// failOptions answers where Stytch gives no options, to whoever can come back to a page.
func (v *visit) failOptions(page string, err error) {
	v.page = page
	if t := stytch.FailureOf(err).ErrorType; isPasskeyRefused(t) && t != errorDomain {
		v.refuse(reasonPasskey)
		return
	}
	v.fail(err)
}

// beginCeremony gives a browser Stytch's options, which are JSON, with what the form brings back.
func (v *visit) beginCeremony(kind, session, options string) {
	var asked struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal([]byte(options), &asked) != nil || asked.Challenge == "" {
		v.said.Error("signin: Stytch's options for a passkey cannot be read")
		v.refuse(reasonUnavailable)
		return
	}
	begun := ceremony{kind, challengeDigest(asked.Challenge), digestOf(v.knowBrowser()), session, v.in.Now().Unix()}
	v.writeJSON(http.StatusOK, "application/json", struct {
		Options  json.RawMessage `json:"public_key"`
		Ceremony string          `json:"ceremony"`
	}{json.RawMessage(options), v.seal(fieldCeremony, encode(begun))})
}

// challengeDigest names a challenge in whichever base64 it is written.
func challengeDigest(challenge string) string {
	return digestOf(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(challenge), "="))
}

// answered is what a passkey answered in this browser, to a challenge of this kind and for this session. The
// page that asked has to be one of this origin: Stytch would take one of any host below the domain.
func (v *visit) answered(f fields, kind, session string) (credential string, ok bool) {
	var begun ceremony
	value, ours := v.unseal(fieldCeremony, f[fieldCeremony])
	if !ours || !decode(value, &begun) {
		return "", false
	}
	said, ok := clientDataOf(f[fieldCredential])
	origin, err := v.origin()
	age := v.in.Now().Sub(time.Unix(begun.Started, 0))
	ok = ok && err == nil && said.Type == kind && begun.Kind == kind && begun.Session == session &&
		begun.Challenge == challengeDigest(said.Challenge) && begun.Browser == digestOf(v.cookie(cookieBrowser)) &&
		said.Origin == origin && !said.CrossOrigin && age < ceremonyLife && age > -maxClockSkew
	return f[fieldCredential], ok
}

// clientData is what the browser says of the page that asked: WebAuthn §5.8.1.
type clientData struct {
	Type        string `json:"type"`
	Challenge   string `json:"challenge"`
	Origin      string `json:"origin"`
	CrossOrigin bool   `json:"crossOrigin"`
}

func clientDataOf(credential string) (said clientData, ok bool) {
	var answer struct {
		Response struct {
			ClientData string `json:"clientDataJSON"`
		} `json:"response"`
	}
	if json.Unmarshal([]byte(credential), &answer) != nil {
		return said, false
	}
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(answer.Response.ClientData, "="))
	return said, err == nil && json.Unmarshal(data, &said) == nil
}
