package quiet

import "sync"

// maxOnce bounds what a [Once] remembers; nothing beyond it is first.
const maxOnce = 256

// Once tells what has been said already. The zero value has said nothing. It is safe for concurrent use.
type Once struct {
	mu   sync.Mutex
	said map[string]struct{}
}

// First reports whether this is said for the first time.
func (o *Once) First(what string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.said[what]; ok || len(o.said) >= maxOnce {
		return false
	}
	if o.said == nil {
		o.said = map[string]struct{}{}
	}
	o.said[what] = struct{}{}
	return true
}
