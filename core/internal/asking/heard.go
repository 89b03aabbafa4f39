package asking

import (
	"context"
	"log/slog"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Call is one call to Stytch, made or refused.
type Call struct {
	Lane     string
	About    string
	Err      error         // a *stytch.Failure; nil: all is well
	Duration time.Duration // waiting for room included
	stytch.Exchange
}

// What calls are about.
const (
	AboutSession      = "session"
	AboutMember       = "member"
	AboutOrganization = "organization"
	AboutUser         = "user"
	AboutLogin        = "login"
	AboutRevocation   = "revocation"
	AboutPolicy       = "policy"
	AboutRoles        = "roles" // of an organization
)

// wellAnswered is what was last heard when Stytch decided about what it was asked, either way.
const wellAnswered = uint32(stytch.Misconfigured) + 1

// Heard tells of a call, and logs when Stytch stops answering or refuses this project, and when all is
// well again. A call that was not sent, for want of room or by the breaker, says nothing about Stytch.
func (a *Asker) Heard(request context.Context, made Call, sent bool) {
	if a.Tasks.Closed() {
		return
	}
	if a.Called != nil {
		a.Called(request, made)
	}
	if !sent {
		return
	}
	now := wellAnswered
	if made.Err != nil {
		if verdict := stytch.FailureOf(made.Err).Verdict; verdict == stytch.Unavailable || verdict == stytch.Misconfigured {
			now = uint32(verdict)
		}
	}
	a.say(now, made.Err)
}

// Misconfigured tells of a project that is found to be configured wrong without a call.
func (a *Asker) Misconfigured(failure *stytch.Failure) { a.say(uint32(stytch.Misconfigured), failure) }

// say tells what was heard, when it is another state than before.
func (a *Asker) say(now uint32, err error) {
	if a.heard.Load() != now && a.tell(now, err) {
		a.heard.Store(now)
	}
}

// tell writes what is heard now; false where that has been written a moment ago, and something else since.
func (a *Asker) tell(now uint32, err error) (written bool) {
	level, msg, args := slog.LevelInfo, "stytchkit: Stytch answers again", []any{}
	switch now {
	case uint32(stytch.Unavailable):
		level, msg, args = slog.LevelWarn, "stytchkit: Stytch cannot be asked; sessions that need it are answered 503", []any{"error", err}
	case uint32(stytch.Misconfigured):
		level, msg, args = slog.LevelError, "stytchkit: "+stytch.FailureOf(err).Remedy(), []any{"error", err}
	}
	return a.said.Log(level, msg, msg, args...)
}
