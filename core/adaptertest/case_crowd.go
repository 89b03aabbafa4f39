package adaptertest

import (
	"fmt"
	"net/http"
	"sync"
)

// crowdCases are about many members at once.
func crowdCases() []testCase {
	return []testCase{
		{"C41 sixteen members in parallel each get their own session", inParallel},
		{"C59 sixteen members in parallel each get their own state", statesInParallel},
	}
}

func inParallel(s *stage) {
	s.serve(s.guarded(s.required()))
	s.crowd(func(w *wire, p person, name string, n int) {
		for _, r := range []request{get("/me", p.live()), get("/me", bearer(p.jwt))} {
			if a := w.send(r); a.status != http.StatusOK || a.text != s.kind.described(name) {
				a.fail("200 for "+s.kind.described(name), "%d for %s", a.status, a.text)
			}
		}
		if a := w.send(get("/me", jwtCookie(p.forged(n)))); a.status != http.StatusUnauthorized {
			a.fail("401", "%d", a.status)
		}
	})
}

// crowd is sixteen members at once, each of whom does this 25 times on a connection of their own.
// Stytch need not be asked about any of their sessions.
func (s *stage) crowd(each func(w *wire, p person, name string, n int)) {
	s.crowded = true
	defer func() { s.crowded = false }()
	var clients sync.WaitGroup
	for i := range 16 {
		name := fmt.Sprintf("user-%02d", i)
		p, w := s.person(name), s.connect()
		clients.Go(func() {
			for n := range 25 {
				each(w, p, name, n)
			}
		})
	}
	clients.Wait()
	s.asked(0)
}

func statesInParallel(s *stage) {
	s.serve(s.stating())
	s.crowd(func(w *wire, p person, name string, n int) {
		a := w.send(get("/state", p.live()))
		if a.status != http.StatusOK || !hasParts(a.text, append(s.kind.state(name), fmt.Sprintf(`,"fromCache":%v,`, n > 0))...) {
			a.fail("the state of "+name, "%d: %s", a.status, a.text)
		}
	})
}
