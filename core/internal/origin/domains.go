package origin

import (
	"net/netip"
	"strings"
)

// IsIn reports whether a cookie of this domain may be set by this host (RFC 6265 §5.1.3).
func IsIn(host, domain string) bool {
	name, _, _ := SplitHost(host)
	name = LowerASCII(strings.TrimSuffix(name, "."))
	domain = LowerASCII(strings.TrimPrefix(domain, "."))
	return name == domain || strings.HasSuffix(name, "."+domain)
}

// maxDomains bounds how many domains a host is in, as far as [DomainsOf] tells.
const maxDomains = 8

// DomainsOf are the domains that a cookie seen by a host may be of: its own name and those above it, of
// two labels or more; none for an address. Which of them are public suffixes, browsers know.
func DomainsOf(host string) []string {
	name, _, _ := SplitHost(host)
	name = LowerASCII(strings.TrimSuffix(name, "."))
	if _, err := netip.ParseAddr(name); err == nil || !isName(name) {
		return nil
	}
	var domains []string
	for strings.Contains(name, ".") && len(domains) < maxDomains {
		domains = append(domains, name)
		_, name, _ = strings.Cut(name, ".")
	}
	return domains
}
