package tasks

import (
	"math/rand/v2"
	"time"
)

// Backoff is how long to wait after so many failures in a row: it doubles from first to most, less up
// to a fifth, so that instances do not retry in step.
func Backoff(failures int, first, most time.Duration) time.Duration {
	d := most
	if shift := failures - 1; shift < 16 {
		d = min(first<<shift, most)
	}
	return d - time.Duration(rand.Int64N(int64(d)/5+1)) //nolint:gosec // jitter, not a secret
}
