package memory

import (
	"github.com/maypok86/otter/v2"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Proven remembers the opaque tokens that Stytch has confirmed or handed out. Safe for concurrent use.
type Proven struct {
	cache *otter.Cache[string, struct{}]
}

// NewProven remembers at most so many.
func NewProven(atMost int) *Proven { return &Proven{newCache[string, struct{}](atMost)} }

// Add remembers a token.
func (p *Proven) Add(token string) {
	if token != "" {
		p.cache.Set(token, struct{}{})
	}
}

// Has reports whether a credential is not just anybody's: a JWT, which is asked about only with a good
// signature, or an opaque token that Stytch has confirmed.
func (p *Proven) Has(cred stytch.Credential) bool {
	if cred.Kind == stytch.JWT {
		return true
	}
	_, ok := p.cache.GetIfPresent(cred.Value)
	return ok
}

// Size is how many are remembered, about.
func (p *Proven) Size() int { return p.cache.EstimatedSize() }
