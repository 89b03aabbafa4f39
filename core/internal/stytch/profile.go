package stytch

import (
	"context"
	"errors"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations/members"
)

// errAnother is why an answer is none: Stytch takes slugs and external IDs in the place of IDs, and
// nobody is to be shown another's profile.
var errAnother = errors.New("the answer is about somebody or something else than the one asked for")

// Member fetches a member of an organization, both by their IDs. Every error is a *[Failure]; one
// whose verdict is Refused means that there is no such member.
func (c *Client) Member(ctx context.Context, organizationID, memberID string) (*organizations.Member, error) {
	res, err := ask(ctx, c.api.Organizations.Members.Get, &members.GetParams{OrganizationID: organizationID, MemberID: memberID})
	switch {
	case err != nil:
		return nil, err
	case res.Member.MemberID != memberID || res.Member.OrganizationID != organizationID:
		return nil, unusable(errAnother)
	}
	return &res.Member, nil
}

// Organization is to organizations what [Client.Member] is to members.
func (c *Client) Organization(ctx context.Context, organizationID string) (*organizations.Organization, error) {
	res, err := ask(ctx, c.api.Organizations.Get, &organizations.GetParams{OrganizationID: organizationID})
	switch {
	case err != nil:
		return nil, err
	case res.Organization.OrganizationID != organizationID:
		return nil, unusable(errAnother)
	}
	return &res.Organization, nil
}
