package signin

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	maxFlows     = 4
	maxFlowBytes = maxCookie // of all flows together, as every request carries them
	maxClockSkew = time.Minute
	verifierSize = 32 // bytes, as RFC 7636 §4.1 recommends
	maxName      = 128
)

// flow is a login that began in this browser.
type flow struct {
	id string // of its cookie

	Kind         string `json:"k"` // the stytch_token_type that it ends with
	Verifier     string `json:"v"` // of PKCE
	Organization string `json:"o,omitempty"`
	ReturnTo     string `json:"r,omitempty"`
	Started      int64  `json:"t"` // in Unix seconds
}

// begin starts a flow: it stores it in a cookie, in the place of the oldest where there are too many.
func (v *visit) begin(kind, organization, returnTo string) flow {
	f := flow{
		id: rand.Text()[:10], Kind: kind, Verifier: newVerifier(),
		Organization: organization, ReturnTo: v.returnTo(returnTo), Started: v.in.Now().Unix(),
	}
	value := encode(f)
	if len(value) > maxFlowBytes {
		f.ReturnTo = ""
		value = encode(f)
	}
	v.makeRoom(len(value))
	v.keep(cookieFlow+f.id, value, flowLife)
	return f
}

// makeRoom drops the oldest flows where a new one of this size would be too many, and those that
// cannot end any more.
func (v *visit) makeRoom(size int) {
	stay := map[string]bool{}
	for _, f := range v.flows() {
		if size += len(encode(f)); len(stay) == maxFlows-1 || size > maxFlowBytes {
			break
		}
		stay[f.id] = true
	}
	for _, name := range v.ownCookies() {
		if id, ok := strings.CutPrefix(name, cookieFlow); ok && !stay[id] {
			v.drop(name)
		}
	}
}

func newVerifier() string {
	var random [verifierSize]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// challenge is what Stytch compares the verifier with (RFC 7636 §4.2, S256).
func (f flow) challenge() string {
	sum := sha256.Sum256([]byte(f.Verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// flows are those that the request presents and that can still end, newest first.
func (v *visit) flows() []flow {
	var found []flow
	for _, name := range v.ownCookies() {
		id, ok := strings.CutPrefix(name, cookieFlow)
		if !ok {
			continue
		}
		if f, ok := v.decodeFlow(v.cookie(name)); ok {
			f.id = id
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b flow) int { return cmp.Compare(b.Started, a.Started) })
	return found[:min(len(found), maxFlows)]
}

// decodeFlow reads a flow's cookie as the hostile input that it may be.
func (v *visit) decodeFlow(raw string) (flow, bool) {
	var f flow
	if !decode(raw, &f) {
		return flow{}, false
	}
	age := v.in.Now().Sub(time.Unix(f.Started, 0))
	ok := isFlowKind(f.Kind) && isVerifier(f.Verifier) &&
		(f.Organization == "" || isName(f.Organization)) &&
		v.returnTo(f.ReturnTo) == f.ReturnTo &&
		age < flowLife && age > -maxClockSkew
	return f, ok
}

// isFlowKind knows the token types of the logins that begin here.
func isFlowKind(kind string) bool {
	switch kind {
	case stytch.MagicLink, stytch.Discovery, stytch.OAuth, stytch.OAuthDiscovery, stytch.SSO:
		return true
	}
	return false
}

func isVerifier(s string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(raw) == verifierSize
}

// isName accepts what names an organization, a connection or a provider at Stytch.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-._~", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// isToken accepts what Stytch may have put into a link or a form.
func isToken(s string) bool {
	return len(s) >= 8 && len(s) <= 1024 && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`",;\`, r)
	})
}

// returnTo is raw when a login may end there: a path on this origin outside of the mount.
func (h *Handler) returnTo(raw string) string {
	to := stytchkit.ReturnTo(raw)
	path := strings.ToLower(decodedPath(to))
	prefix := strings.ToLower(h.cfg.Prefix)
	if path == prefix || strings.HasPrefix(path, prefix+"/") || strings.HasPrefix(path, prefix+";") {
		return ""
	}
	return to
}
