package presented

import "strings"

// MaxCandidates is how many distinct values of one credential are read: more than any leftovers of
// earlier cookie settings come to, too few to make a request expensive.
const MaxCandidates = 16

// Candidates are the distinct values of one credential, in the order presented.
type Candidates struct {
	n        int
	settled  bool // every value is known to be one that net/http reads
	overflow bool
	sole     [1]string
	several  []string // from the second on, all of them
}

// All are the candidates; a slice of c itself.
func (c *Candidates) All() []string {
	if c.several != nil {
		return c.several
	}
	return c.sole[:c.n]
}

// None reports whether there is no candidate.
func (c *Candidates) None() bool { return c.n == 0 }

// Sole is the only candidate; false when there is none, or several.
func (c *Candidates) Sole() (string, bool) { return c.sole[0], c.n == 1 }

// TooMany reports whether there are more than were read.
func (c *Candidates) TooMany() bool { return c.overflow }

func (c *Candidates) set(value string) { c.sole[0], c.n = value, 1 }

func (c *Candidates) addCookie(raw string) {
	value := unquote(raw)
	if value == "" {
		return
	}
	if c.n == 0 && !c.settled {
		c.set(value)
		return
	}
	c.settle()
	switch {
	case !IsCookieValue(value) || c.Has(value):
	case c.n == 0:
		c.set(value)
	case c.n == MaxCandidates:
		c.overflow = true
	default:
		if c.several == nil {
			c.several = append(make([]string, 0, 4), c.sole[0])
		}
		c.several = append(c.several, value)
		c.n++
	}
}

// Has reports whether value is one of them.
func (c *Candidates) Has(value string) bool {
	for _, v := range c.All() {
		if v == value {
			return true
		}
	}
	return false
}

func (c *Candidates) settle() {
	if !c.settled && c.n == 1 && !IsCookieValue(c.sole[0]) {
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

// IsCookieValue reports whether a cookie can carry value: net/http's rule: RFC 6265's cookie-octet, and space and comma besides.
func IsCookieValue(value string) bool {
	for i := range len(value) {
		if b := value[i]; b < 0x20 || b >= 0x7f {
			return false
		}
	}
	return strings.IndexByte(value, '"') < 0 && strings.IndexByte(value, ';') < 0 && strings.IndexByte(value, '\\') < 0
}
