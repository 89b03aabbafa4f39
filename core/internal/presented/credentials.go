// Package presented reads what a request shows to prove whose it is.
package presented

import (
	"net/textproto"
	"slices"
	"strings"
)

// Request is what must be known of one to read its credentials.
type Request interface {
	Header(name string, i int) (value string, ok bool)
}

// Names are those of the cookies that are looked for.
type Names struct{ Token, JWT string }

// maxCookies is net/http's limit.
const maxCookies = 3000

// Credentials are what a request presents. Their strings are the request's own.
type Credentials struct {
	Bearer    bool // the Authorization header decides alone
	Ambiguous bool // there are two Authorization headers
	JWTs      Candidates
	Tokens    Candidates
}

// Read finds the credentials of a request. A bearer decides alone and never falls back to cookies.
func (c *Credentials) Read(r Request, names *Names) {
	if value, ok := r.Header("Authorization", 0); ok {
		if _, second := r.Header("Authorization", 1); second {
			c.Bearer, c.Ambiguous = true, true
			return
		}
		if token, ok := bearerToken(value); ok {
			c.Bearer = true
			c.addBearer(token)
			return
		}
	}
	c.ReadCookies(r, names)
}

// bearerToken is the token of an Authorization header of the Bearer scheme (RFC 6750 §2.1), which
// is matched in any case (RFC 9110 §11.1).
func bearerToken(value string) (string, bool) {
	const scheme = "Bearer"
	if strings.HasPrefix(value, scheme+" ") { // as nearly all write it
		return textproto.TrimString(value[len(scheme)+1:]), true
	}
	value = textproto.TrimString(value)
	if len(value) < len(scheme) || !strings.EqualFold(value[:len(scheme)], scheme) {
		return "", false
	}
	token := textproto.TrimString(value[len(scheme):])
	return token, token == "" || len(scheme)+len(token) < len(value) // RFC 6750 wants a space between
}

// addBearer files a bearer under its kind: an opaque token has no dot.
// An empty one is kept, as it was presented and proves nothing.
func (c *Credentials) addBearer(token string) {
	if strings.IndexByte(token, '.') >= 0 {
		c.JWTs.set(token)
		return
	}
	c.Tokens.set(token)
}

// ReadCookies reads the raw Cookie lines by the rules of net/http, so that every framework's
// users get the same answer. It allocates nothing.
func (c *Credentials) ReadCookies(r Request, names *Names) {
	atMost := 0 // cookies; only a long header can hold too many, so that a usual one is not counted
	for i := 0; ; i++ {
		line, ok := r.Header("Cookie", i)
		if !ok {
			break
		}
		atMost += len(line) + 1
		c.readCookieLine(line, names)
	}
	if atMost > maxCookies && tooManyCookies(r) {
		*c = Credentials{}
	}
}

func (c *Credentials) readCookieLine(line string, names *Names) {
	for line != "" {
		part := line
		if i := strings.IndexByte(line, ';'); i >= 0 {
			part, line = line[:i], line[i+1:]
		} else {
			line = ""
		}
		for part != "" && isSpace(part[0]) {
			part = part[1:]
		}
		if part == "" || part[0] != names.JWT[0] && part[0] != names.Token[0] {
			continue // most cookies of a request are others'
		}
		if value, ok := cookieNamed(part, names.JWT); ok {
			c.JWTs.addCookie(value)
		} else if value, ok := cookieNamed(part, names.Token); ok {
			c.Tokens.addCookie(value)
		}
	}
}

// cookieNamed is the raw value of the cookie in part, which begins with no space, if it has this
// name. One without a value is as good as absent.
func cookieNamed(part, name string) (string, bool) {
	if len(part) <= len(name) || part[:len(name)] != name {
		return "", false
	}
	rest := part[len(name):]
	for rest != "" && isSpace(rest[0]) {
		rest = rest[1:]
	}
	if rest == "" || rest[0] != '=' {
		return "", false
	}
	rest = rest[1:]
	for rest != "" && isSpace(rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	return rest, true
}

// tooManyCookies applies net/http's limit, over which a request has none.
func tooManyCookies(r Request) bool {
	count := 0
	for i := 0; ; i++ {
		line, ok := r.Header("Cookie", i)
		if !ok {
			return count > maxCookies
		}
		count += strings.Count(line, ";") + 1
	}
}

// Settle drops what net/http would not have read. Reading leaves a sole candidate's bytes alone:
// where they equal a remembered credential they need no second look.
func (c *Credentials) Settle() {
	if c.Bearer {
		return
	}
	c.JWTs.settle()
	c.Tokens.settle()
}

// None reports whether the request presents nothing at all.
func (c *Credentials) None() bool { return !c.Bearer && c.JWTs.n == 0 && c.Tokens.n == 0 }

// ByCookie reports whether a cookie would decide.
func (c *Credentials) ByCookie() bool { return !c.Bearer && (c.JWTs.n > 0 || c.Tokens.n > 0) }

// TooMany reports whether more is presented than was read.
func (c *Credentials) TooMany() bool { return c.JWTs.TooMany() || c.Tokens.TooMany() }

// Shape is how many credentials of which kind a request presents.
type Shape struct {
	Bearer       bool
	jwts, tokens uint8
}

// Shape counts what is presented.
func (c *Credentials) Shape() Shape {
	return Shape{Bearer: c.Bearer, jwts: uint8(c.JWTs.n), tokens: uint8(c.Tokens.n)} //nolint:gosec // at most MaxCandidates each
}

// Are reports whether these values, and no others, are presented, in this order.
func (c *Credentials) Are(values []string) bool { return slices.Equal(values, c.all()) }

func (c *Credentials) all() []string { return slices.Concat(c.JWTs.All(), c.Tokens.All()) }

// Has reports whether this value is presented.
func (c *Credentials) Has(value string) bool { return c.JWTs.Has(value) || c.Tokens.Has(value) }

// Copies are copies of all that is presented.
func (c *Credentials) Copies() []string {
	all := c.all()
	for i, value := range all {
		all[i] = strings.Clone(value)
	}
	return all
}

func isSpace(b byte) bool { return b <= ' ' && (b == ' ' || b == '\t' || b == '\n' || b == '\r') }
