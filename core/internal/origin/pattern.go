package origin

import (
	"net/netip"
	"strings"
)

// anyLabel stands in a pattern for the first label of a host.
const anyLabel = "*."

// maxLabel is how long a label of DNS may be (RFC 1035 §2.3.4).
const maxLabel = 63

func isPattern(origin string) bool { return strings.Contains(origin, "://"+anyLabel) }

// Matches reports whether an origin, as [Normal] writes it, is this one, or is this one with exactly one
// label in the place of *.
func Matches(pattern, origin string) bool {
	if !isPattern(pattern) {
		return pattern == origin
	}
	scheme, domain, _ := strings.Cut(pattern, anyLabel)
	rest, ok := strings.CutPrefix(origin, scheme)
	label, of, _ := strings.Cut(rest, ".")
	return ok && of == domain && isLabel(label)
}

// ParseTrusted reads an origin, or a pattern of some, as [Matches] takes it. False where it is none.
func ParseTrusted(raw string) (string, bool) {
	scheme, host, ok := strings.Cut(raw, "://")
	domain, isMany := strings.CutPrefix(host, anyLabel)
	if !isMany {
		normal, isOrigin := Normal(raw)
		return normal, isOrigin && !strings.Contains(normal, "*")
	}
	normal, isOrigin := Normal(scheme + "://" + domain)
	if !ok || !isOrigin || !isTenantsDomain(domain) {
		return "", false
	}
	scheme, domain, _ = strings.Cut(normal, "://")
	return scheme + "://" + anyLabel + domain, true
}

// isTenantsDomain reports whether a host is a domain that names can be given below. One with a single
// label is nobody's own, but for this machine's.
func isTenantsDomain(host string) bool {
	name, _, ok := SplitHost(host)
	name = LowerASCII(name)
	_, err := netip.ParseAddr(name)
	return ok && err != nil && isName(name) && (name == "localhost" || strings.Contains(name, "."))
}

// isLabel reports whether a name in lower case is a label that says who it is: browsers show an encoded one
// (xn--…, RFC 5890 §2.3.1) as something else, which may look like another's.
func isLabel(label string) bool {
	return len(label) <= maxLabel && isName(label) && !strings.Contains(label, ".") &&
		!strings.HasPrefix(label, "-") && !strings.HasSuffix(label, "-") && !strings.HasPrefix(label, "xn--")
}
