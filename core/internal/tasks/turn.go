package tasks

import (
	"sync/atomic"
	"time"
)

// pause is how long what was done in vain is not repeated.
const pause = time.Second

// Turn lets one of many who are served something stale ask again. The zero value is free.
// It is safe for concurrent use.
type Turn struct{ notBefore atomic.Int64 } // in Unix nanoseconds

// Take reports whether it is the caller's turn, who then has this long.
func (t *Turn) Take(now time.Time, long time.Duration) bool {
	at := t.notBefore.Load()
	return now.UnixNano() >= at && t.notBefore.CompareAndSwap(at, now.Add(long+pause).UnixNano())
}

// Pass is for who asked in vain: the next turn comes after a pause, or when it was asked to come.
func (t *Turn) Pass(now time.Time, retryAfter time.Duration) {
	t.notBefore.Store(now.Add(max(retryAfter, pause)).UnixNano())
}
