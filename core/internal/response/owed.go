package response

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// Response is what is owed to one response: the cookies of guards, of saved and of ended sessions,
// and what is to be said to caches. It is safe for concurrent use, as a handler may outlive its
// http.TimeoutHandler. The zero value owes nothing.
type Response struct {
	mu       sync.Mutex
	owed     atomic.Pointer[[]owed] // nil: nothing; Owes reads it without the lock
	attached bool                   // a guard found whose it is
	private  bool                   // cookies were set at once
	sent     bool
	left     bool // the outermost guard has returned
}

// owed is a cookie to be set.
type owed struct {
	*http.Cookie
	refreshed bool // by a guard: what a handler sets itself comes first
}

// New is [Response.Begin] of a response that nobody else knows yet.
func (r *Response) New(attached bool, refreshed []*http.Cookie) {
	r.attached = attached
	r.owe(refreshed, true)
}

// Begin adds what a guard owes: cookies beside those that were saved, and, where it has found whose
// the request is, that no shared cache keeps the answer.
func (r *Response) Begin(attached bool, refreshed []*http.Cookie) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attached = r.attached || attached
	r.owe(refreshed, true)
}

// Save owes cookies in the place of those refreshed, on h at once when the guards have returned.
func (r *Response) Save(h Header, cookies []*http.Cookie) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.owe(cookies, false)
	if r.left {
		SetCookies(h, cookies)
	}
}

func (r *Response) owe(cookies []*http.Cookie, refreshed bool) {
	if len(cookies) == 0 {
		return
	}
	all := slices.Clone(r.cookies())
	for _, c := range cookies {
		i := slices.IndexFunc(all, func(earlier owed) bool { return same(earlier.Cookie, c) })
		switch {
		case i < 0:
			all = append(all, owed{c, refreshed})
		case !refreshed || all[i].refreshed:
			all[i] = owed{c, refreshed}
		}
	}
	r.owed.Store(&all)
}

func (r *Response) cookies() []owed {
	if all := r.owed.Load(); all != nil {
		return *all
	}
	return nil
}

// KeepPrivate owes that nobody stores the response, where cookies were set at once.
func (r *Response) KeepPrivate() { r.private = true }

// Owes reports whether the response is to set cookies.
func (r *Response) Owes() bool { return r.owed.Load() != nil }

// Sent reports whether the headers have gone out, as far as a [Headers] has seen it.
func (r *Response) Sent() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// Meet puts what is owed on the headers, just before they go out. It may be called again.
func (r *Response) Meet(h Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.set(h)
}

// Leave is Meet when the outermost guard returns. What is saved later is set at once.
func (r *Response) Leave(h Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left = true
	r.set(h)
}

func (r *Response) set(h Header) {
	switch {
	case r.Owes():
		r.setCookies(h)
		keepPrivate(h)
	case r.private:
		keepPrivate(h)
	case r.attached:
		if len(h.Values("Cache-Control")) == 0 {
			h.Set("Cache-Control", private)
		}
		AddVary(h)
	}
}

// moment is when the headers of a [Headers] are met.
type moment struct{ sent, left bool }

// meet is Meet for a header map, with what the inside has left there beforehand; what costs nothing
// to say costs no allocation either.
func (r *Response) meet(beneath http.Header, h *Headers, at moment) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent, r.left = r.sent || at.sent, r.left || at.left
	if r.Owes() && !h.left {
		h.separate(beneath)
	}
	h.Inform(beneath)
	r.put(beneath, h)
}

// hijacked is meet for who writes the answer past us, from this map.
func (r *Response) hijacked(inside http.Header, h *Headers) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = true
	r.put(inside, h)
}

func (r *Response) put(to http.Header, h *Headers) {
	if r.Owes() || r.private || !r.attached {
		r.set(to)
		return
	}
	h.lines = [...]string{private, VaryCredentials}
	if len(to["Cache-Control"]) == 0 {
		to["Cache-Control"] = h.lines[0:1:1]
	}
	switch vary := to["Vary"]; {
	case len(vary) == 0:
		to["Vary"] = h.lines[1:2:2]
	case !slices.Contains(vary, VaryCredentials):
		to["Vary"] = append(slices.Clip(vary), VaryCredentials)
	}
}

func (r *Response) setCookies(h Header) {
	theirs := h.Values("Set-Cookie")
	lines := slices.Clone(theirs)
	for _, c := range r.cookies() {
		if c.refreshed && slices.ContainsFunc(theirs, func(line string) bool { return names(line, c.Cookie) }) {
			continue
		}
		lines = put(lines, c.Cookie)
	}
	setLines(h, lines)
}
