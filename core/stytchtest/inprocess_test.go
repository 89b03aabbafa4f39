package stytchtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAHandlerThatStreamsAnswersInProcess(t *testing.T) {
	do := stytchtest.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "data: 1\n\n" || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("got %q with %v, %v", body, res.Header, err)
	}
}

func TestAHandlerThatNeverReturnsIsAnError(t *testing.T) {
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	ctx, cancel := context.WithCancel(t.Context())
	do := stytchtest.InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel(); <-ended }))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := do(r)
	if err == nil {
		_ = res.Body.Close()
	}
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "does not return") {
		t.Errorf("got the error %v", err)
	}
}
