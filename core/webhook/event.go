package webhook

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/strict"
)

// Event is what Stytch says has happened.
type Event struct {
	ID        string // the message's, the same whenever it comes again
	ProjectID string
	Action    string // CREATE, UPDATE or DELETE
	Source    string // DIRECT, DASHBOARD or SCIM
	Object    string // member, user, organization, or what else Stytch tells of
	ObjectID  string
	At        time.Time // when it happened; zero where Stytch does not say

	// The object as it is now: one of them, and none of an object that was deleted, or of another kind.
	Member       *organizations.Member
	Organization *organizations.Organization
	User         *users.User

	Body []byte // as it came

	organizationID string // of an object that is an organization's
}

// The actions.
const (
	Create = "CREATE"
	Update = "UPDATE"
	Delete = "DELETE"
)

// Type is Stytch's name for the event, such as scim.member.delete.
func (e Event) Type() string { return strings.ToLower(e.Source + "." + e.Object + "." + e.Action) }

var errNoEvent = errors.New("it names no object")

func eventOf(m message) (Event, error) {
	var said struct {
		ProjectID    string          `json:"project_id"`
		ID           string          `json:"id"`
		Action       string          `json:"action"`
		Source       string          `json:"source"`
		Object       string          `json:"object_type"`
		Timestamp    string          `json:"timestamp"`
		Member       json.RawMessage `json:"member"`
		Organization json.RawMessage `json:"organization"`
		User         json.RawMessage `json:"user"`
	}
	if err := strict.Unmarshal(m.body, &said); err != nil {
		return Event{}, err
	}
	if said.ID == "" || said.Object == "" || said.Action == "" {
		return Event{}, errNoEvent
	}
	e := Event{
		ID: m.id, ProjectID: said.ProjectID, Action: said.Action, Source: said.Source,
		Object: strings.ToLower(said.Object), ObjectID: said.ID, Body: m.body,
	}
	e.At, _ = time.Parse(time.RFC3339, said.Timestamp) // where it is none, it is zero
	var err error
	if e.Member, err = object[organizations.Member](said.Member); err != nil {
		return Event{}, err
	}
	if e.Organization, err = object[organizations.Organization](said.Organization); err != nil {
		return Event{}, err
	}
	if e.User, err = object[users.User](said.User); err != nil {
		return Event{}, err
	}
	e.organizationID = organizationOf(m.body, e.Object)
	return e, nil
}

// object reads one of the SDK's types; nil where there is none.
func object[T any](raw json.RawMessage) (*T, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil //nolint:nilnil // there is none
	}
	o := new(T)
	if err := json.Unmarshal(raw, o); err != nil {
		return nil, errors.New("its object is none of the kind that it names")
	}
	return o, nil
}

// organizationOf is whose an object of any kind is, such as a SCIM group; empty where it does not say.
func organizationOf(body []byte, object string) string {
	var objects map[string]json.RawMessage
	var owned struct {
		OrganizationID string `json:"organization_id"`
	}
	if json.Unmarshal(body, &objects) != nil || json.Unmarshal(objects[object], &owned) != nil {
		return ""
	}
	return owned.OrganizationID
}

// active is the only status of a member or user who may sign in.
const active = "active"

// announces are what the event means for what is known here. Who was deleted, or is not active any more,
// is asked about before their next request is answered; a changed name must not cost that.
func (e Event) announces() []stytchkit.Event {
	switch e.Object {
	case "member":
		if e.Action == Delete || e.Member != nil && e.Member.Status != active {
			return []stytchkit.Event{stytchkit.MemberEnded(e.ObjectID)}
		}
		return []stytchkit.Event{stytchkit.MemberChanged(e.ObjectID)}
	case "user":
		if e.Action == Delete || e.User != nil && e.User.Status != active {
			return []stytchkit.Event{stytchkit.UserEnded(e.ObjectID)}
		}
		return []stytchkit.Event{stytchkit.UserChanged(e.ObjectID)}
	case "organization":
		if e.Action == Delete {
			return []stytchkit.Event{stytchkit.OrganizationEnded(e.ObjectID)}
		}
		return []stytchkit.Event{stytchkit.OrganizationChanged(e.ObjectID)}
	}
	// A connection or a group of an organization may be where its members' roles come from.
	return []stytchkit.Event{stytchkit.OrganizationChanged(e.organizationID)}
}
