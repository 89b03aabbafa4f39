// Package replicas carries what one replica of an application has found out to the others: as sealed records
// over a bus that may lose all it holds, as every replica remembers and can say it again.
package replicas

// Kind is what became of somebody.
type Kind uint8

// The kinds of facts.
const (
	Ended    Kind = iota + 1 // a session or an opaque token is over
	Replaced                 // another session took its place in the browser
	Recheck                  // what vouched for them before proves nothing: Stytch is to be asked
	Changed                  // what vouched for them before is served while Stytch is asked again
	Policy                   // the project's RBAC policy is another
)

// String is the kind in a word.
func (k Kind) String() string {
	switch k {
	case Ended:
		return "ended"
	case Replaced:
		return "replaced"
	case Recheck:
		return "recheck"
	case Changed:
		return "changed"
	case Policy:
		return "policy"
	}
	return "unknown"
}

// About is what the ID of a fact names.
type About uint8

// What an ID can name; that of a fact about the project is empty.
const (
	Session About = iota + 1
	Token         // by its digest, see [Keys.OfToken]
	Subject       // a member or a user
	Organization
	Project
	Unproven // a token likewise, that a browser presented and nobody has vouched for
)

// Fact is what one replica tells the others. Facts are monotone: each is true from its time on, whatever
// else is heard, so that they may come late, twice and in any order.
type Fact struct {
	Kind  Kind
	About About
	ID    string
}

// isKnown reports whether it is one that this version understands.
func (f Fact) isKnown() bool {
	switch f.Kind {
	case Ended, Replaced:
		return (f.About == Session || f.About == Token || f.About == Unproven) && f.ID != ""
	case Recheck, Changed:
		return (f.About == Session || f.About == Subject || f.About == Organization) && f.ID != ""
	case Policy:
		return f.About == Project && f.ID == ""
	}
	return false
}
