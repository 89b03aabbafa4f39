package watch

import (
	"context"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
)

// Token is an access token that connections rest on until a time. Nobody is asked about it. It implements
// [Subject].
type Token[C Connection] struct {
	Clock clock.Clock
	Until time.Time
}

// Look implements [Subject].
func (t *Token[C]) Look(_ context.Context, connections []C) time.Duration {
	left := t.Until.Sub(t.Clock.Now())
	if left <= 0 {
		endAll(connections, Expired, errExpired)
		return latestRetry
	}
	return left
}

// Close implements [Subject].
func (t *Token[C]) Close(connections []C) { endAll(connections, Unavailable, errClosed) }
