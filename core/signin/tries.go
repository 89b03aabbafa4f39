package signin

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// sentBy is who sent the request, as far as it counts.
func (v *visit) sentBy() fair.Key { return fair.OfAddress(v.in.Client(v.request())) }

// tryAs counts a try at the secret of whoever has this address, or a message to them, which the address is
// then named with.
func (v *visit) tryAs(address string) (won func(), err error) {
	by := v.sentBy()
	if !v.bounds.counted.Admit(by) {
		return nil, stytch.Unanswered(stytch.Rationed, errFlooded)
	}
	if err := v.bounds.clients.take(by); err != nil {
		return nil, err
	}
	forget, err := v.bounds.try(counted(address), by)
	if err != nil {
		v.bounds.clients.give(by) // it was not tried
		return nil, err
	}
	return func() { forget(); v.bounds.clients.give(by) }, nil
}

// came gives back what a message cost the client that has just shown to have it.
func (v *visit) came() { v.bounds.clients.give(v.sentBy()) }

// tryOf counts a try by this client, at what only somebody who has shown a factor can try.
func (v *visit) tryOf(whose string) (won func(), err error) {
	by := v.sentBy()
	if !v.bounds.counted.Admit(by) {
		return nil, stytch.Unanswered(stytch.Rationed, errFlooded)
	}
	return v.bounds.try(whose, by)
}

// counted is an address in the one spelling that it is counted by. What is sent to Stytch is as it was entered.
func counted(address string) string {
	return strings.TrimSpace(norm.NFKC.String(strings.ToLower(norm.NFKC.String(address))))
}
