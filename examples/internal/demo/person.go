package demo

import (
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// nameOf is somebody's name and address, as far as they are known.
func nameOf(state stytchkit.State) string {
	name, address := state.Name(), addressIn(state)
	if state.Member == nil && state.User == nil || name == address {
		return address
	}
	return name + ", " + address
}

// addressIn is the address that is shown in every page's corner.
func addressIn(state stytchkit.State) string {
	switch {
	case state.Member != nil:
		return state.Member.EmailAddress
	case state.User != nil && len(state.User.Emails) > 0:
		return state.User.Emails[0].Email
	}
	return addressOf(state.Session)
}

// addressOf is the address that somebody signed in with, or else their ID.
func addressOf(s *stytchkit.Session) string {
	for _, factor := range factorsOf(s) {
		if factor.EmailFactor != nil && factor.EmailFactor.EmailAddress != "" {
			return factor.EmailFactor.EmailAddress
		}
	}
	return s.Subject()
}

func factorsOf(s *stytchkit.Session) []sessions.AuthenticationFactor {
	if user := s.UserSession(); user != nil {
		return user.AuthenticationFactors
	}
	if member := s.MemberSession(); member != nil {
		return member.AuthenticationFactors
	}
	return nil
}
