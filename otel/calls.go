package stytchotel

import (
	"cmp"
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.41.0"
	"go.opentelemetry.io/otel/trace"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

func newCalls(meter metric.Meter) (metric.Float64Histogram, error) {
	return meter.Float64Histogram("stytchkit.call.duration", metric.WithUnit("s"),
		metric.WithDescription("Calls to Stytch, waiting for room included, and those for which there was none"),
		metric.WithExplicitBucketBoundaries(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10))
}

type spanKey struct{}

// Calling implements [stytchkit.Tracer]: the call's span is a child of the span of the request that wants it.
func (o *Observer) Calling(request, call context.Context, about string) context.Context {
	call = trace.ContextWithSpan(call, trace.SpanFromContext(request))
	call, span := o.tracer.Start(call, "stytch "+about, trace.WithSpanKind(trace.SpanKindClient))
	return context.WithValue(call, spanKey{}, span)
}

// Called implements [stytchkit.Observer].
func (o *Observer) Called(ctx context.Context, made stytchkit.CallMade) {
	if span, ok := ctx.Value(spanKey{}).(trace.Span); ok {
		end(span, made)
	}
	o.record(ctx, made.Duration, made.About, made.Lane, made.Outcome, errorType(made))
}

// KeysFetched implements [stytchkit.Observer]: a fetch is a call about the keys.
func (o *Observer) KeysFetched(made stytchkit.KeysFetch) {
	outcome, failed := "done", ""
	if made.Err != nil {
		outcome, failed = unavailable, "_OTHER"
	}
	o.record(context.Background(), made.Duration, "keys", "", outcome, failed)
}

func (o *Observer) record(ctx context.Context, took time.Duration, about, lane, outcome, failed string) {
	attributes := []attribute.KeyValue{
		attribute.String("stytchkit.about", about),
		attribute.String("stytchkit.lane", lane),
		attribute.String("stytchkit.outcome", outcome),
	}
	if failed != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(failed))
	}
	o.calls.Record(ctx, took.Seconds(), metric.WithAttributes(attributes...))
}

// end says of a span what was exchanged: never the URL, which names whom it is about.
func end(span trace.Span, made stytchkit.CallMade) {
	defer span.End()
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(
		attribute.String("stytchkit.about", made.About),
		attribute.String("stytchkit.lane", made.Lane),
		attribute.String("stytchkit.outcome", made.Outcome),
	)
	if made.Method != "" {
		span.SetName(made.Method + " " + made.Route)
		span.SetAttributes(semconv.HTTPRequestMethodKey.String(made.Method), semconv.ServerAddress(made.Server), semconv.URLTemplate(made.Route))
	}
	if made.Status != 0 {
		span.SetAttributes(semconv.HTTPResponseStatusCode(made.Status))
	}
	if failed := errorType(made); failed != "" {
		span.SetAttributes(semconv.ErrorTypeKey.String(failed))
	}
	if made.RequestID != "" {
		span.SetAttributes(attribute.String("stytch.request_id", made.RequestID))
	}
	if made.Outcome == unavailable || made.Outcome == misconfigured {
		span.SetStatus(codes.Error, errorType(made))
	}
}

// The outcomes that are faults: the others are answers about a session.
const (
	unavailable   = "unavailable"
	misconfigured = "misconfigured"
)

// errorType is Stytch's own, or why there is none.
func errorType(made stytchkit.CallMade) string { return cmp.Or(made.ErrorType, made.Cause) }
