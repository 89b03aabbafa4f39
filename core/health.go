package stytchkit

import "time"

// Health is what an operator may ask of a running [Authenticator]: how its connection to Stytch is, and
// what it holds, each bounded by [Limits]. Counts are about right.
type Health struct {
	KeysFetchedAt   time.Time `json:"keys_fetched_at"`   // zero before the first fetch
	PolicyFetchedAt time.Time `json:"policy_fetched_at"` // zero before the first fetch, and where no rule has needed a policy

	// States of the breakers: closed, half-open or open.
	Proven   string `json:"proven"`   // in front of members
	Unproven string `json:"unproven"` // in front of opaque tokens not known here
	Logins   string `json:"logins"`   // in front of the steps of sign-ins that anybody can take
	Steps    string `json:"steps"`    // in front of those that rest on a session or an intermediate one
	Profiles string `json:"profiles"` // in front of loading members, organizations and users

	Waiting            int `json:"waiting"`             // requests that wait for Stytch now
	PendingRevocations int `json:"pending_revocations"` // sign-outs that Stytch could not take yet

	Replicas ReplicasHealth `json:"replicas"` // zero without Config.Replicas

	Sessions      int `json:"sessions"`       // remembered
	Tokens        int `json:"tokens"`         // access tokens, remembered
	Refusals      int `json:"refusals"`       // remembered
	ProvenTokens  int `json:"proven_tokens"`  // remembered
	EndedSessions int `json:"ended_sessions"` // remembered
	Connections   int `json:"connections"`    // sessions and access tokens that connections rest on
	Members       int `json:"members"`        // remembered for State
	Organizations int `json:"organizations"`  // remembered for State
	Users         int `json:"users"`          // remembered for State
}

// ReplicasHealth is how the connection to the other replicas is. Nothing waits for it: without it, what ends
// there is heard of later, or by asking Stytch.
type ReplicasHealth struct {
	Connected bool      `json:"connected"` // all that the bus held was heard, and it is followed
	LostAt    time.Time `json:"lost_at"`   // since when it is not; zero while it is
	Outbox    int       `json:"outbox"`    // events that wait to be published
	Known     int       `json:"known"`     // events of the last minutes, the other replicas' too
	Sent      uint64    `json:"sent"`      // events published
	Received  uint64    `json:"received"`  // events of other replicas that were news
	Foreign   uint64    `json:"foreign"`   // records that no key opens
}

// Health tells the state of the connection to Stytch, and what is held. It does no I/O and is safe for
// concurrent use.
func (a *Authenticator) Health() Health {
	return Health{
		KeysFetchedAt:      a.keys.FetchedAt(),
		PolicyFetchedAt:    a.policy.FetchedAt(),
		Proven:             a.asker.Proven.State(),
		Unproven:           a.asker.Unproven.State(),
		Logins:             a.asker.Logins.State(),
		Steps:              a.asker.Steps.State(),
		Profiles:           a.asker.Profiles.State(),
		Waiting:            a.asker.Waiting(),
		PendingRevocations: a.revokes.Pending(),
		Replicas:           a.replicasHealth(),
		Sessions:           a.memory.Size(),
		Tokens:             a.tokens.Size(),
		Refusals:           a.refusals.Size(),
		ProvenTokens:       a.proven.Size(),
		EndedSessions:      a.endings.Size(),
		Connections:        a.watches.Size(),
		Members:            a.profiles.Members.Size(),
		Organizations:      a.profiles.Organizations.Size(),
		Users:              a.profiles.Users.Size(),
	}
}

func (a *Authenticator) replicasHealth() ReplicasHealth {
	if a.replicas == nil {
		return ReplicasHealth{}
	}
	h := a.replicas.Health()
	return ReplicasHealth{
		Connected: h.LostAt.IsZero(), LostAt: h.LostAt, Outbox: h.Outbox, Known: h.Known,
		Sent: h.Sent, Received: h.Received, Foreign: h.Foreign,
	}
}
