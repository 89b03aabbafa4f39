package fair

// Known is how many clients are remembered.
func (s *Share) Known() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.ration.known)
}

// Waiting is how many wait for a place.
func (s *Share) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, queue := range s.places.waiting {
		n += len(queue)
	}
	return n
}
