package fair

import (
	"errors"
	"slices"
)

// maxWaiting is how many of one holder wait for a place: more are turned away at once.
const maxWaiting = 1 << 10

var errCrowded = errors.New("too many wait for a place already")

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
	waiting map[holder][]*place // the first to come first
	came    uint64              // how many have
}

// place is one that is held, or waited for.
type place struct {
	by     holder
	number uint64        // of those that came
	ready  chan struct{} // closed when it is held
	held   bool
}

func newPlaces(all int) places {
	return places{free: all, most: max(1, all*3/4), held: map[holder]int{}, waiting: map[holder][]*place{}}
}

// ask is a place, held at once where one is free for the holder; nil where too many of it wait.
func (p *places) ask(by holder) *place {
	if len(p.waiting[by]) == maxWaiting {
		return nil
	}
	p.came++
	w := &place{by: by, number: p.came, ready: make(chan struct{})}
	p.waiting[by] = append(p.waiting[by], w)
	p.handOut()
	return w
}

// give gives a place back, or no longer waits for one.
func (p *places) give(w *place) {
	if !w.held {
		i := slices.Index(p.waiting[w.by], w)
		p.waits(w.by, slices.Delete(p.waiting[w.by], i, i+1))
		return
	}
	p.free++
	if p.held[w.by]--; p.held[w.by] == 0 {
		delete(p.held, w.by)
	}
	p.handOut()
}

// handOut gives free places to those who hold the fewest, of these to who came first.
func (p *places) handOut() {
	for p.free > 0 {
		w := p.next()
		if w == nil {
			return
		}
		p.waits(w.by, p.waiting[w.by][1:])
		p.free--
		p.held[w.by]++
		w.held = true
		close(w.ready)
	}
}

// next is who is to have a free place; nil: nobody who may.
func (p *places) next() (next *place) {
	fewest := p.most
	for by, queue := range p.waiting {
		first, held := queue[0], p.held[by]
		if held < fewest || next != nil && held == fewest && first.number < next.number {
			next, fewest = first, held
		}
	}
	return next
}

// waits says who of a holder waits from now on.
func (p *places) waits(by holder, queue []*place) {
	if len(queue) == 0 {
		delete(p.waiting, by)
		return
	}
	p.waiting[by] = queue
}
