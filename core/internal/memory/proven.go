package memory

import (
	"github.com/maypok86/otter/v2"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Proven remembers the opaque tokens that Stytch has confirmed or handed out. Safe for concurrent use.
type Proven struct {
	cache *otter.Cache[[16]byte, struct{}]
}

// NewProven remembers at most so many.
func NewProven(atMost int) *Proven { return &Proven{newCache[[16]byte, struct{}](atMost)} }

// Add remembers a token.
func (p *Proven) Add(token string) {
	if token != "" {
		p.cache.Set(digest(stytch.Credential{Kind: stytch.Token, Value: token}), struct{}{})
	}
}

// Has reports whether a credential is not just anybody's: a JWT, which is asked about only with a good
// signature, or an opaque token that Stytch has confirmed.
func (p *Proven) Has(cred stytch.Credential) bool {
	if cred.Kind == stytch.JWT {
		return true
	}
	_, ok := p.cache.GetIfPresent(digest(cred))
	return ok
}

// Size is how many are remembered, about.
func (p *Proven) Size() int { return p.cache.EstimatedSize() }
