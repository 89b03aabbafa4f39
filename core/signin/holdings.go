package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// holdings are what somebody's account holds: their sessions, and what they sign in with beside a first factor.
type holdings struct {
	endAll      func(context.Context, *stytch.Person) (ended []string, err error)
	setUpTOTP   func(context.Context, stytch.Second) (*stytch.Authenticator, error)
	removeTOTP  func(context.Context, *stytch.Person) error
	sendNew     func(ctx context.Context, s stytch.Second, p *stytch.Person, phone string) error
	proveNew    func(ctx context.Context, s stytch.Second, phone stytch.Phone, code string) (*stytch.Login, error)
	removePhone func(context.Context, *stytch.Person) error
	rotateCodes func(context.Context, *stytch.Person) ([]string, error) // nil where Stytch cannot
}

func memberHoldings(client *stytch.Client) holdings {
	return holdings{
		endAll:     client.EndAll,
		setUpTOTP:  client.SetUp,
		removeTOTP: client.RemoveTOTP,
		sendNew: func(ctx context.Context, s stytch.Second, p *stytch.Person, phone string) error {
			if len(p.Unproved) > 0 && p.Unproved[0].Number != phone { // a member has one number, proved or not
				if err := client.RemovePhone(ctx, p); err != nil {
					return err
				}
			}
			return client.SendText(ctx, s, phone)
		},
		proveNew: func(ctx context.Context, s stytch.Second, _ stytch.Phone, code string) (*stytch.Login, error) {
			return client.Text(ctx, s, code)
		},
		removePhone: client.RemovePhone,
		rotateCodes: client.RotateCodes,
	}
}

func userHoldings(client *stytch.ConsumerClient) holdings {
	return holdings{
		endAll:     client.EndAll,
		setUpTOTP:  client.SetUp,
		removeTOTP: client.RemoveTOTP,
		sendNew: func(ctx context.Context, s stytch.Second, _ *stytch.Person, phone string) error {
			return client.TextNew(ctx, s, phone)
		},
		proveNew: func(ctx context.Context, s stytch.Second, phone stytch.Phone, code string) (*stytch.Login, error) {
			return client.Code(ctx, stytch.Code{Method: phone.ID, Code: code, Session: s.Session, Duration: s.Duration})
		},
		removePhone: client.RemovePhone,
	}
}

// hasSecond reports whether somebody has a second factor that they can be asked for.
func hasSecond(p *stytch.Person) bool { return p.TOTP || p.Phone != "" }
