package sandbox

import "github.com/stytchkit/stytchkit/core/stytchtest"

// addMachine adds one whose credentials are known, as everything of the sandbox is.
func (s *Sandbox) addMachine() {
	s.AddM2MClient(stytchtest.M2MClient{
		ID: MachineID, Secret: MachineSecret, Name: "Nightly backup", Scopes: []string{"read:documents", "create:documents"},
	})
}

// The credentials of the sandbox's M2M client.
const (
	MachineID     = "m2m-client-test-00000000-0000-4000-8000-000000000000"
	MachineSecret = "sandbox-machine-secret-is-not-for-production" //nolint:gosec // it guards nothing
)

// Machine is an M2M client with its secret, which the sandbox has no reason to hide.
type Machine struct {
	ID     string   `json:"client_id"`
	Secret string   `json:"client_secret"`
	Name   string   `json:"client_name"`
	Scopes []string `json:"scopes"`
	Status string   `json:"status"`
}

// Machines are the M2M clients, in the order in which they were added.
func (s *Sandbox) Machines() []Machine {
	machines := []Machine{}
	for _, c := range s.M2MClients() {
		machines = append(machines, Machine{c.ID, c.Secret, c.Name, c.Scopes, c.Status})
	}
	return machines
}
