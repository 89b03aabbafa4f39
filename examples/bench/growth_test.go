package bench_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// many is the largest crowd; the limit of sessions leaves room for it.
const (
	many  = 100_000
	limit = 1 << 17
)

// BenchmarkRemembered is the whole middleware on net/http when so many sessions are remembered, and
// requests come from all of them in no order; and how long it takes without it to send as many
// requests, which are too large together for the processor's caches.
func BenchmarkRemembered(b *testing.B) {
	x := newExperiment(b, many)
	for _, sessions := range []int{1, 1_000, many} {
		b.Run(fmt.Sprintf("none/sessions=%d", sessions), func(b *testing.B) {
			p := newProcession(x, sessions)
			p.enter(nil)
			p.measure(b)
		})
		b.Run(fmt.Sprintf("stytchkit/sessions=%d", sessions), func(b *testing.B) {
			p := newProcession(x, sessions)
			before := heap()
			auth := newKit(b, x, limit)
			p.enter(auth)
			p.remember(b)
			perSession := float64(heap()-before) / float64(sessions)
			p.measure(b)
			if sessions == many {
				b.ReportMetric(perSession, "B/session")
			}
			runtime.KeepAlive(auth)
		})
	}
}

// BenchmarkParallel is how many requests of 1,000 remembered sessions are served at once. The
// framework alone says what the machine itself makes of a second core.
func BenchmarkParallel(b *testing.B) {
	const sessions = 1_000
	x := newExperiment(b, sessions)
	for _, contender := range []struct {
		name string
		auth *stytchkit.Authenticator
	}{{"none", nil}, {"stytchkit", newKit(b, x, 0)}} {
		for cores := 1; cores <= min(2, runtime.NumCPU()); cores++ {
			b.Run(fmt.Sprintf("%s/cores=%d", contender.name, cores), func(b *testing.B) {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
				processions := make([]*procession, cores)
				for i := range processions {
					processions[i] = newProcession(x, sessions)
					processions[i].enter(contender.auth)
					processions[i].remember(b)
				}
				var next, seen atomic.Int64
				b.ReportAllocs()
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					p := processions[int(next.Add(1)-1)%cores]
					before := p.seen
					for pb.Next() {
						p.send()
					}
					seen.Add(int64(p.seen - before))
				})
				if int(seen.Load()) != b.N {
					b.Fatalf("of %d requests %d handlers saw the member, from memory", b.N, seen.Load())
				}
			})
		}
	}
}

// procession is requests of one member after the other, in no order, over and over.
type procession struct {
	client  client
	ids     []string
	bearers []string
	at      int
	recall  bool // only what is remembered counts
	seen    int
}

func newProcession(x *experiment, sessions int) *procession {
	p := &procession{}
	for _, i := range rand.Perm(sessions) {
		p.ids = append(p.ids, x.Members[i].ID)
		p.bearers = append(p.bearers, x.Members[i].Bearer())
	}
	return p
}

// enter goes to an application whose handler counts the requests of the right member; without an
// Authenticator every request is.
func (p *procession) enter(auth *stytchkit.Authenticator) {
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.seen++
		w.WriteHeader(http.StatusOK)
	})
	if auth != nil {
		h = stytchhttp.Require(auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			d, _ := stytchkit.DecisionFrom(r.Context())
			if d.Session.MemberID() == p.ids[p.at] && (!p.recall || d.Source == stytchkit.FromCache) {
				p.seen++
			}
			w.WriteHeader(http.StatusOK)
		}))
	}
	p.client = newClient(h, credential{"Authorization", p.bearers[0]})
}

// remember sends every request once. From then on all sessions must be remembered.
func (p *procession) remember(tb testing.TB) {
	tb.Helper()
	for range p.ids {
		p.send()
	}
	if p.seen != len(p.ids) {
		tb.Fatalf("of %d sessions %d were verified", len(p.ids), p.seen)
	}
	p.seen, p.recall = 0, true
}

// measure times requests, each of which must be answered from memory.
func (p *procession) measure(b *testing.B) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		p.send()
	}
	if p.seen != b.N {
		b.Fatalf("of %d requests %d handlers saw the member, from memory", b.N, p.seen)
	}
}

// send presents a copy, as a server has it fresh from the connection.
func (p *procession) send() {
	p.client.set(strings.Clone(p.bearers[p.at]))
	p.client.send()
	if p.at++; p.at == len(p.ids) {
		p.at = 0
	}
}

// heap is how much of it is in use. What pools hold goes with a second collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
