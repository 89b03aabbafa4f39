package token

import (
	"bytes"
	"encoding/json"
)

// readPlain reads claims in the form in which Stytch writes them, in one pass. It is false for any
// other form, however valid: escapes, white space, a name twice or in another case, custom claims that
// are lists or objects. Those are for encoding/json to read, into claims of their own; what
// readPlain does read, it reads as encoding/json would.
func (c *claims) readPlain(payload []byte) bool {
	r := plainReader{rest: payload}
	return r.object(c.known(), func(name string) bool {
		switch name {
		case "https://stytch.com/session":
			return c.Session.readPlain(&r)
		case "https://stytch.com/organization":
			return r.object(organizationClaims(), func(name string) bool {
				if name == "organization_id" {
					return r.text(&c.Organization.ID)
				}
				return r.text(&c.Organization.Slug)
			})
		case "iss":
			return r.text(&c.Issuer)
		case "sub":
			return r.text(&c.Subject)
		case "aud":
			return r.take('[') && r.text(&c.Audience.sole[0]) && r.take(']') && c.Audience.isSole()
		case "exp":
			return r.date(&c.ExpiresAt)
		case "nbf":
			return r.date(&c.NotBefore)
		case "iat":
			return r.date(&c.IssuedAt)
		case "jti":
			return r.text(&c.ID)
		}
		return r.skip()
	}) && len(r.rest) == 0
}

func (*claims) known() []string {
	return []string{"https://stytch.com/session", "https://stytch.com/organization", "iss", "sub", "aud", "exp", "nbf", "iat", "jti"}
}

func organizationClaims() []string { return []string{"organization_id", "slug"} }

func (c *sessionClaim) readPlain(r *plainReader) bool {
	known := []string{"id", "started_at", "last_accessed_at", "expires_at", "attributes", "authentication_factors", "roles"}
	return r.object(known, func(name string) bool {
		switch name {
		case "id":
			return r.text(&c.ID)
		case "started_at":
			return r.time(&c.StartedAt)
		case "last_accessed_at":
			return r.time(&c.LastAccessedAt)
		case "expires_at":
			return r.time(&c.ExpiresAt)
		case "attributes":
			return r.object([]string{"ip_address", "user_agent"}, func(string) bool { return r.skipText() })
		case "authentication_factors":
			value, ok := r.list()
			return ok && json.Unmarshal(value, &c.AuthenticationFactors) == nil
		case "roles":
			return r.texts(&c.Roles)
		}
		return r.skip()
	})
}

// plainReader reads JSON that needs no decoding: what stands between quotes stands for itself.
type plainReader struct{ rest []byte }

// object reads an object, value by value. Each name that is known comes once, in this very case.
func (r *plainReader) object(known []string, read func(name string) bool) bool {
	if !r.take('{') {
		return false
	}
	var seen uint
	for {
		name, ok := r.quoted()
		if !ok || !r.take(':') {
			return false
		}
		at := foldedIndex(known, name)
		if at < 0 {
			ok = r.skip()
		} else {
			ok = known[at] == string(name) && seen&(1<<at) == 0 && read(known[at])
			seen |= 1 << at
		}
		switch {
		case !ok:
			return false
		case r.take('}'):
			return true
		case !r.take(','):
			return false
		}
	}
}

// foldedIndex finds a name as encoding/json does, in any case; -1 for none.
func foldedIndex(known []string, name []byte) int {
	for i, k := range known {
		if len(k) == len(name) && (k == string(name) || bytes.EqualFold([]byte(k), name)) {
			return i
		}
	}
	return -1
}

func (r *plainReader) take(b byte) bool {
	if len(r.rest) == 0 || r.rest[0] != b {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// quoted is a string of bytes that stand for themselves.
func (r *plainReader) quoted() ([]byte, bool) {
	if !r.take('"') {
		return nil, false
	}
	end := bytes.IndexByte(r.rest, '"')
	if end < 0 {
		return nil, false
	}
	text := r.rest[:end]
	r.rest = r.rest[end+1:]
	return text, isPlain(text)
}

func (r *plainReader) text(to *string) bool {
	text, ok := r.quoted()
	*to = string(text)
	return ok
}

func (r *plainReader) skipText() bool {
	_, ok := r.quoted()
	return ok
}

// texts reads a list of strings, one at least.
func (r *plainReader) texts(to *[]string) bool {
	if !r.take('[') {
		return false
	}
	for {
		text, ok := r.quoted()
		if !ok {
			return false
		}
		*to = append(*to, string(text))
		if r.take(']') {
			return true
		}
		if !r.take(',') {
			return false
		}
	}
}

func (r *plainReader) time(to *timestamp) bool {
	text, ok := r.quoted()
	to.set(text)
	return ok
}

// date reads a date in whole seconds.
func (r *plainReader) date(to *numericDate) bool {
	digits, ok := r.digits()
	if !ok {
		return false
	}
	return to.setWhole(digits)
}

// digits are those of a number without sign, fraction, exponent and leading zero.
func (r *plainReader) digits() ([]byte, bool) {
	n := 0
	for n < len(r.rest) && r.rest[n] >= '0' && r.rest[n] <= '9' {
		n++
	}
	digits := r.rest[:n]
	r.rest = r.rest[n:]
	return digits, n > 0 && (digits[0] != '0' || n == 1)
}

// list is a list as it stands, which may not be valid; its end is found by its brackets.
func (r *plainReader) list() ([]byte, bool) {
	depth := 0
	for i := 0; i < len(r.rest); i++ {
		switch r.rest[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				value := r.rest[:i+1]
				r.rest = r.rest[i+1:]
				return value, value[0] == '['
			}
		case '"':
			end := bytes.IndexByte(r.rest[i+1:], '"')
			if end < 0 || bytes.IndexByte(r.rest[i+1:i+1+end], '\\') >= 0 {
				return nil, false
			}
			i += end + 1
		}
	}
	return nil, false
}

// skip passes a value that nobody here reads: a string, a number of digits or a word.
func (r *plainReader) skip() bool {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(r.rest, []byte(word)) {
			r.rest = r.rest[len(word):]
			return true
		}
	}
	if len(r.rest) > 0 && r.rest[0] == '"' {
		return r.skipText()
	}
	_, ok := r.digits()
	return ok
}
