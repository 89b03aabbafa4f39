package main

import (
	"fmt"
	"slices"
	"time"
)

const (
	// within is how soon an event has to be heard of, after it happened or after the outage.
	within = time.Second
	// nobody and everybody stand in the place of a replica's number.
	nobody, everybody = -1, -1
	// quiet is the row of what happened while all was well.
	quiet = "quiet"
)

// hearing is what one replica did about one event.
type hearing struct {
	event   int // its number
	kind    string
	at      time.Time // when it happened
	where   int       // the replica that it happened at; nobody where Stytch told one of them
	replica int       // that heard of it
	heard   time.Time // when it was seen to have; zero: never
	calls   int       // that it made to Stytch about it
	mayAsk  bool      // that is what it is to do
}

// outage is a time in which an event may not be heard of.
type outage struct {
	name     string
	from, to time.Time
	only     int // the replica that it concerns, or everybody
}

func (o outage) concerns(h hearing) bool {
	return o.only == everybody || h.where == nobody || o.only == h.where || o.only == h.replica
}

// due is when an event has to have been heard of, by outages in the order of time.
func due(h hearing, outages []outage) time.Time {
	by := h.at.Add(within)
	for _, o := range outages {
		if o.concerns(h) && !o.from.After(by) && o.to.Add(within).After(by) {
			by = o.to.Add(within)
		}
	}
	return by
}

// during is the outage that an event happened in, or just before or after; quiet where it was in none.
func during(h hearing, outages []outage) string {
	for _, o := range outages {
		if o.concerns(h) && !h.at.Before(o.from.Add(-within/10)) && !h.at.After(o.to.Add(within)) {
			return o.name
		}
	}
	return quiet
}

// row is what became of the events of one name.
type row struct {
	name          string
	events        int
	missing, late int // replicas that never heard, or too late
	heardAfter    []time.Duration
	calls         int // by those that were to ask nothing
	asked         int // by those that were to ask
}

// tabulate counts hearings by name, in the order in which the names come up.
func tabulate(hearings []hearing, outages []outage, name func(hearing) string) []*row {
	var rows []*row
	counted := map[int]bool{}
	for _, h := range hearings {
		of := name(h)
		i := slices.IndexFunc(rows, func(r *row) bool { return r.name == of })
		if i < 0 {
			i = len(rows)
			rows = append(rows, &row{name: of})
		}
		if !counted[h.event] {
			counted[h.event] = true
			rows[i].events++
		}
		rows[i].add(h, due(h, outages))
	}
	for _, r := range rows {
		slices.Sort(r.heardAfter)
	}
	return rows
}

func (r *row) add(h hearing, due time.Time) {
	if h.mayAsk {
		r.asked += h.calls
	} else {
		r.calls += h.calls
	}
	switch {
	case h.heard.IsZero():
		r.missing++
		return
	case h.heard.After(due):
		r.late++
	}
	if h.replica != h.where {
		r.heardAfter = append(r.heardAfter, h.heard.Sub(h.at))
	}
}

// percentile is the smallest of sorted durations that so many percent are not above.
func percentile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

// judge lists what must not be, as what was expected and what was found. Times are told since began.
func judge(hearings []hearing, outages []outage, began time.Time) []string {
	since := func(t time.Time) string { return fmt.Sprintf("%.3fs", t.Sub(began).Seconds()) }
	var breaches []string
	for _, h := range hearings {
		about := fmt.Sprintf("%s at %s (%s), replica %d", h.kind, since(h.at), during(h, outages), h.replica)
		by := due(h, outages)
		switch {
		case h.heard.IsZero():
			breaches = append(breaches, fmt.Sprintf("%s: expected to hear of it by %s, never did", about, since(by)))
		case h.heard.After(by):
			breaches = append(breaches, fmt.Sprintf("%s: expected to hear of it by %s, did at %s", about, since(by), since(h.heard)))
		}
		if h.calls > 0 && !h.mayAsk {
			breaches = append(breaches, fmt.Sprintf("%s: expected to ask Stytch nothing, made %d calls", about, h.calls))
		}
	}
	return breaches
}
