package main

import (
	"fmt"
	"strings"
)

// Units of what is measured in turns, in benchstat's words.
const (
	secondsAdded     = "sec-added"
	allocationsAdded = "allocs-added"
	eventsPerSecond  = "events/s"
)

// beside holds what telemetry and other replicas add to a decision against what is promised.
func (d *document) beside() string {
	added := func(name string) float64 { return d.get(secondsAdded, "Beside/"+name) * 1e9 }
	var b strings.Builder
	b.WriteString("| beside a Guard.Check of a remembered JWT | ns added | allocations |\n| --- | ---: | --- |\n")
	fmt.Fprintf(&b, "| nothing: how far the measurement is off | %.1f | |\n", added("nothing"))
	for _, row := range []struct {
		title, name string
		most        float64
	}{
		{"an idle bus", "idle-bus", 10},
		{fmt.Sprintf("a bus with %.0f events a second", d.get(eventsPerSecond, "Beside/busy-bus")), "busy-bus", 30},
		{"OpenTelemetry", "telemetry", 150},
	} {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.title,
			d.atMost("beside", row.title+", ns added", "%.1f", added(row.name), row.most),
			d.atMost("beside", row.title+", allocations", "%.0f", d.get(allocationsAdded, "Beside/"+row.name), 0))
	}
	return b.String()
}
