// Package cookie makes the cookies that store and remove a session: their names, attributes and
// deletions.
package cookie

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// Jar makes the cookies of responses. It is safe for concurrent use as long as nobody changes it.
type Jar struct {
	Session, JWT, Intermediate string // names
	Domain, Path               string
	LegacyDomains              []string // whose leftovers are removed along with the cookies

	HTTPOnly bool
	Secure   bool // whatever host the request was for
	ReadOnly bool // nothing is ever written
}

// maxBytes is how long name and value of a cookie may be together: browsers drop a longer one, and keep
// the old one in its place (RFC 6265bis §5.6).
const maxBytes = 4096

// Holds reports whether browsers keep the cookie of this JWT.
func (j *Jar) Holds(jwt string) bool { return len(j.JWT)+len(jwt) <= maxBytes }

// Store are the cookies that store a session, for the answer to a request to this host. A JWT that
// browsers would not keep is removed instead, or the last one would stay beside the new token.
func (j *Jar) Store(host, token, jwt string, expires time.Time) []*http.Cookie {
	ofJWT := &http.Cookie{Name: j.JWT, Value: jwt, Expires: expires}
	if !j.Holds(jwt) {
		ofJWT = deletion(j.JWT)
	}
	return j.write(host, []*http.Cookie{{Name: j.Session, Value: token, Expires: expires}, ofJWT})
}

// Keeps reports whether a browser that presents these cookies keeps nothing else of this session, or
// nothing of ours at all.
func (j *Jar) Keeps(tokens, jwts []string, token, jwt string) bool {
	if j.ReadOnly {
		return true
	}
	if len(tokens) != 1 || tokens[0] != token {
		return false
	}
	if !j.Holds(jwt) {
		return len(jwts) == 0
	}
	return len(jwts) == 1 && jwts[0] == jwt
}

// Clear are the cookies that remove a session.
func (j *Jar) Clear(host string) []*http.Cookie {
	return j.write(host, []*http.Cookie{deletion(j.Session), deletion(j.JWT)})
}

// ClearOthers removes what lies under these names beside our own cookies: of this host alone, and of each
// domain that it is in, whoever set it. A browser sends it beside ours, or in their place. Each domain of two
// labels or more counts: browsers pass over those that no cookie can be of.
func (j *Jar) ClearOthers(host string) []*http.Cookie {
	if j.ReadOnly {
		return nil
	}
	var all []*http.Cookie
	for _, domain := range append([]string{""}, origin.DomainsOf(host)...) {
		if domain == j.Domain || slices.Contains(j.LegacyDomains, domain) {
			continue
		}
		for _, name := range []string{j.Session, j.JWT, j.Intermediate} {
			if IsHostOnly(name) {
				continue
			}
			c := j.dress(deletion(name), host)
			c.Domain = domain
			all = append(all, c)
		}
	}
	return all
}

// StoreIntermediate are the cookies that store an intermediate session.
func (j *Jar) StoreIntermediate(host, token string, expires time.Time) []*http.Cookie {
	return j.write(host, []*http.Cookie{{Name: j.Intermediate, Value: token, Expires: expires}})
}

// ClearIntermediate removes what a login left between two steps.
func (j *Jar) ClearIntermediate(host string) []*http.Cookie {
	return j.write(host, []*http.Cookie{deletion(j.Intermediate)})
}

// IsSecure reports whether a request to this host gets Secure cookies, whatever their names.
func (j *Jar) IsSecure(host string) bool { return j.Secure || !origin.IsLoopback(host) }

// deletion says it in both ways: some middleware that copies cookies loses Max-Age.
func deletion(name string) *http.Cookie {
	return &http.Cookie{Name: name, MaxAge: -1, Expires: time.Unix(0, 0)}
}

// write gives the cookies their attributes, and puts the deletions for legacy domains in front.
func (j *Jar) write(host string, cookies []*http.Cookie) []*http.Cookie {
	if j.ReadOnly {
		return nil
	}
	var all []*http.Cookie
	for _, domain := range j.LegacyDomains {
		for _, c := range cookies {
			if domain != "" && IsHostOnly(c.Name) {
				continue // a browser has never accepted such a cookie
			}
			old := deletion(c.Name)
			old.Domain = domain
			all = append(all, j.dress(old, host))
		}
	}
	for _, c := range cookies {
		c.Domain = j.Domain
		all = append(all, j.dress(c, host))
	}
	return all
}

func (j *Jar) dress(c *http.Cookie, host string) *http.Cookie {
	c.Path = j.Path
	c.SameSite = http.SameSiteLaxMode
	c.HttpOnly = j.HTTPOnly
	c.Secure = j.IsSecure(host) || IsHostOnly(c.Name) || hasPrefixFold(c.Name, "__Secure-")
	return c
}

// IsHostOnly reports whether browsers take a cookie of this name only without Domain and with Path /
// (RFC 6265bis §4.1.3.2).
func IsHostOnly(name string) bool { return hasPrefixFold(name, "__Host-") }

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
