package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// TestDashboard runs every query of docs/grafana.json in a Prometheus that reads a demo's real metrics.
func TestDashboard(t *testing.T) {
	dir := t.TempDir()
	if err := process.Build(t.Context(), dir, "nethttp"); err != nil {
		t.Fatal(err)
	}
	s := &suite{browser: startBrowser(t), dir: dir, demo: "nethttp"}
	demo := s.start(t, nil)
	p := startPrometheus(t, demo.Metrics)
	v := s.visit(t, demo.URL)
	v.signIn("Mona Miller", "acme")
	for _, panel := range dashboard(t).Panels {
		for _, target := range panel.Targets {
			expr := strings.ReplaceAll(target.Expr, "$__rate_interval", "5s")
			deadline := time.Now().Add(patience)
			for p.series(expr) == 0 {
				if time.Now().After(deadline) {
					t.Fatalf("%q finds nothing: %s", panel.Title, expr)
				}
				v.open("/profile") // what there is to see
				forged(t, demo.URL)
			}
		}
	}
}

// forged is a request that no call can help: it is denied, and why is counted.
func forged(t *testing.T, base string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/profile", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+strings.Repeat("x", 40)+fmt.Sprint(time.Now().UnixNano()))
	r.Header.Set("Accept", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // nothing is read of it
}

type grafana struct {
	Panels []struct {
		Title   string
		Targets []struct{ Expr string }
	}
}

func dashboard(t *testing.T) (g grafana) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "grafana.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &g); err != nil || len(g.Panels) < 8 {
		t.Fatalf("docs/grafana.json has %d panels: %v", len(g.Panels), err)
	}
	return g
}

// prometheus is Debian's, with a demo to read.
type prometheus struct {
	t   *testing.T
	url string
}

func startPrometheus(t *testing.T, metrics string) prometheus {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	text := "scrape_configs: [{job_name: demo, scrape_interval: 500ms, scrape_timeout: 500ms, static_configs: [{targets: ['" + strings.TrimPrefix(metrics, "http://") + "']}]}]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	log := &process.Journal{}
	p, err := process.Launch(context.WithoutCancel(t.Context()), log, nil, nil, "/usr/bin/prometheus",
		"--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil || t.Failed() {
			t.Errorf("Prometheus ended with %v and said\n%s", err, log)
		}
	})
	return prometheus{t, "http://" + address}
}

// freeAddress is one that nobody listens at now; Prometheus does not say which port it was given.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// series is how many a query finds now; none where Prometheus is not there yet.
func (p prometheus) series(expr string) int {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+"/api/v1/query?query="+url.QueryEscape(expr), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode == http.StatusServiceUnavailable {
		return 0
	}
	var answer struct {
		Error string
		Data  struct{ Result []any }
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Error != "" {
		p.t.Fatalf("%s: %v %s", expr, err, text)
	}
	return len(answer.Data.Result)
}
