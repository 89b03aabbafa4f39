package replicas

import (
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Effects are what facts change here.
type Effects struct {
	Endings *endings.Endings
	Noted   *endings.Endings // of tokens that nobody has vouched for
	Doubts  *doubts.Doubts
	Doubted func(endings.Key) // hears whom a new doubt is about
	Policy  func()            // hears that the project's policy is another
}

// Take makes a fact take effect.
func (e Effects) Take(f Fact, at time.Time) {
	switch f.Kind {
	case Ended, Replaced:
		e.endingsOf(f.About).Add(f.key(), f.Kind.Ending())
	case Recheck:
		e.doubt(f, doubts.Hard, at)
	case Changed:
		e.doubt(f, doubts.Soft, at)
	case Policy:
		e.Policy()
	}
}

func (e Effects) endingsOf(about About) *endings.Endings {
	if about == Unproven {
		return e.Noted
	}
	return e.Endings
}

func (e Effects) doubt(f Fact, how doubts.Doubt, at time.Time) {
	if e.Doubts.Add(f.key(), how, at) {
		e.Doubted(f.key())
	}
}

// Ending is what is known of whom a fact of this kind is about.
func (k Kind) Ending() endings.Ending { return endings.Ending{Over: k == Ended, Here: true} }

// key is what a fact is about.
func (f Fact) key() endings.Key {
	switch f.About {
	case Session:
		return endings.Session(f.ID)
	case Token, Unproven:
		return endings.Digest(f.ID)
	case Subject:
		return endings.Subject(f.ID)
	case Organization:
		return endings.Organization(f.ID)
	}
	return endings.Key{}
}

// OfToken is a fact about an opaque token, whose bytes stay here. Without keys it says nothing.
func (k *Keys) OfToken(kind Kind, about About, token string) Fact {
	if k == nil {
		return Fact{}
	}
	return Fact{Kind: kind, About: about, ID: k.digests(token)[0]}
}

// Names name an opaque token: the first as endings here do, the others as replicas with an older key.
func (k *Keys) Names(token string) []endings.Key {
	if k == nil {
		return []endings.Key{endings.Token(token)}
	}
	var names []endings.Key
	for _, digest := range k.digests(token) {
		names = append(names, endings.Digest(digest))
	}
	return names
}

// Revoked are the endings of credentials.
func (k *Keys) Revoked(creds []stytch.Credential) (facts []Fact) {
	for _, cred := range creds {
		if cred.Kind == stytch.SessionID {
			facts = append(facts, Fact{Kind: Ended, About: Session, ID: cred.Value})
		} else {
			facts = append(facts, k.OfToken(Ended, Token, cred.Value))
		}
	}
	return facts
}
