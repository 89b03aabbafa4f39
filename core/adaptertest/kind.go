package adaptertest

import (
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// kind is a kind of project, in the suite's words.
type kind struct {
	vertical  stytchkit.Vertical
	named     string    // in front of the names of its cases
	has       []subject // what its cases are about
	everybody string    // the role of

	people  string // what the IDs of its people begin with
	id      string // what JSON calls such an ID
	session string // what JSON calls a session's
	owner   string // what a state calls the person
	address string // what JSON calls their address

	organization string // the state's, and what it has of one
	loaded       map[stytchtest.Endpoint]int
}

// subject is what a case is about.
type subject uint8

const (
	anybody       subject = iota // whoever is signed in, to a project of either kind
	organizations                // what a consumer project has not
	traffic                      // floods and crowds, of addresses and buffers, which know no kind of project: they are played once
)

func kinds() []*kind { return []*kind{b2b(), consumer()} }

func b2b() *kind {
	return &kind{
		vertical: stytchkit.B2B, has: []subject{anybody, organizations, traffic}, everybody: "stytch_member",
		people: "member-test-", id: "member_id", session: "member_session_id", owner: "member", address: "email_address",
		organization: "organization",
		loaded:       map[stytchtest.Endpoint]int{stytchtest.GetMember: 2, stytchtest.GetOrganization: 1},
	}
}

func consumer() *kind {
	return &kind{
		vertical: stytchkit.Consumer, named: "consumer: ", has: []subject{anybody}, everybody: "stytch_user",
		people: "user-test-", id: "user_id", session: "session_id", owner: "user", address: "email",
		loaded: map[stytchtest.Endpoint]int{stytchtest.GetUser: 2},
	}
}

// described is what describe says of this person's sessions.
func (k *kind) described(name string) string { return k.describedAs(name, "role-of-"+name) }

// describedAs is described of somebody with other roles.
func (k *kind) describedAs(name string, roles ...string) string {
	return k.people + name + " [" + strings.Join(append([]string{k.everybody}, roles...), " ") + "] " + name
}

// profiled is the same with the address, and where they are.
func (k *kind) profiled(name string) string {
	if k.organization == "" {
		return k.described(name) + " with " + addressOf(name)
	}
	return k.described(name) + " with " + addressOf(name) + " in acme"
}

// state is the parts of the JSON of this person's state, in their order.
func (k *kind) state(name string) []string {
	id := `"` + k.id + `":"` + k.people + name + `"`
	parts := []string{`{"session":{"` + k.session + `":"`, id, `,"` + k.owner + `":{`, id, `"` + k.address + `":"` + addressOf(name) + `"`}
	if k.organization != "" {
		parts = append(parts, `,"`+k.organization+`":{`, `"organization_slug":"acme"`)
	}
	return parts
}

// unknown is how a state's JSON says that nobody's profile is known.
func (k *kind) unknown() string {
	if k.organization == "" {
		return `,"` + k.owner + `":null`
	}
	return `,"` + k.owner + `":null,"` + k.organization + `":null`
}

func addressOf(name string) string { return name + "@" + domain }
