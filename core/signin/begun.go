package signin

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	maxFlows     = 4
	maxFlowBytes = maxCookie // of all flows together, as every request carries them
	maxClockSkew = time.Minute
)

// flow is a login that began in this browser.
type flow struct {
	id string // of its cookie

	Kind         string `json:"k"` // the stytch_token_type that it ends with
	Verifier     string `json:"v"` // of PKCE
	Organization string `json:"o,omitempty"`
	ReturnTo     string `json:"r,omitempty"`
	StepUp       string `json:"s,omitempty"` // the ID of the session that it proves once more; empty: a login
	Started      int64  `json:"t"`           // in Unix seconds
}

// begin starts a flow, with a verifier of its own: it stores it in a cookie, in the place of the oldest
// where there are too many.
func (v *visit) begin(f flow) flow {
	f.id, f.Verifier, f.Started = rand.Text()[:10], newVerifier(), v.in.Now().Unix()
	f.ReturnTo = v.returnTo(f.ReturnTo)
	value := v.seal(cookieFlow, encode(f))
	if len(value) > maxFlowBytes {
		f.ReturnTo = ""
		value = v.seal(cookieFlow, encode(f))
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
		if size += v.sealedSize(encode(f)); len(stay) == maxFlows-1 || size > maxFlowBytes {
			break
		}
		stay[f.id] = true
	}
	for _, name := range slices.Sorted(maps.Keys(v.ownCookies())) {
		if id, ok := strings.CutPrefix(name, cookieFlow); ok && !stay[id] {
			v.drop(name)
		}
	}
}

// flows are those that the request presents and that can still end, newest first.
func (v *visit) flows() []flow {
	var found []flow
	for name, value := range v.ownCookies() {
		id, ok := strings.CutPrefix(name, cookieFlow)
		if !ok {
			continue
		}
		if f, ok := v.decodeFlow(value); ok {
			f.id = id
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b flow) int { return cmp.Or(cmp.Compare(b.Started, a.Started), cmp.Compare(a.id, b.id)) })
	return found[:min(len(found), maxFlows)]
}

// decodeFlow reads a flow's cookie as the hostile input that it may be. The seal is what keeps made-up
// flows from costing calls; what is sealed may still be of another version.
func (v *visit) decodeFlow(raw string) (flow, bool) {
	var f flow
	value, ours := v.unseal(cookieFlow, raw)
	if !ours || !decode(value, &f) {
		return flow{}, false
	}
	age := v.in.Now().Sub(time.Unix(f.Started, 0))
	ok := v.project.isBegun(f.Kind) && isVerifier(f.Verifier) &&
		(f.Organization == "" || isName(f.Organization)) && (f.StepUp == "" || isName(f.StepUp)) &&
		v.returnTo(f.ReturnTo) == f.ReturnTo &&
		age < flowLife && age > -maxClockSkew
	return f, ok
}

func (v *visit) dropFlow(f flow) {
	if f.id != "" {
		v.drop(cookieFlow + f.id)
	}
}
