package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Bus carries records between the replicas of an application. Records are opaque, sealed, at most 512 bytes.
// It is a wire: losing what it holds loses nothing while one replica that knew it lives. Its methods are
// called concurrently; core/bustest holds a Bus to this.
type Bus interface {
	// Publish adds records. nil means that each is in the log; an error, that any of them may be.
	Publish(ctx context.Context, records ...[]byte) error
	// Follow hands over everything the log holds, the caller's own records too, then calls caughtUp once, then
	// goes on as records come; a record is the callee's until it returns. Follow returns when ctx ends, when the
	// engine cannot be reached for 2 seconds, and when the log is not the one that was read. Each call starts
	// from the beginning.
	Follow(ctx context.Context, record func([]byte), caughtUp func()) error
}

// Event is something that happened to a session, a member, a user, an organization or the project, to be
// told by [Authenticator.Announce]. The zero value, and one about an empty ID, say nothing. Events compare
// with ==.
type Event struct{ fact replicas.Fact }

// SessionEnded says that the session with this ID is over, as if it had been ended by
// [Authenticator.EndSession].
func SessionEnded(id string) Event { return eventOf(replicas.Ended, replicas.Session, id) }

// MemberChanged says that Stytch describes the member with this ID anew: their sessions are served while
// Stytch is asked about them in the background.
func MemberChanged(id string) Event { return eventOf(replicas.Changed, replicas.Subject, id) }

// MemberEnded says that the member with this ID was deleted, or is not active any more: nothing that vouched
// for them before proves anything. Stytch is asked before their next request is answered, and while it
// cannot be that is 503.
func MemberEnded(id string) Event { return eventOf(replicas.Recheck, replicas.Subject, id) }

// OrganizationChanged is to an organization, its members and its roles what [MemberChanged] is to a member.
func OrganizationChanged(id string) Event {
	return eventOf(replicas.Changed, replicas.Organization, id)
}

// OrganizationEnded is to an organization and all of its members what [MemberEnded] is to a member.
func OrganizationEnded(id string) Event { return eventOf(replicas.Recheck, replicas.Organization, id) }

// UserChanged is to a user of a consumer project what [MemberChanged] is to a member.
func UserChanged(id string) Event { return eventOf(replicas.Changed, replicas.Subject, id) }

// UserEnded is to a user of a consumer project what [MemberEnded] is to a member.
func UserEnded(id string) Event { return eventOf(replicas.Recheck, replicas.Subject, id) }

// PolicyChanged says that the project's RBAC policy, or an organization's own roles, are others than before:
// they are fetched anew.
func PolicyChanged() Event {
	return Event{replicas.Fact{Kind: replicas.Policy, About: replicas.Project}}
}

func eventOf(kind replicas.Kind, about replicas.About, id string) Event {
	if id == "" {
		return Event{}
	}
	return Event{replicas.Fact{Kind: kind, About: about, ID: id}}
}

// Announce tells every replica, this one too, what has happened just now: here it takes effect at once, and
// ends or looks again at the connections of [Live]. It does no I/O and does not wait.
func (a *Authenticator) Announce(events ...Event) {
	now := replicas.Now(a.clock)
	for _, e := range events {
		if e != (Event{}) {
			a.effects().Take(e.fact, now)
			a.replicas.Tell(now, e.fact)
		}
	}
}

// leastReplicaKey is how many bytes a key has at least: as many as the cipher's.
const leastReplicaKey = 32

// checkReplicaKeys refuses keys that could be guessed, and such as nothing would use.
func (c *Config) checkReplicaKeys() error {
	if len(c.ReplicaKeys) > 0 && c.Replicas == nil {
		return errors.New("stytchkit: Config.ReplicaKeys is set but Config.Replicas is not (set it too, such as to stytchredis.New, or leave the keys out)")
	}
	for i, key := range c.ReplicaKeys {
		if len(key) < leastReplicaKey {
			return fmt.Errorf("stytchkit: Config.ReplicaKeys[%d] has %d bytes (want %d random ones or more)", i, len(key), leastReplicaKey)
		}
	}
	return nil
}

// joinReplicas connects to the other replicas, where there is a bus.
func (a *Authenticator) joinReplicas() (err error) {
	if a.cfg.Replicas == nil {
		return nil
	}
	secrets := a.cfg.ReplicaKeys
	if len(secrets) == 0 {
		secrets = [][]byte{[]byte(a.cfg.Secret)}
	}
	if a.replicaKeys, err = replicas.NewKeys(a.cfg.ProjectID, secrets...); err != nil {
		return err
	}
	a.replicas = replicas.New(replicas.Config{
		Bus: a.cfg.Replicas, Keys: a.replicaKeys, AtMost: a.cfg.Limits.EndedSessions,
		Heard: a.effects().Take, Again: func() []replicas.Fact { return a.replicaKeys.Revoked(a.revokes.All()) },
		Late: a.late(), Clock: a.clock, Log: a.log, Tasks: a.tasks,
	})
	return nil
}

func (a *Authenticator) effects() replicas.Effects {
	return replicas.Effects{
		Endings: a.endings, Noted: a.noted, Doubts: a.doubts,
		Doubted: func(key endings.Key) { a.memory.Doubt(); a.watches.WakeAll(key) },
		Policy:  func() { a.profiles.Roles.Forget(); a.policy.Renew() },
	}
}

// flushFor is how long Close waits for the bus.
const flushFor = time.Second

func (a *Authenticator) flushReplicas() {
	ctx, cancel := context.WithTimeout(a.tasks.Context(), flushFor)
	defer cancel()
	a.replicas.Flush(ctx)
}

// tell tells the other replicas what takes effect here already.
func (a *Authenticator) tell(facts ...replicas.Fact) {
	if a.replicas != nil {
		a.replicas.Tell(replicas.Now(a.clock), facts...)
	}
}

// tellBeside tells the other replicas of tokens that nobody has vouched for, beside the sessions that are
// ended or replaced with them: whoever presents both is not asked about there. A made-up one costs who made it
// up a session, as no more are told of than sessions that are over just now. They come before the sessions, as
// a replica that has heard of one alone asks.
func (a *Authenticator) tellBeside(how replicas.Kind, creds []stytch.Credential) {
	if a.replicas == nil {
		return
	}
	sessions := 0
	var beside []replicas.Fact
	for _, cred := range creds {
		switch {
		case cred.Kind == stytch.SessionID:
			if known := a.endings.Of(endings.Session(cred.Value)); known.With(how.Ending()) != known {
				sessions++
			}
		case !a.isProven(cred):
			beside = append(beside, a.replicaKeys.OfToken(how, replicas.Unproven, cred.Value))
		}
	}
	a.tell(beside[:min(sessions, len(beside))]...)
}

// tellVerdict has the other replicas ask about a session that Stytch says is over. It ends nothing there: this
// one may be asking the wrong Stytch.
func (a *Authenticator) tellVerdict(id string) {
	f := replicas.Fact{Kind: replicas.Recheck, About: replicas.Session, ID: id}
	if id != "" && !a.replicas.Knows(f) {
		a.tell(f)
	}
}
