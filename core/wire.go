package stytchkit

import "github.com/stytchkit/stytchkit/core/internal/wire"

// Destination is where a request goes, for the [Request] of a framework without net/http to embed. Its
// strings are as long valid as those that it is made of.
type Destination struct{ target, host string }

// DestinationOf reads a request line's target (RFC 9112 §3.2) and the Host header beside it: a target in
// absolute form, as proxies send, names the host itself.
func DestinationOf(target, host string) Destination {
	target, host = wire.Split(target, host)
	return Destination{target, host}
}

// Target implements [Request].
func (d Destination) Target() string { return d.target }

// Host implements [Request].
func (d Destination) Host() string { return d.host }

// OneSegment is a path parameter of a router that decodes a path before it cleans and splits it, and so makes
// one value of what several segments were, or several of one: empty where no segment of the target is the value.
func (d Destination) OneSegment(value string) string { return wire.OfOneSegment(value, d.target) }

// DecodedParam is a path parameter of a router that hands it over as it was sent, decoded once. A malformed
// escape stays as it is.
func DecodedParam(value string) string { return wire.Decoded(value) }

// LinesOf are the lines of a response's header, copied, of a framework that goes through all of its headers with
// names in canonical form: for [ResponseHeader]'s Values.
func LinesOf(name string, visit func(func(name, value []byte))) []string {
	var lines []string
	visit(func(of, value []byte) {
		if string(of) == name {
			lines = append(lines, string(value))
		}
	})
	return lines
}
