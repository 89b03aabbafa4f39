package sandbox

import (
	"fmt"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Action is a button of the sandbox's page.
type Action struct {
	Name, Label, Detail string

	run     func(*Sandbox) error
	trouble bool // it lasts until recover
}

// Troubles take Stytch away in the ways it goes away in production.
func Troubles() []Action {
	fail := func(fault stytchtest.Fault) func(*Sandbox) error {
		return func(s *Sandbox) error {
			s.Fail(stytchtest.All, fault)
			return nil
		}
	}
	stop := func(s *Sandbox) error {
		s.Stop()
		return nil
	}
	return []Action{
		{"down", "Take the API down", "Connections are refused.", stop, true},
		{"error", "Answer 503", "Stytch answers every call with an error of its own.", fail(stytchtest.Fault{Status: http.StatusServiceUnavailable}), true},
		{"limited", "Answer 429", "Too many requests, retry after 30 seconds.", fail(stytchtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 30 * time.Second}), true},
		{"slow", "Answer slowly", "Every answer takes a second.", fail(stytchtest.Fault{Latency: time.Second}), true},
		{"hang", "Never answer", "Calls run into their deadline of 3 seconds.", fail(stytchtest.Fault{Hang: true}), true},
		{"page", "Answer with a proxy's page", "502 and HTML instead of JSON.", fail(stytchtest.Fault{NotJSON: true}), true},
		{"refuse", "Refuse the project", "401 unauthorized_credentials: the secret is wrong.", fail(stytchtest.Fault{Status: http.StatusUnauthorized, ErrorType: "unauthorized_credentials"}), true},
	}
}

// Switches are the other actions.
func Switches() []Action {
	return []Action{
		{"recover", "End the trouble", "The API answers again.", (*Sandbox).recover, false},
		{"rotate-keys", "Rotate the signing key", "New JWTs name a key that applications have not seen.", func(s *Sandbox) error {
			s.RotateKeys()
			return nil
		}, false},
		{"reset-calls", "Reset the counts", "Calls are counted from 0 again.", func(s *Sandbox) error {
			s.ResetCalls()
			return nil
		}, false},
	}
}

// recover ends every fault, and listens again.
func (s *Sandbox) recover() error {
	s.Recover()
	if err := s.Restart(); err != nil {
		return err
	}
	s.setTrouble("")
	return nil
}

// Do carries out the action with this name.
func (s *Sandbox) Do(name string) error {
	for _, a := range append(Troubles(), Switches()...) {
		if a.Name != name {
			continue
		}
		if a.trouble {
			if err := s.recover(); err != nil {
				return err
			}
			s.setTrouble(a.Name) // the caller's string may point into a buffer that Fiber reuses
		}
		return a.run(s)
	}
	return fmt.Errorf("the sandbox has no action %q", name)
}

// Trouble is the name of the trouble that Do began; empty when there is none.
func (s *Sandbox) Trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

func (s *Sandbox) setTrouble(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = name
}
