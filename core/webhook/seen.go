package webhook

import "sync"

// mostSeen bounds the messages that are known to have been taken; only signed ones count.
const mostSeen = 4096

// progress is how far a message has come.
type progress uint8

const (
	unseen progress = iota
	underWay
	done
)

// seen are the messages that have come, the oldest forgotten first.
type seen struct {
	mu       sync.Mutex
	messages map[string]progress
	order    [mostSeen]string // a ring
	next     int
}

func newSeen() *seen { return &seen{messages: map[string]progress{}} }

// begin says how far the message has come; one that is unseen is under way from here on.
func (s *seen) begin(id string) progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.messages[id]; now != unseen {
		return now
	}
	s.messages[id] = underWay
	return unseen
}

// end says that a message was taken, or is to come again.
func (s *seen) end(id string, taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !taken {
		delete(s.messages, id)
		return
	}
	s.messages[id] = done
	delete(s.messages, s.order[s.next])
	s.order[s.next] = id
	s.next = (s.next + 1) % mostSeen
}
