package stytchotel_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	api "go.opentelemetry.io/otel/trace"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	stytchotel "github.com/stytchkit/stytchkit/otel"
)

// world is an Authenticator that is observed, and what a collector would get.
type world struct {
	t       testing.TB
	srv     *stytchtest.Server
	auth    *stytchkit.Authenticator
	reader  *metric.ManualReader
	spans   *tracetest.SpanRecorder
	tracers *trace.TracerProvider
}

func newWorld(t testing.TB, configure ...func(*stytchkit.Config)) *world {
	t.Helper()
	w := &world{t: t, srv: stytchtest.Start(t), reader: metric.NewManualReader(), spans: tracetest.NewSpanRecorder()}
	w.tracers = trace.NewTracerProvider(trace.WithSpanProcessor(w.spans))
	observer, err := stytchotel.New(stytchotel.Config{
		MeterProvider:  metric.NewMeterProvider(metric.WithReader(w.reader)),
		TracerProvider: w.tracers,
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg := w.srv.Config()
	cfg.Observer, cfg.Logger = observer, slog.New(slog.DiscardHandler)
	for _, change := range configure {
		change(&cfg)
	}
	if w.auth, err = stytchkit.New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.auth.Close()
		if err := observer.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// check decides about a request that presents a token, below a span such as otelhttp's.
func (w *world) check(token string) (stytchkit.Decision, api.Span) {
	ctx, span := w.tracers.Tracer("the application").Start(w.t.Context(), "GET /page", api.WithSpanKind(api.SpanKindServer))
	defer span.End()
	r := httptest.NewRequest(http.MethodGet, "/page", nil).WithContext(ctx)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.auth.Require().Check(ctx, stytchkit.HTTPRequest{R: r}), span
}

// series are the metrics as they are now: "name{attribute=value,…}" to a number, a count for histograms.
func (w *world) series() map[string]float64 {
	w.t.Helper()
	var all metricdata.ResourceMetrics
	if err := w.reader.Collect(w.t.Context(), &all); err != nil {
		w.t.Fatal(err)
	}
	found := map[string]float64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					found[named(m.Name, p.Attributes)] = float64(p.Value)
				}
			case metricdata.Gauge[int64]:
				for _, p := range data.DataPoints {
					found[named(m.Name, p.Attributes)] = float64(p.Value)
				}
			case metricdata.Gauge[float64]:
				for _, p := range data.DataPoints {
					found[named(m.Name, p.Attributes)] = p.Value
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					found[named(m.Name, p.Attributes)] = float64(p.Count)
				}
			default:
				w.t.Fatalf("%s is a %T", m.Name, m.Data)
			}
		}
	}
	return found
}

func named(name string, set attribute.Set) string {
	var pairs []string
	for _, kv := range set.ToSlice() {
		pairs = append(pairs, strings.TrimPrefix(string(kv.Key), "stytchkit.")+"="+kv.Value.String())
	}
	return strings.TrimPrefix(name, "stytchkit.") + "{" + strings.Join(pairs, ",") + "}"
}

func TestMetrics(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.UnprovenPerSecond = 2; c.Limits.UnprovenBurst = 2 })
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}).SignIn()
	for range 3 {
		w.check(alice.JWT())
	}
	w.check("")
	ended := w.srv.AddMember(stytchtest.Member{Email: "bob@example.com"}).SignIn()
	ended.End()
	w.check(ended.Token)
	w.check(alice.Token)
	w.check(w.srv.AddMember(stytchtest.Member{Email: "carol@example.com"}).SignIn().Token) // rationed
	got := w.series()
	for name, want := range map[string]float64{
		"decisions{allowed=true,code=ok,source=jwt}":                                           1,
		"decisions{allowed=true,code=ok,source=cache}":                                         2,
		"decisions{allowed=true,code=ok,source=stytch}":                                        1,
		"decisions{allowed=false,code=session_missing,source=}":                                1,
		"decisions{allowed=false,code=session_ended,source=}":                                  1,
		"decisions{allowed=false,code=stytch_unavailable,source=}":                             1,
		"call.duration{about=session,lane=unproven,outcome=alive}":                             1,
		"call.duration{error.type=session_not_found,about=session,lane=unproven,outcome=over}": 1,
		"call.duration{error.type=rationed,about=session,lane=unproven,outcome=unavailable}":   1,
		"call.duration{about=keys,lane=,outcome=done}":                                         1,
		"call.duration{about=policy,lane=,outcome=done}":                                       1,
		"call.waiting{}": 0, "revocations.pending{}": 0,
		"breaker.state{lane=proven,state=closed}": 1, "breaker.state{lane=proven,state=open}": 0,
		"memory.entries{memory=sessions}": 2, "memory.entries{memory=refusals}": 1,
	} {
		if value, ok := got[name]; !ok || value != want {
			t.Errorf("%s is %v (there: %v), want %v", name, value, ok, want)
		}
	}
	for _, age := range []string{"keys.age{}", "policy.age{}"} {
		if seconds, ok := got[age]; !ok || seconds < 0 || seconds > 60 {
			t.Errorf("%s is %v (there: %v), want that of a fetch just now", age, seconds, ok)
		}
	}
	if t.Failed() {
		t.Logf("%v", got)
	}
}

func TestMetricsOfReplicas(t *testing.T) {
	bus := stytchtest.NewBus()
	w := newWorld(t, func(c *stytchkit.Config) { c.Replicas = bus })
	cfg := w.srv.Config()
	cfg.Replicas, cfg.Logger = bus.Another(), slog.New(slog.DiscardHandler)
	other, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	w.until("it follows", func(h stytchkit.ReplicasHealth) bool { return h.Connected })
	w.auth.Announce(stytchkit.SessionEnded("member-session-test-x"))
	other.Announce(stytchkit.SessionEnded("member-session-test-y"), stytchkit.PolicyChanged())
	w.until("all are told", func(h stytchkit.ReplicasHealth) bool { return h.Sent == 1 && h.Outbox == 0 && h.Received == 2 })
	w.has(map[string]float64{
		"replica.events{direction=sent}": 1, "replica.events{direction=received}": 2,
		"replica.outbox{}": 0, "replica.connected{}": 1, "replica.behind{}": 0,
		"replica.delay{kind=ended}": 1, "replica.delay{kind=policy}": 1,
	})
	bus.Cut()
	w.until("it is cut off", func(h stytchkit.ReplicasHealth) bool { return !h.Connected })
	w.has(map[string]float64{"replica.connected{}": 0})
	if behind := w.series()["replica.behind{}"]; behind <= 0 || behind > 60 {
		t.Errorf("it is %v s behind, want a moment", behind)
	}
}

func (w *world) until(what string, is func(stytchkit.ReplicasHealth) bool) {
	w.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !is(w.auth.Health().Replicas); runtime.Gosched() {
		if time.Now().After(deadline) {
			w.t.Fatalf("not yet: %s: %+v", what, w.auth.Health().Replicas)
		}
	}
}

// has wants these series among others.
func (w *world) has(series map[string]float64) {
	w.t.Helper()
	got := w.series()
	for name, want := range series {
		if value, ok := got[name]; !ok || value != want {
			w.t.Errorf("%s is %v (there: %v), want %v", name, value, ok, want)
		}
	}
}

func TestEachCallIsASpan(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}).SignIn()
	_, request := w.check(alice.Token)
	w.check(alice.JWT()) // no call
	w.srv.AddMember(stytchtest.Member{Email: "bob@example.com"})
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: http.StatusInternalServerError, ErrorType: "internal_server_error"})
	w.check(w.srv.AddMember(stytchtest.Member{Email: "carol@example.com"}).SignIn().Token)
	var calls []trace.ReadOnlySpan
	for _, span := range w.spans.Ended() {
		if span.SpanKind() == api.SpanKindClient && !strings.HasSuffix(span.Name(), "/policy") {
			calls = append(calls, span)
		}
	}
	if len(calls) != 2 {
		t.Fatalf("%d spans of calls, want 2: %v", len(calls), calls)
	}
	first, failed := calls[0], calls[1]
	if first.Name() != "POST /v1/b2b/sessions/authenticate" || first.Status().Code != codes.Unset || first.Parent().SpanID() != request.SpanContext().SpanID() {
		t.Errorf("the first is %q, %v, below %v; want one that is well, below the request's", first.Name(), first.Status(), first.Parent())
	}
	if failed.Status().Code != codes.Error {
		t.Errorf("a call that says nothing about the session is %v, want an error", failed.Status())
	}
	for i, want := range []string{
		"http.request.method=POST http.response.status_code=200 server.address=127.0.0.1 stytchkit.about=session stytchkit.lane=unproven stytchkit.outcome=alive url.template=/v1/b2b/sessions/authenticate",
		"error.type=internal_server_error http.request.method=POST http.response.status_code=500 server.address=127.0.0.1 stytch.request_id=… stytchkit.about=session stytchkit.lane=unproven stytchkit.outcome=unavailable url.template=/v1/b2b/sessions/authenticate",
	} {
		if got := attributesOf(calls[i]); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func attributesOf(span trace.ReadOnlySpan) string {
	set := attribute.NewSet(span.Attributes()...)
	var pairs []string
	for _, kv := range set.ToSlice() {
		value := kv.Value.String()
		if kv.Key == "stytch.request_id" && value != "" {
			value = "…"
		}
		pairs = append(pairs, string(kv.Key)+"="+value)
	}
	return strings.Join(pairs, " ")
}

// What Stytch says of a session is an answer, not a fault.
func TestASessionThatHasEndedIsNoError(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}).SignIn()
	alice.End()
	w.check(alice.Token)
	for _, span := range w.spans.Ended() {
		if span.Status().Code == codes.Error {
			t.Errorf("%q is an error: %s", span.Name(), span.Status().Description)
		}
	}
}

// Nothing that leaves the process names or proves anybody.
func TestNoTokenAndNoIDLeaves(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}).SignIn()
	secrets := []string{alice.Token, alice.JWT(), alice.ID, w.srv.Secret(), "alice@example.com"}
	w.check(alice.Token)
	w.check(alice.JWT())
	w.check(alice.Token + "x")
	text := fmt.Sprint(w.series())
	for _, span := range w.spans.Ended() {
		text += fmt.Sprint(span.Name(), span.Attributes(), span.Events(), span.Status())
	}
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("%q left: %s", secret, text)
		}
	}
}

func TestTheTableOfDecisionsIsBounded(t *testing.T) {
	w := newWorld(t)
	observer, err := stytchotel.New(stytchotel.Config{MeterProvider: metric.NewMeterProvider(metric.WithReader(w.reader2()))})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10000 {
		observer.Decided(t.Context(), stytchkit.DecisionMade{Code: fmt.Sprint("made up ", i)})
	}
	got := w.series()
	var all float64
	for _, n := range got {
		all += n
	}
	if len(got) > 300 || all != 10000 || got["decisions{allowed=false,code=_OTHER,source=}"] < 9000 {
		t.Errorf("%d series hold %v decisions, want few that hold them all", len(got), all)
	}
}

// reader2 makes the world read another meter.
func (w *world) reader2() *metric.ManualReader {
	w.reader = metric.NewManualReader()
	return w.reader
}

func TestAnObserverIsOfOneAuthenticator(t *testing.T) {
	var said error
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { said = err }))
	var observer stytchkit.Observer
	w := newWorld(t, func(c *stytchkit.Config) { observer = c.Observer })
	cfg := w.srv.Config()
	cfg.Observer = observer
	second, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if said == nil || !strings.Contains(said.Error(), "one for each") {
		t.Errorf("said %v, want what to do", said)
	}
}

func TestADecisionCostsNoAllocation(t *testing.T) {
	guard, r := hot(newWorld(t))
	if n := testing.AllocsPerRun(1000, func() { guard.Check(r.Context(), stytchkit.HTTPRequest{R: r}) }); n != 0 {
		t.Errorf("%v allocations for a decision, want none", n)
	}
}

// hot is a guard, and a request whose session it remembers.
func hot(w *world) (*stytchkit.Guard, *http.Request) {
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}).SignIn()
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	r.Header.Set("Authorization", "Bearer "+alice.JWT())
	guard := w.auth.Require()
	guard.Check(r.Context(), stytchkit.HTTPRequest{R: r})
	return guard, r
}

// BenchmarkCheck is a decision with and without telemetry.
func BenchmarkCheck(b *testing.B) {
	for name, change := range map[string]func(*stytchkit.Config){
		"without": func(c *stytchkit.Config) { c.Observer = nil },
		"with":    func(*stytchkit.Config) {},
	} {
		b.Run(name, func(b *testing.B) {
			guard, r := hot(newWorld(b, change))
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				guard.Check(ctx, stytchkit.HTTPRequest{R: r})
			}
		})
	}
}
