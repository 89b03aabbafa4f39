package stytchkit

import (
	"sync/atomic"
	"time"
)

// revalidatePause is how long a failed revalidation is not repeated.
const revalidatePause = time.Second

// turn lets one of many who are served something stale ask Stytch again. The zero value is free.
// It is safe for concurrent use.
type turn struct{ notBefore atomic.Int64 } // in Unix nanoseconds

// take reports whether it is the caller's turn, who then has this long.
func (t *turn) take(now time.Time, long time.Duration) bool {
	at := t.notBefore.Load()
	return now.UnixNano() >= at && t.notBefore.CompareAndSwap(at, now.Add(long+revalidatePause).UnixNano())
}

// pass is for who asked in vain: the next turn comes after a pause, or when Stytch wants it.
func (t *turn) pass(now time.Time, retryAfter time.Duration) {
	t.notBefore.Store(now.Add(max(retryAfter, revalidatePause)).UnixNano())
}
