package signin

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
)

// paramFor is the parameter that binds a page to the token that it is about: the token's digest.
const paramFor = "for"

// forToken is the query of a page that is about a token.
func forToken(token string) url.Values { return url.Values{paramFor: {digestOf(token)}} }

// digestOf names a token without telling it.
func digestOf(token string) string {
	sum := sha256.Sum256([]byte("stytchkit page " + token))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
