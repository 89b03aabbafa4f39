package stytchkit

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/token"
)

// maxCandidates is how many credentials of one kind are told apart, once the forged and those known
// to be over are dropped: enough for the leftovers of earlier settings.
const maxCandidates = 4

// candidate is one credential that the session may rest on.
type candidate struct {
	cred       stytch.Credential // a copy of our own
	jwtVerdict                   // of a JWT; of an opaque token nothing is known but what is remembered
	known      *remembered       // what it stood for when it was last looked at

	// What Stytch says of it now, once it was asked: one of the two.
	reply   *answer
	failure *stytch.Failure
	over    bool // it ended here meanwhile, whatever Stytch says
}

func (c *candidate) isMisconfigured() bool {
	return c.failure != nil && c.failure.Verdict == stytch.Misconfigured
}

// lookAtJWTs verifies every JWT presented, and drops the forged and those whose session has ended.
func (d *decision) lookAtJWTs(ctx context.Context) {
	for _, jwt := range d.presented.JWTs.All() {
		c := d.candidateOf(ctx, jwt)
		switch {
		case errors.Is(c.err, token.ErrOtherKind):
			d.seen.otherKind = c.err
		case c.standing == forged:
			d.seen.forged = c.err
		case c.standing == undecided:
			d.seen.open = c.err
		case !d.isOver(c):
			d.jwts = append(d.jwts, c)
		}
	}
	d.dropReplaced()
	slices.SortStableFunc(d.jwts, func(a, b *candidate) int {
		if a.standing != b.standing {
			return cmp.Compare(b.standing, a.standing)
		}
		return b.session.facts.VouchedAt.Compare(a.session.facts.VouchedAt)
	})
}

// dropReplaced forgets the sessions that were replaced here, where another one is presented: they are
// leftovers.
func (d *decision) dropReplaced() {
	replaced := func(c *candidate) bool { return d.endings.Of(endings.Session(c.session.ID())).Here }
	if len(d.jwts) > 1 && slices.ContainsFunc(d.jwts, func(c *candidate) bool { return !replaced(c) }) {
		d.jwts = slices.DeleteFunc(d.jwts, replaced)
	}
}

// candidateOf is the verdict on a JWT, remembered or new.
func (d *decision) candidateOf(ctx context.Context, jwt string) *candidate {
	known := d.memory.Recall(jwt)
	if known == nil {
		c := &candidate{jwtVerdict: d.verifier.verify(ctx, jwt)}
		c.cred = stytch.Credential{Kind: stytch.JWT, Value: c.raw}
		return c
	}
	v := &known.Value
	c := &candidate{
		cred:       stytch.Credential{Kind: stytch.JWT, Value: v.on.proof},
		jwtVerdict: jwtVerdict{standing: expired, session: v.session, expires: v.expires, raw: v.on.proof, kid: v.kid, key: v.key},
		known:      known,
	}
	if d.now.Before(v.expires) {
		c.standing = live
	}
	return c
}

// lookAtTokens drops the opaque tokens that Stytch cannot have made, and those known to be over.
func (d *decision) lookAtTokens() {
	for _, token := range d.presented.Tokens.All() {
		if !presented.IsTokenShaped(token) {
			d.seen.forged = errForgedToken
			continue
		}
		c := &candidate{cred: stytch.Credential{Kind: stytch.Token, Value: strings.Clone(token)}, known: d.memory.Recall(token)}
		if past := d.memory.Past(token); past != nil {
			c.session = past.Value.session // whose token it is does not change
		}
		if d.isOver(c) {
			continue
		}
		if failure := d.refusals.Of(c.cred); failure != nil {
			d.note(failure, c)
			continue
		}
		d.tokens = append(d.tokens, c)
	}
}

// isOver reports, and counts, a candidate that is known to be over.
func (d *decision) isOver(c *candidate) bool {
	var known endings.Ending
	if c.cred.Kind == stytch.Token {
		known = d.endingOfToken(c.cred.Value)
	}
	for _, s := range []*Session{c.session, c.repliedSession()} {
		if s != nil {
			known = known.With(d.endings.Of(endings.Session(s.ID())))
		}
	}
	d.seen.handsOff = d.seen.handsOff || known.Here
	if known.Over {
		d.seen.over = errEnded
	}
	return known.Over
}

func (c *candidate) repliedSession() *Session {
	if c.reply == nil {
		return nil
	}
	return c.reply.session
}

// isUnknown reports whether Stytch was asked in vain.
func (c *candidate) isUnknown() bool {
	return c.failure != nil && c.failure.Verdict == stytch.Unavailable
}

// isGone reports, and counts, a candidate that Stytch, or this process, has ended.
func (d *decision) isGone(c *candidate) bool {
	if c.failure == nil || c.isUnknown() {
		return c.over
	}
	d.note(c.failure, c)
	return true
}

// leeway is how far this server's clock and Stytch's may be apart.
const leeway = token.Leeway

// standing is what local verification says of a JWT.
type standing = token.Standing

const (
	forged    = token.Forged
	undecided = token.Undecided
	expired   = token.Expired
	early     = token.Early
	live      = token.Live
)

// jwtVerdict is the outcome of verifying one JWT. The session is set when it is signed.
type jwtVerdict struct {
	standing standing
	session  *Session
	expires  time.Time // when the JWT stops to be live
	raw      string    // the JWT, a copy of our own when signed
	kid      string    // of the key that it is signed by
	key      *rsa.PublicKey
	err      error // why it is not live
}

// signed reports whether Stytch made this JWT for a session of this project.
func (v *jwtVerdict) signed() bool { return v.session != nil }

// verifier verifies session JWTs. It is safe for concurrent use.
type verifier struct {
	tokens    *token.Verifier
	otherKind func(error) // hears of sessions of the project's own that are of the other kind
}

func newVerifier(cfg *Config, k *keys.Keys, otherKind func(error)) *verifier {
	return &verifier{
		tokens:    token.New(k, cfg.Clock.Now, cfg.ProjectID, cfg.BaseURL, cfg.Vertical.kind(), cfg.Issuers...),
		otherKind: otherKind,
	}
}

// verify says what a JWT is worth. It may wait for keys, as [keys.Keys.Find] says.
func (v *verifier) verify(ctx context.Context, jwt string) jwtVerdict {
	found := v.tokens.Verify(ctx, jwt)
	if errors.Is(found.Err, token.ErrOtherKind) {
		v.otherKind(found.Err)
	}
	verdict := jwtVerdict{
		standing: found.Standing, expires: found.Expires, raw: found.Raw,
		kid: found.KeyID, key: found.Key, err: found.Err,
	}
	if found.Signed() {
		verdict.session = &Session{facts: found.Facts}
	}
	return verdict
}
