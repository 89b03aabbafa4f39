package presented

import "strings"

// MaxCandidates is how many distinct values of one credential are looked at: enough to survive
// the leftovers of earlier cookie settings, too few to make a request expensive.
const MaxCandidates = 4

// Candidates are the distinct values of one credential, in the order presented.
type Candidates struct {
	n       int
	settled bool // every value is known to be one that net/http reads
	values  [MaxCandidates]string
}

// All are the candidates; a slice of c itself.
func (c *Candidates) All() []string { return c.values[:c.n] }

// Sole is the only candidate; false when there is none, or several.
func (c *Candidates) Sole() (string, bool) { return c.values[0], c.n == 1 }

func (c *Candidates) addCookie(raw string) {
	value := unquote(raw)
	if value == "" {
		return
	}
	if c.n == 0 && !c.settled {
		c.values[0], c.n = value, 1
		return
	}
	c.settle()
	if c.n == MaxCandidates || !IsCookieValue(value) || c.Has(value) {
		return
	}
	c.values[c.n] = value
	c.n++
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
	if !c.settled && c.n == 1 && !IsCookieValue(c.values[0]) {
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
