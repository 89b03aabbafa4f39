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
func (c *Client) Member(ctx context.Context, organizationID, memberID string) (member *organizations.Member, err error) {
	defer contain(&err)
	ctx, note := withNote(ctx)
	res, err := c.api.Organizations.Members.Get(ctx, &members.GetParams{OrganizationID: organizationID, MemberID: memberID})
	if err != nil {
		return nil, classify(err, note)
	}
	if res.Member.MemberID != memberID || res.Member.OrganizationID != organizationID {
		return nil, unusable(errAnother)
	}
	return &res.Member, nil
}

// Organization is to organizations what [Client.Member] is to members.
func (c *Client) Organization(ctx context.Context, organizationID string) (organization *organizations.Organization, err error) {
	defer contain(&err)
	ctx, note := withNote(ctx)
	res, err := c.api.Organizations.Get(ctx, &organizations.GetParams{OrganizationID: organizationID})
	if err != nil {
		return nil, classify(err, note)
	}
	if res.Organization.OrganizationID != organizationID {
		return nil, unusable(errAnother)
	}
	return &res.Organization, nil
}
