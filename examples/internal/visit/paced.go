package visit

import (
	"context"
	"sync"
	"time"
)

// Paced calls do so often a second until ctx ends, by so many workers. When they are all kept
// waiting, at most the last second is made up for.
func Paced(ctx context.Context, perSecond, workers int, do func(i int)) {
	turns := make(chan int)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for i := range turns {
				do(i)
			}
		})
	}
	defer pool.Wait()
	defer close(turns)
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	began, done := time.Now(), 0
	for {
		due := int(time.Since(began).Seconds() * float64(perSecond))
		for done = max(done, due-perSecond); done < due; done++ {
			select {
			case turns <- done:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
