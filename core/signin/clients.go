package signin

import (
	"errors"
	"hash/maphash"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/fair"
)

// What one client may try at all addresses together, messages that it has sent among it: whoever tries one
// secret at each of a thousand addresses meets no bound of theirs. What comes to a login is given back, so that
// an office of five hundred behind one address, who all ask for a code within a minute, does not meet it.
const (
	perClient        = 500
	clientAgainAfter = 6 * time.Second // one more, so 14,400 a day
	clientCells      = 1 << 16         // 512 KB
)

var errClient = errors.New("one client tries too much (if that is a proxy of yours: Config.TrustedProxies says whose X-Forwarded-For counts)")

// clients count what each client tries. A client is in one of a fixed number of cells, which others may be in
// too; so nothing is forgotten before its time, whatever a flood does. As only so many tries a second are
// counted of all clients together, a flood keeps at most 600 cells full. It is safe for concurrent use.
type clients struct {
	now  func() time.Time
	seed maphash.Seed

	mu    sync.Mutex
	spent []int64 // per cell: when all that was tried is made up for, in Unix nanoseconds
}

func newClients(now func() time.Time) *clients {
	return &clients{now: now, seed: maphash.MakeSeed(), spent: make([]int64, clientCells)}
}

func (c *clients) cell(by fair.Key) *int64 {
	return &c.spent[maphash.Comparable(c.seed, by)%clientCells]
}

// take counts one try; the error says when the next one is possible. A client whose address is not known is
// not one, but everybody.
func (c *clients) take(by fair.Key) error {
	if by == (fair.Key{}) {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now, cell := c.now().UnixNano(), c.cell(by)
	next := max(*cell, now) + int64(clientAgainAfter)
	if wait := time.Duration(next - now - int64(perClient*clientAgainAfter)); wait > 0 {
		return refusedFor(wait, errClient)
	}
	*cell = next
	return nil
}

// give gives one try back.
func (c *clients) give(by fair.Key) {
	if by == (fair.Key{}) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.cell(by) -= int64(clientAgainAfter)
}
