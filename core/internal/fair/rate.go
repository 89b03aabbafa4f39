package fair

import "time"

const (
	window = time.Second / 4 // how often shares are settled
	keep   = 8 * time.Second // how long a client that is not heard of keeps its share
)

// ration is the rate, and who may spend how much of it. Every client that has come back has a share of
// its own; all others, as an attacker can have any number of addresses, have one together. What is
// saved for somebody is never spent by others, and what nobody has used for long enough is anybody's.
type ration struct {
	perSecond, burst float64
	keys             int

	began    time.Time // of the window
	known    map[Key]*client
	others   client
	tokens   float64 // calls that may be made
	reserved float64 // of those, what clients have saved
}

// client is what is known of one.
type client struct {
	seen    time.Time // the window of its last call
	back    bool      // it has come in another window than its first
	regular bool      // it has a share of its own
	saved   float64
}

func newRation(limits Limits, now time.Time) ration {
	burst := max(float64(limits.Burst), limits.PerSecond)
	return ration{perSecond: limits.PerSecond, burst: burst, keys: limits.Keys, began: now, known: map[Key]*client{}, tokens: burst}
}

// see notes a call, and returns whose share pays for it.
func (r *ration) see(key Key, now time.Time) *client {
	r.settle(now)
	c := r.known[key]
	switch {
	case c != nil && c.regular:
		c.seen = r.began
		return c
	case c != nil:
		c.back = c.back || c.seen.Before(r.began)
		c.seen = r.began
	case len(r.known) < r.keys:
		r.known[key] = &client{seen: r.began}
	}
	r.others.seen = r.began
	return &r.others
}

// spend takes a call out of what the client has saved, or of what is saved for nobody.
func (r *ration) spend(c *client) bool {
	const rounding = 1e-9
	if r.tokens < 1-rounding || c.saved < 1 && r.tokens-(r.reserved-c.saved) < 1-rounding {
		return false
	}
	own := min(c.saved, 1)
	c.saved -= own
	r.reserved -= own
	r.tokens--
	return true
}

// settle begins a new window, once the last is over.
func (r *ration) settle(now time.Time) {
	passed := now.Sub(r.began).Truncate(window)
	if passed <= 0 {
		return
	}
	r.began = r.began.Add(passed)
	gained := r.perSecond * passed.Seconds()
	r.tokens = min(r.burst, r.tokens+gained)
	shares := r.forget()
	if r.hasOthers() {
		shares++
	}
	r.reserved = 0
	for _, c := range r.known {
		if c.regular {
			r.save(c, gained, shares)
		}
	}
	if r.hasOthers() {
		r.save(&r.others, gained, shares)
	} else {
		r.others.saved = 0
	}
}

// save adds a share of what was gained. Nobody saves more than a second's share, or one call.
func (r *ration) save(c *client, gained float64, shares int) {
	c.saved = min(c.saved+gained/float64(shares), max(1, r.perSecond/float64(shares)))
	r.reserved += c.saved
}

func (r *ration) hasOthers() bool {
	return !r.others.seen.IsZero() && r.began.Sub(r.others.seen) <= keep
}

// forget drops clients that were not heard of, and half of those seen once where there are too many.
// It returns how many have a share of their own.
func (r *ration) forget() (regulars int) {
	full, drop := len(r.known) >= r.keys, false
	for key, c := range r.known {
		c.regular = c.regular || c.back
		switch {
		case r.began.Sub(c.seen) > keep:
			delete(r.known, key)
		case c.regular:
			regulars++
		case full:
			if drop = !drop; drop {
				delete(r.known, key)
			}
		}
	}
	return regulars
}
