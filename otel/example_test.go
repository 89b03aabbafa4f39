package stytchotel_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	stytchotel "github.com/stytchkit/stytchkit/otel"
)

// newAuth is what an application writes: an Observer of the global providers, in the configuration.
func newAuth(cfg stytchkit.Config) (*stytchkit.Authenticator, error) {
	observer, err := stytchotel.New(stytchotel.Config{})
	if err != nil {
		return nil, err
	}
	cfg.Observer = observer
	return stytchkit.New(cfg)
}

// traced is middleware that begins a span for each request, as otelhttp, otelgin, otelecho and otelfiber
// do. It stands before the guard.
func traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := otel.Tracer("app").Start(r.Context(), r.Method+" "+r.URL.Path)
		defer span.End()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func Example() {
	spans := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans)))

	srv, err := stytchtest.New(stytchtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	auth, err := newAuth(srv.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer auth.Close()

	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth.Require().Check(r.Context(), stytchkit.HTTPRequest{R: r})
	})
	alice := srv.AddMember(stytchtest.Member{Email: "alice@example.com"}).SignIn()
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	r.Header.Set("Authorization", "Bearer "+alice.Token)
	traced(page).ServeHTTP(httptest.NewRecorder(), r)

	request := spans.Ended()[len(spans.Ended())-1]
	for _, span := range spans.Ended() {
		if span.Parent().SpanID() == request.SpanContext().SpanID() {
			fmt.Println(request.Name(), "waited for", span.Name())
		}
	}
	// Output: GET /page waited for POST /v1/b2b/sessions/authenticate
}
