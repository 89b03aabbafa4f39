package demo

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"

	stytchotel "github.com/stytchkit/stytchkit/otel"
)

// metrics are what the kit does, in Prometheus' text form.
type metrics struct {
	observer *stytchotel.Observer
	handler  http.Handler
}

func newMetrics() (*metrics, error) {
	registry := prometheus.NewRegistry()
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		return nil, err
	}
	observer, err := stytchotel.New(stytchotel.Config{MeterProvider: metric.NewMeterProvider(metric.WithReader(reader))})
	if err != nil {
		return nil, err
	}
	return &metrics{observer: observer, handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{})}, nil
}
