package fair

import (
	"crypto/sha256"
	"net/netip"
)

// Key is who has a share: a client's address, or an ID. Keys are comparable, of one size, and hold
// nothing of what they are made from.
type Key [17]byte

// The first byte of a key. The zero Key is everybody whose address is not known.
const (
	byAddress = 1
	byID      = 2
)

// OfAddress is the key of a client: an IPv4 address, or the /64 that an IPv6 address is in, as one
// subscriber has all of that.
func OfAddress(addr netip.Addr) (k Key) {
	if !addr.IsValid() {
		return k
	}
	k[0] = byAddress
	bytes := addr.As16()
	if addr = addr.Unmap(); addr.Is6() {
		copy(k[1:], bytes[:8])
		return k
	}
	copy(k[1:], bytes[:])
	return k
}

// OfID is the key of a member or a session.
func OfID(id string) (k Key) {
	k[0] = byID
	digest := sha256.Sum256([]byte(id))
	copy(k[1:], digest[:])
	return k
}
