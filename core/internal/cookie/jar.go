// Package cookie makes the cookies that store and remove a session: their names, attributes and
// deletions.
package cookie

import (
	"net/http"
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

// Store are the cookies that store a session, for the answer to a request to this host.
func (j *Jar) Store(host, token, jwt string, expires time.Time) []*http.Cookie {
	return j.write(host, []*http.Cookie{
		{Name: j.Session, Value: token, Expires: expires},
		{Name: j.JWT, Value: jwt, Expires: expires},
	})
}

// Clear are the cookies that remove a session.
func (j *Jar) Clear(host string) []*http.Cookie {
	return j.write(host, []*http.Cookie{deletion(j.Session), deletion(j.JWT)})
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

func deletion(name string) *http.Cookie { return &http.Cookie{Name: name, MaxAge: -1} }

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
