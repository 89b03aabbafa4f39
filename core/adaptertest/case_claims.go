package adaptertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// claimsCases are about an application's own claims, in numbers that float64 does not hold.
func claimsCases() []testCase {
	return []testCase{
		{"C80 custom claims are exact to the digit, whether a JWT or Stytch says them", exactClaims},
		{"C80 a check on an account lets the one account in, and not the one that it would be rounded to", onlyTheAccount},
		{"C80 claims that do not fit are not half read", unfitClaims},
	}
}

const (
	account   = "9007199254740993"
	neighbour = "9007199254740992" // what float64 makes of it
)

// exactly are claims that the stand-in for Stytch signs as they are written.
func exactly(claims map[string]string) stytchtest.SessionOption {
	written := map[string]any{}
	for name, value := range claims {
		written[name] = json.RawMessage(value)
	}
	return stytchtest.WithClaims(written)
}

// accountant is somebody whose session says which account it is for.
func (s *stage) accountant(name, number string) person {
	return signInAs(s.srv, name, nil, stytchtest.WithToken("opaque-token-of-"+name+"-0000000000000000000000"), exactly(map[string]string{
		"name":       `"` + name + `"`,
		"account_id": number,
		"big":        "18446744073709551615",
		"digits":     "123456789012345678901234567890",
		"small":      "-9.007199254740993e-5",
		"nested":     `{"ids":[9007199254740995,-9007199254740997]}`,
	}))
}

// way is a way to present a session.
type way struct{ says, line string }

// ways are those in which its JWT is proof, and those in which Stytch is asked.
func (p person) ways() []way {
	return []way{
		{"a JWT", p.live()},
		{"a JWT as a bearer", bearer(p.jwt)},
		{"a token", p.byToken()},
		{"a token as a bearer", bearer(p.Token)},
		{"a JWT that has expired", jwtCookie(p.expired())},
		{"a token beside such a JWT", p.stale()},
	}
}

func exactClaims(s *stage) {
	handler := func(x Exchange) {
		got, err := stytchkit.Claims[struct {
			AccountID int64 `json:"account_id"`
			Big       uint64
			Digits    json.Number
			Small     json.RawMessage
			Nested    struct{ IDs []int64 }
		}](x.Session())
		x.Write(http.StatusOK, fmt.Sprintf("%d %d %s %s %v %v", got.AccountID, got.Big, got.Digits, got.Small, got.Nested.IDs, err))
	}
	s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/claims", Handler: handler},
		{Method: http.MethodGet, Path: "/json", Handler: func(x Exchange) {
			data, err := json.Marshal(x.Session())
			if err != nil {
				s.t.Error(err)
			}
			x.Write(http.StatusOK, string(data))
		}},
		{Path: "/state", State: s.auth},
	}})
	written := []string{
		`"account_id":` + account, `"big":18446744073709551615`, `"digits":123456789012345678901234567890`,
		`"nested":{"ids":[9007199254740995,-9007199254740997]}`, `"small":-9.007199254740993e-5`,
	}
	alice := s.accountant("alice", account)
	for _, by := range alice.ways() {
		s.row(by.says, func() {
			s.send(get("/claims", by.line)).says(account + " 18446744073709551615 123456789012345678901234567890 -9.007199254740993e-5 [9007199254740995 -9007199254740997] <nil>")
			s.send(get("/json", by.line)).answers(http.StatusOK).holds(written...)
			s.send(get("/state", by.line)).isState(http.StatusOK).holds(written...)
		})
	}
}

// holds wants each of these texts in the body.
func (a *answer) holds(texts ...string) {
	a.stage.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.text, text) {
			a.fail(text, "%q", a.text)
		}
	}
}

func onlyTheAccount(s *stage) {
	owns := stytchkit.Check("owns the account", func(_ context.Context, own *stytchkit.Session) error {
		got, err := stytchkit.Claims[struct {
			AccountID int64 `json:"account_id"`
		}](own)
		if err != nil || got.AccountID != 9007199254740993 {
			return errors.New("another account")
		}
		return nil
	})
	s.serve(s.guarded(s.required(owns)))
	alice, mally := s.accountant("alice", account), s.accountant("mally", neighbour)
	for i, by := range alice.ways() {
		s.row(by.says, func() {
			s.send(get("/me", by.line)).says(s.kind.describedAs("alice"))
			other := s.send(get("/me", mally.ways()[i].line))
			if strings.HasPrefix(by.line, "Authorization") {
				other.deniedBy("permission_denied", `Bearer error="insufficient_scope"`)
				return
			}
			other.denied("permission_denied")
		})
	}
}

func unfitClaims(s *stage) {
	type ab struct {
		A string
		B int32
	}
	s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/claims", Handler: func(x Exchange) {
			whole, err := stytchkit.Claims[ab](x.Session())
			pointed, again := stytchkit.Claims[*ab](x.Session())
			if err == nil || again == nil {
				s.t.Errorf("claims that do not fit were read: %v, %v", err, again)
			}
			x.Write(http.StatusOK, fmt.Sprint(whole, pointed))
		}},
	}})
	alice := signInAs(s.srv, "alice", nil, stytchtest.WithToken("opaque-token-of-alice-0000000000000000000000"), exactly(map[string]string{"a": `"read before b is"`, "b": account}))
	for _, by := range alice.ways() {
		s.row(by.says, func() { s.send(get("/claims", by.line)).says("{ 0} <nil>") })
	}
}
