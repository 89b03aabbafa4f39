package origin

import (
	"net/netip"
	"strings"
)

// IsLoopback reports whether host, with or without a port, is this machine: the names and
// addresses for which Stytch's browser SDK drops Secure too.
func IsLoopback(host string) bool {
	name := hostname(host)
	if strings.EqualFold(name, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.IsLoopback()
}

// hostname is host without port and brackets.
func hostname(host string) string {
	if strings.HasPrefix(host, "[") {
		if end := strings.IndexByte(host, ']'); end > 0 {
			return host[1:end]
		}
	}
	name, _, _ := strings.Cut(host, ":")
	return name
}
