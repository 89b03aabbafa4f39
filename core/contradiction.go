package stytchkit

import (
	"context"
	"slices"
)

// ofSeveral reports whether signed JWTs contradict each other about who this is.
func ofSeveral(jwts []*candidate) bool {
	return slices.ContainsFunc(jwts, func(c *candidate) bool {
		return c.session.facts.Subject != jwts[0].session.facts.Subject
	})
}

// tellApart asks about signed JWTs of several members, and keeps those of which Stytch does not say
// that they are over. Where they still are of several, nobody is picked, and no cookie is cleared: only
// our own could be, and another's would be what is left.
func (d *decision) tellApart(ctx context.Context) (o outcome, settled bool) {
	isLive := func(c *candidate) bool { return c.standing == live }
	for _, asked := range []func(*candidate) bool{isLive, func(*candidate) bool { return false }} {
		d.ask(ctx, slices.DeleteFunc(slices.Clone(d.jwts), asked)...) // the live ones only where they contradict each other
		if i := slices.IndexFunc(d.jwts, (*candidate).isMisconfigured); i >= 0 {
			return d.refuse(refuse(CodeStytchMisconfigured, d.jwts[i].failure), false), true
		}
		d.jwts = slices.DeleteFunc(d.jwts, d.isGone)
		if !ofSeveral(d.jwts) {
			return outcome{}, false
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(d.jwts), func(c *candidate) bool { return isLive(c) || !c.isUnknown() })
	living := slices.DeleteFunc(d.jwts, func(c *candidate) bool { return slices.Contains(unknown, c) })
	if ofSeveral(living) || len(unknown) == 0 {
		return d.refuse(refuse(CodeInvalidRequest, errTwoMembers), false), true
	}
	return d.firstAlive(unknown)
}
