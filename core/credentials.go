package stytchkit

import (
	"slices"
	"strings"
)

// maxCandidates is how many distinct values of one credential are looked at: enough to survive
// the leftovers of earlier cookie settings, too few to make a request expensive.
const maxCandidates = 4

// maxCookies is net/http's limit.
const maxCookies = 3000

// presented is what a request shows to prove whose it is. Its strings are the request's own.
type presented struct {
	bearer    bool // the Authorization header decides alone
	ambiguous bool // there are two Authorization headers
	jwts      candidates
	tokens    candidates
}

// read finds the credentials of a request. A bearer decides alone and never falls back to cookies.
func (p *presented) read(r Request, names *cookieNames) {
	if value, ok := r.Header("Authorization", 0); ok {
		if _, second := r.Header("Authorization", 1); second {
			p.bearer, p.ambiguous = true, true
			return
		}
		if token, ok := bearerToken(value); ok {
			p.bearer = true
			p.addBearer(token)
			return
		}
	}
	p.readCookies(r, names)
}

// bearerToken is the token of an Authorization header of the Bearer scheme (RFC 6750 §2.1), which
// is matched in any case (RFC 9110 §11.1).
func bearerToken(value string) (string, bool) {
	const scheme = "Bearer"
	if strings.HasPrefix(value, scheme+" ") { // as nearly all write it
		return trimSpace(value[len(scheme)+1:]), true
	}
	value = trimSpace(value)
	if len(value) < len(scheme) || !strings.EqualFold(value[:len(scheme)], scheme) {
		return "", false
	}
	token := trimSpace(value[len(scheme):])
	return token, token == "" || len(scheme)+len(token) < len(value) // RFC 6750 wants a space between
}

// addBearer files a bearer under its kind: an opaque token has no dot.
// An empty one is kept, as it was presented and proves nothing.
func (p *presented) addBearer(token string) {
	if strings.IndexByte(token, '.') >= 0 {
		p.jwts.values[0], p.jwts.n = token, 1
		return
	}
	p.tokens.values[0], p.tokens.n = token, 1
}

// readCookies reads the raw Cookie lines by the rules of net/http, so that every framework's
// users get the same answer. It allocates nothing.
func (p *presented) readCookies(r Request, names *cookieNames) {
	atMost := 0 // cookies; only a long header can hold too many, so that a usual one is not counted
	for i := 0; ; i++ {
		line, ok := r.Header("Cookie", i)
		if !ok {
			break
		}
		atMost += len(line) + 1
		p.readCookieLine(line, names)
	}
	if atMost > maxCookies && tooManyCookies(r) {
		*p = presented{}
	}
}

func (p *presented) readCookieLine(line string, names *cookieNames) {
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
		if part == "" || part[0] != names.jwt[0] && part[0] != names.token[0] {
			continue // most cookies of a request are others'
		}
		if value, ok := cookieNamed(part, names.jwt); ok {
			p.jwts.addCookie(value)
		} else if value, ok := cookieNamed(part, names.token); ok {
			p.tokens.addCookie(value)
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

// settle drops what net/http would not have read. Reading leaves a sole candidate's bytes alone:
// where they equal a remembered credential they need no second look.
func (p *presented) settle() {
	if p.bearer {
		return
	}
	p.jwts.settle()
	p.tokens.settle()
}

// none reports whether the request presents nothing at all.
func (p *presented) none() bool { return !p.bearer && p.jwts.n == 0 && p.tokens.n == 0 }

// byCookie reports whether a cookie would decide.
func (p *presented) byCookie() bool { return !p.bearer && (p.jwts.n > 0 || p.tokens.n > 0) }

// shape counts what is presented.
func (p *presented) shape() shape {
	return shape{bearer: p.bearer, jwts: uint8(p.jwts.n), tokens: uint8(p.tokens.n)} //nolint:gosec // at most maxCandidates each
}

// copies are copies of all that is presented.
func (p *presented) copies() []string {
	all := slices.Concat(p.jwts.all(), p.tokens.all())
	for i, value := range all {
		all[i] = strings.Clone(value)
	}
	return all
}

// candidates are the distinct values of one credential, in the order presented.
type candidates struct {
	n       int
	settled bool // every value is known to be one that net/http reads
	values  [maxCandidates]string
}

func (c *candidates) all() []string { return c.values[:c.n] }

func (c *candidates) addCookie(raw string) {
	value := unquote(raw)
	if value == "" {
		return
	}
	if c.n == 0 && !c.settled {
		c.values[0], c.n = value, 1
		return
	}
	c.settle()
	if c.n == maxCandidates || !validCookieValue(value) || c.has(value) {
		return
	}
	c.values[c.n] = value
	c.n++
}

func (c *candidates) has(value string) bool {
	for _, v := range c.all() {
		if v == value {
			return true
		}
	}
	return false
}

func (c *candidates) settle() {
	if !c.settled && c.n == 1 && !validCookieValue(c.values[0]) {
		c.n = 0
	}
	c.settled = true
}

// unquote strips one pair of double quotes, as net/http does.
func unquote(raw string) string {
	if len(raw) > 1 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		return raw[1 : len(raw)-1]
	}
	return raw
}

// validCookieValue is net/http's rule: RFC 6265's cookie-octet, and space and comma besides.
func validCookieValue(value string) bool {
	for i := range len(value) {
		if b := value[i]; b < 0x20 || b >= 0x7f {
			return false
		}
	}
	return strings.IndexByte(value, '"') < 0 && strings.IndexByte(value, ';') < 0 && strings.IndexByte(value, '\\') < 0
}

// Bounds of an opaque token. Stytch's have 44 characters.
const (
	minTokenLength = 16
	maxTokenLength = 512
)

// isTokenShaped refuses what Stytch cannot have handed out, before it costs a call.
func isTokenShaped(token string) bool {
	if len(token) < minTokenLength || len(token) > maxTokenLength {
		return false
	}
	for i := range len(token) {
		if b := token[i]; b <= ' ' || b >= 0x7f || b == '.' {
			return false
		}
	}
	return true
}

// trimSpace trims what net/textproto calls space.
func trimSpace(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isSpace(b byte) bool { return b <= ' ' && (b == ' ' || b == '\t' || b == '\n' || b == '\r') }
