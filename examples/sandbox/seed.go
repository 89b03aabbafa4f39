package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// seed is what a project is to have, by -seed or POST /seed. The policy replaces the one before and is
// written as Stytch's API has it; the rest is added, or takes the place of what has the same ID, and is
// written as stytchtest has it.
type seed struct {
	Policy        *rbac.Policy              `json:"policy"`
	Organizations []stytchtest.Organization `json:"organizations"`
	Members       []stytchtest.Member       `json:"members"`
	Users         []stytchtest.User         `json:"users"`
	Clients       []stytchtest.M2MClient    `json:"clients"`
}

func readSeed(from io.Reader) (seed, error) {
	var s seed
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return seed{}, fmt.Errorf("the seed cannot be read: %w (want JSON of policy, organizations, members, users and clients)", err)
	}
	return s, nil
}

// sow adds the seed, or nothing of it.
func (s seed) sow(in *sandbox.Sandbox) error {
	switch consumer := in.Vertical() == stytchtest.Consumer; {
	case consumer && len(s.Organizations)+len(s.Members) > 0:
		return errors.New("a consumer project has no organizations and no members (want users)")
	case !consumer && len(s.Users) > 0:
		return errors.New("a B2B project has no users (want members)")
	}
	if s.Policy != nil {
		in.SetPolicy(*s.Policy)
	}
	for _, o := range s.Organizations {
		in.AddOrganization(o)
	}
	for _, m := range s.Members {
		in.AddMember(m)
	}
	for _, u := range s.Users {
		in.AddUser(u)
	}
	for _, c := range s.Clients {
		in.AddM2MClient(c)
	}
	return nil
}

// sowFile adds the seed of a file; none when there is no path.
func sowFile(in *sandbox.Sandbox, path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Open(path) //nolint:gosec // whoever starts the sandbox chooses it
	if err != nil {
		return fmt.Errorf("-seed: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	s, err := readSeed(file)
	if err == nil {
		err = s.sow(in)
	}
	if err != nil {
		return fmt.Errorf("-seed %s: %w", path, err)
	}
	return nil
}

func (c *control) sow(f *form) (any, error) {
	s, err := readSeed(f.request.Body)
	if err != nil {
		return nil, err
	}
	if err := s.sow(c.sandbox); err != nil {
		return nil, err
	}
	return c.sandbox.CountCalls(), nil
}
