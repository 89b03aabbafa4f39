package main

import (
	"fmt"
	"strings"
)

// beyond is what an adapter adds to its framework for a remembered session, by both cookies.
type beyond struct{ ns, allocations float64 }

// inTurns is an adapter's, measured in turns with the framework alone.
func (m *medians) inTurns(framework string) beyond {
	return beyond{m.get(secondsAdded, "Added/"+framework) * 1e9, m.get(allocationsAdded, "Added/"+framework)}
}

// apart is that of an adapter that [apart] names.
func (m *medians) apart(framework string) beyond {
	kit, none := "Sibling/"+framework+"/stytchkit", "Sibling/"+framework+"/none"
	return beyond{m.ns(kit) - m.ns(none), m.allocs(kit) - m.allocs(none)}
}

// siblings hold each younger adapter against an elder one.
func (d *document) siblings() string {
	var b strings.Builder
	b.WriteString("| adapter | its elder sibling | ns added | by the elder | × | allocations added | by the elder |\n| --- | --- | ---: | ---: | --- | --- | ---: |\n")
	for _, row := range []struct {
		younger, elder string
		added, of      beyond
		allocations    float64 // at most
	}{
		{"Echo 5", "Echo 4", d.inTurns("echo5"), d.inTurns("echo"), 1},
		{"Fiber 3", "Fiber 2", d.apart("fiber3"), d.apart("fiber"), 1},
		{"Connect", "net/http's, before the same service", d.inTurns("connect"), d.inTurns("connect-by-nethttp"), 1},
		{"gRPC", "net/http's", d.inTurns("grpc"), d.inTurns("nethttp"), 3},
	} {
		fmt.Fprintf(&b, "| %s | %s | %.0f | %.0f | %s | %s | %.0f |\n", row.younger, row.elder, row.added.ns, row.of.ns,
			d.atMost("siblings", row.younger+", × what its elder sibling adds", "%.2f", row.added.ns/row.of.ns, 1.2),
			d.atMost("siblings", row.younger+", allocations added", "%.0f", row.added.allocations, row.allocations), row.of.allocations)
	}
	b.WriteString("\ngRPC's are what the core sees of a call, grpc-go's copy of the header that is read, and the context.\n")
	return b.String()
}
