// Package client knows which client sent a request, behind proxies too.
package client

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
)

// Request is what must be known of one to tell who sent it.
type Request interface {
	RemoteAddr() string
	Header(name string, i int) (value string, ok bool)
}

// maxHops is how many proxies are looked behind.
const maxHops = 16

// Address is the client's address: the connection's or, where a trusted proxy has the connection, what
// the trusted proxies wrote into X-Forwarded-For, read from the right up to the first that is not one
// of them. What stands further left anybody may have written. Where an entry is no address, the last
// proxy's stands for it. Invalid where the connection has none, as a Unix socket's.
func Address(r Request, trusted []netip.Prefix) netip.Addr {
	address := parse(r.RemoteAddr())
	if !isTrusted(address, trusted) {
		return address
	}
	hops := 0
	for i := lines(r) - 1; i >= 0; i-- {
		line, _ := r.Header("X-Forwarded-For", i)
		for rest, more := line, true; more; hops++ {
			var entry string
			rest, entry, more = cutLast(rest)
			before := parse(strings.Trim(entry, " \t"))
			if !before.IsValid() || hops == maxHops {
				return address
			}
			if address = before; !isTrusted(address, trusted) {
				return address
			}
		}
	}
	return address
}

// CheckTrusted says what is wrong with a prefix of trusted proxies.
func CheckTrusted(prefix netip.Prefix) error {
	switch {
	case !prefix.IsValid():
		return errors.New("is no prefix")
	case prefix.Addr().Is4In6():
		return errors.New("is one of IPv4 addresses written as IPv6")
	case prefix.Bits() == 0:
		return errors.New("holds every address, so that anybody could write X-Forwarded-For")
	}
	return nil
}

func isTrusted(address netip.Addr, trusted []netip.Prefix) bool {
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(address) })
}

func lines(r Request) int {
	for n := 0; ; n++ {
		if _, ok := r.Header("X-Forwarded-For", n); !ok {
			return n
		}
	}
}

// cutLast parts the last entry of a list from those before it.
func cutLast(list string) (before, last string, found bool) {
	i := strings.LastIndexByte(list, ',')
	if i < 0 {
		return "", list, false
	}
	return list[:i], list[i+1:], true
}

// parse reads an address, in brackets or not, with or without a port. A zone is the sender's own affair.
func parse(text string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone("")
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		text, _ = strings.CutSuffix(inner, "]")
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}
