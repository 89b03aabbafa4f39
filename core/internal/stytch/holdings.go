package stytch

import (
	"context"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations/members"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/recoverycodes"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
)

// EndAll ends every session of the person's, and returns their IDs. Every error is a *[Failure].
func (c *Client) EndAll(ctx context.Context, p *Person) (ended []string, err error) {
	res, err := ask(ctx, c.api.Sessions.Get, &sessions.GetParams{OrganizationID: p.Organization, MemberID: p.Member})
	if err != nil {
		return nil, err
	}
	_, err = asked(ctx, func(ctx context.Context) (*sessions.RevokeResponse, error) {
		return c.api.Sessions.Revoke(ctx, &sessions.RevokeParams{MemberID: p.Member})
	})
	if err != nil {
		return nil, err
	}
	for _, s := range res.MemberSessions {
		ended = append(ended, s.MemberSessionID)
	}
	return ended, nil
}

// RemoveTOTP removes the person's authenticator app. Every error is a *[Failure].
func (c *Client) RemoveTOTP(ctx context.Context, p *Person) error {
	_, err := asked(ctx, func(ctx context.Context) (*members.DeleteTOTPResponse, error) {
		return c.api.Organizations.Members.DeleteTOTP(ctx, &members.DeleteTOTPParams{OrganizationID: p.Organization, MemberID: p.Member})
	})
	return err
}

// RemovePhone removes the person's phone number, proved or not. Every error is a *[Failure].
func (c *Client) RemovePhone(ctx context.Context, p *Person) error {
	_, err := asked(ctx, func(ctx context.Context) (*members.DeleteMFAPhoneNumberResponse, error) {
		return c.api.Organizations.Members.DeleteMFAPhoneNumber(ctx, &members.DeleteMFAPhoneNumberParams{OrganizationID: p.Organization, MemberID: p.Member})
	})
	return err
}

// RotateCodes gives the person new recovery codes, which Stytch tells in clear. Every error is a *[Failure].
func (c *Client) RotateCodes(ctx context.Context, p *Person) ([]string, error) {
	res, err := ask(once(ctx), c.api.RecoveryCodes.Rotate, &recoverycodes.RotateParams{OrganizationID: p.Organization, MemberID: p.Member})
	switch {
	case err != nil:
		return nil, err
	case res.MemberID != p.Member:
		return nil, unusable(errAnother)
	}
	return res.RecoveryCodes, nil
}
