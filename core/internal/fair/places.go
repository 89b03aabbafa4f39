package fair

import "slices"

// holder is who holds places: a client that is known, or everybody else together.
type holder struct {
	key   Key
	known bool
}

// places are the calls in flight.
type places struct {
	free    int
	most    int // of one holder
	held    map[holder]int
	waiting []*place // the first to come first
}

// place is one that is held, or waited for.
type place struct {
	by    holder
	ready chan struct{} // closed when it is held
	held  bool
}

func newPlaces(all int) places {
	return places{free: all, most: max(1, all*3/4), held: map[holder]int{}}
}

// ask is a place, held at once where one is free for the holder.
func (p *places) ask(by holder) *place {
	w := &place{by: by, ready: make(chan struct{})}
	p.waiting = append(p.waiting, w)
	p.handOut()
	return w
}

// give gives a place back, or no longer waits for one.
func (p *places) give(w *place) {
	if !w.held {
		p.waiting = slices.DeleteFunc(p.waiting, func(other *place) bool { return other == w })
		return
	}
	p.free++
	if p.held[w.by]--; p.held[w.by] == 0 {
		delete(p.held, w.by)
	}
	p.handOut()
}

// handOut gives free places to those who hold the fewest.
func (p *places) handOut() {
	for p.free > 0 {
		next := -1
		for i, w := range p.waiting {
			if held := p.held[w.by]; held < p.most && (next < 0 || held < p.held[p.waiting[next].by]) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		w := p.waiting[next]
		p.waiting = slices.Delete(p.waiting, next, next+1)
		p.free--
		p.held[w.by]++
		w.held = true
		close(w.ready)
	}
}
