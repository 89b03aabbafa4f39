package stytchotel

import (
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// gauges are what is read of an Authenticator's Health.
type gauges struct {
	waiting, entries, pending metric.Int64ObservableUpDownCounter
	breaker                   metric.Int64ObservableGauge
	keysAge, policyAge        metric.Float64ObservableGauge

	told      metric.Int64ObservableCounter // between replicas
	outbox    metric.Int64ObservableUpDownCounter
	connected metric.Int64ObservableGauge
	behind    metric.Float64ObservableGauge
}

func newGauges(meter metric.Meter) (g gauges, err error) {
	var wrong []error
	upDown := func(name, unit, about string) metric.Int64ObservableUpDownCounter {
		made, err := meter.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(about))
		wrong = append(wrong, err)
		return made
	}
	age := func(name, about string) metric.Float64ObservableGauge {
		made, err := meter.Float64ObservableGauge(name, metric.WithUnit("s"), metric.WithDescription(about))
		wrong = append(wrong, err)
		return made
	}
	g.waiting = upDown("stytchkit.call.waiting", "{request}", "Requests that wait for Stytch")
	g.entries = upDown("stytchkit.memory.entries", "{entry}", "What is remembered")
	g.pending = upDown("stytchkit.revocations.pending", "{revocation}", "Sign-outs that Stytch could not take yet")
	g.keysAge = age("stytchkit.keys.age", "Since the signing keys were fetched")
	g.policyAge = age("stytchkit.policy.age", "Since the RBAC policy was fetched")
	g.outbox = upDown("stytchkit.replica.outbox", "{event}", "Events that wait to be told to the other replicas")
	g.behind = age("stytchkit.replica.behind", "Since the bus was lost, 0 while it is followed: what happened elsewhere since then is not known here")
	var toldErr, connectedErr error
	g.told, toldErr = meter.Int64ObservableCounter("stytchkit.replica.events", metric.WithUnit("{event}"), metric.WithDescription("Events between replicas"))
	g.connected, connectedErr = meter.Int64ObservableGauge("stytchkit.replica.connected", metric.WithDescription("1 while all that the bus holds has been heard"))
	g.breaker, err = meter.Int64ObservableGauge("stytchkit.breaker.state", metric.WithDescription("1 for the state that a circuit breaker is in, 0 for the others"))
	return g, errors.Join(append(wrong, err, toldErr, connectedErr)...)
}

func (g *gauges) all() []metric.Observable {
	return []metric.Observable{g.waiting, g.entries, g.pending, g.breaker, g.keysAge, g.policyAge, g.told, g.outbox, g.connected, g.behind}
}

func (g *gauges) observe(to metric.Observer, h stytchkit.Health) {
	to.ObserveInt64(g.waiting, int64(h.Waiting))
	to.ObserveInt64(g.pending, int64(h.PendingRevocations))
	g.observeBreakers(to, h)
	g.observeEntries(to, h)
	observeAge(to, g.keysAge, h.KeysFetchedAt)
	observeAge(to, g.policyAge, h.PolicyFetchedAt)
	if h.Replicas != (stytchkit.ReplicasHealth{}) {
		g.observeReplicas(to, h.Replicas)
	}
}

func (g *gauges) observeBreakers(to metric.Observer, h stytchkit.Health) {
	for lane, now := range map[string]string{"proven": h.Proven, "unproven": h.Unproven, "logins": h.Logins, "steps": h.Steps, "profiles": h.Profiles} {
		for _, state := range []string{"closed", "half-open", "open"} {
			var is int64
			if state == now {
				is = 1
			}
			to.ObserveInt64(g.breaker, is, metric.WithAttributes(attribute.String("stytchkit.lane", lane), attribute.String("stytchkit.state", state)))
		}
	}
}

func (g *gauges) observeEntries(to metric.Observer, h stytchkit.Health) {
	for memory, entries := range map[string]int{
		"sessions": h.Sessions, "tokens": h.Tokens, "refusals": h.Refusals, "proven_tokens": h.ProvenTokens,
		"ended_sessions": h.EndedSessions, "connections": h.Connections,
		"members": h.Members, "organizations": h.Organizations, "users": h.Users,
	} {
		to.ObserveInt64(g.entries, int64(entries), metric.WithAttributes(attribute.String("stytchkit.memory", memory)))
	}
}

func (g *gauges) observeReplicas(to metric.Observer, h stytchkit.ReplicasHealth) {
	connected, behind := int64(1), time.Duration(0)
	if !h.Connected {
		connected, behind = 0, time.Since(h.LostAt)
	}
	to.ObserveInt64(g.connected, connected)
	to.ObserveFloat64(g.behind, behind.Seconds())
	to.ObserveInt64(g.outbox, int64(h.Outbox))
	to.ObserveInt64(g.told, int64(h.Sent), metric.WithAttributes(attribute.String("stytchkit.direction", "sent")))         //nolint:gosec // it counts from 0
	to.ObserveInt64(g.told, int64(h.Received), metric.WithAttributes(attribute.String("stytchkit.direction", "received"))) //nolint:gosec // likewise
}

// observeAge says nothing of what was never fetched.
func observeAge(to metric.Observer, gauge metric.Float64ObservableGauge, at time.Time) {
	if !at.IsZero() {
		to.ObserveFloat64(gauge, time.Since(at).Seconds())
	}
}
