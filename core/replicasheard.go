package stytchkit

import (
	"context"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

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
		Heard: a.heard, Again: a.pendingEndings, Clock: a.clock, Log: a.log, Tasks: a.tasks,
	})
	return nil
}

// flushFor is how long Close waits for the bus.
const flushFor = time.Second

func (a *Authenticator) flushReplicas() {
	ctx, cancel := context.WithTimeout(a.tasks.Context(), flushFor)
	defer cancel()
	a.replicas.Flush(ctx)
}

// heard makes a fact take effect here.
func (a *Authenticator) heard(f replicas.Fact, at time.Time) {
	switch f.Kind {
	case replicas.Ended, replicas.Replaced:
		a.endingsOf(f.About).Add(keyOf(f), endingBy(f.Kind))
	case replicas.Recheck:
		a.doubt(keyOf(f), doubts.Hard, at)
	case replicas.Changed:
		a.doubt(keyOf(f), doubts.Soft, at)
	case replicas.Policy:
		a.profiles.Roles.Forget()
		a.policy.Renew()
	}
}

// endingsOf are those where endings of such are remembered.
func (a *Authenticator) endingsOf(about replicas.About) *endings.Endings {
	if about == replicas.Unproven {
		return a.noted
	}
	return a.endings
}

func (a *Authenticator) doubt(key endings.Key, how doubts.Doubt, at time.Time) {
	if a.doubts.Add(key, how, at) {
		a.memory.Doubt()
		a.watches.WakeAll(key)
	}
}

// keyOf is what a fact is about.
func keyOf(f replicas.Fact) endings.Key {
	switch f.About {
	case replicas.Session:
		return endings.Session(f.ID)
	case replicas.Token, replicas.Unproven:
		return endings.Digest(f.ID)
	case replicas.Subject:
		return endings.Subject(f.ID)
	case replicas.Organization:
		return endings.Organization(f.ID)
	}
	return endings.Key{}
}

// tell tells the other replicas what takes effect here already.
func (a *Authenticator) tell(facts ...replicas.Fact) {
	if a.replicas != nil {
		a.replicas.Tell(replicas.Now(a.clock), facts...)
	}
}

// tellVerdict has the other replicas ask about a session that Stytch says is over. It ends nothing there: this
// one may be asking the wrong Stytch.
func (a *Authenticator) tellVerdict(s *Session) {
	f := replicas.Fact{Kind: replicas.Recheck, About: replicas.Session, ID: s.ID()}
	if f.ID != "" && !a.replicas.Knows(f) {
		a.tell(f)
	}
}

// ofToken is a fact about an opaque token, whose bytes stay here.
func (a *Authenticator) ofToken(kind replicas.Kind, about replicas.About, token string) replicas.Fact {
	if a.replicas == nil {
		return replicas.Fact{}
	}
	return replicas.Fact{Kind: kind, About: about, ID: a.replicaKeys.Digests(token)[0]}
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
			if known := a.endings.Of(endings.Session(cred.Value)); known.With(endingBy(how)) != known {
				sessions++
			}
		case !a.isProven(cred):
			beside = append(beside, a.ofToken(how, replicas.Unproven, cred.Value))
		}
	}
	a.tell(beside[:min(sessions, len(beside))]...)
}

// tokenKeys name an opaque token: the first as endings here name it, the others as replicas with an older key
// do.
func (a *Authenticator) tokenKeys(token string) []endings.Key {
	if a.replicaKeys == nil {
		return []endings.Key{endings.Token(token)}
	}
	var keys []endings.Key
	for _, digest := range a.replicaKeys.Digests(token) {
		keys = append(keys, endings.Digest(digest))
	}
	return keys
}

// pendingEndings are the endings that Stytch does not know of yet.
func (a *Authenticator) pendingEndings() (facts []replicas.Fact) {
	for _, cred := range a.revokes.All() {
		if cred.Kind == stytch.SessionID {
			facts = append(facts, replicas.Fact{Kind: replicas.Ended, About: replicas.Session, ID: cred.Value})
		} else {
			facts = append(facts, a.ofToken(replicas.Ended, replicas.Token, cred.Value))
		}
	}
	return facts
}
