package origin

import (
	"net/netip"
	"strings"
)

// SplitHost is the name or address of a Host header, and its port. False where the header is
// anything but host[:digits], with an IPv6 address in brackets (RFC 9110 §7.2).
func SplitHost(host string) (name, port string, ok bool) {
	if address, bracketed := strings.CutPrefix(host, "["); bracketed {
		name, port, ok = strings.Cut(address, "]")
		ok = ok && isIPv6(name) && (port == "" || port[0] == ':')
		port = strings.TrimPrefix(port, ":")
	} else {
		name, port, _ = strings.Cut(host, ":")
		ok = name != ""
	}
	if !ok || strings.Trim(port, "0123456789") != "" {
		return "", "", false
	}
	return name, port, true
}

func isIPv6(address string) bool {
	addr, err := netip.ParseAddr(address)
	return err == nil && addr.Is6() && addr.Zone() == ""
}

// IsLoopback reports whether a Host header, or the host of a URL, is this machine, as browsers see
// it: localhost, every name under it (RFC 6761 §6.3), 127.0.0.0/8 and ::1.
func IsLoopback(host string) bool {
	name, _, ok := SplitHost(host)
	if !ok {
		return false
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.IsLoopback()
	}
	name = LowerASCII(strings.TrimSuffix(name, "."))
	return name == "localhost" || strings.HasSuffix(name, ".localhost") && isName(name)
}

// isName reports whether a name in lower case is one of DNS.
func isName(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.Trim(label, "-_abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// Label is the label in front of a suffix in a Host header, in lower case; empty where there is not
// exactly one. The suffix begins with a dot and is in lower case. A dot at the end of the host's name
// is part of how names are written (RFC 1034 §3.1).
func Label(host, suffix string) string {
	name, _, _ := SplitHost(host)
	label, ok := strings.CutSuffix(LowerASCII(strings.TrimSuffix(name, ".")), suffix)
	if !ok || strings.Contains(label, ".") {
		return ""
	}
	return label
}

// LowerASCII leaves alone what host names do not consist of: Unicode has letters, such as the Kelvin
// sign, whose lower case is one of ASCII's.
func LowerASCII(s string) string {
	isUpper := func(c rune) bool { return 'A' <= c && c <= 'Z' }
	if !strings.ContainsFunc(s, isUpper) {
		return s
	}
	lower := []byte(s)
	for i, c := range lower {
		if isUpper(rune(c)) {
			lower[i] += 'a' - 'A'
		}
	}
	return string(lower)
}
