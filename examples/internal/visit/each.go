package visit

import (
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1, by so many workers.
func Each(workers, n int, do func(int)) {
	var next atomic.Int64
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	pool.Wait()
}
