package stytchkit_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// precise are claims that float64 does not hold.
const precise = `{"account_id":9007199254740993,"big":18446744073709551615,"digits":123456789012345678901234567890,"small":-9.007199254740993e-5,` +
	`"nested":{"ids":[9007199254740995,-9007199254740997]},"SUB":"mallory","ſub":"mallory"}`

// claimsOf are claims as the stand-in for Stytch signs them, digit by digit.
func claimsOf(t *testing.T, object string) map[string]any {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(object), &members); err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	for name, value := range members {
		claims[name] = value
	}
	return claims
}

// eachSession is one member's session, as it is found by its JWT, and as Stytch answers for it.
func eachSession(t *testing.T, claims map[string]any, use func(name string, s *stytchkit.Session)) {
	t.Helper()
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Roles: []string{"editor"}}).SignIn(stytchtest.WithClaims(claims))
	for name, r := range map[string]*http.Request{
		"by JWT": bearer(alice.JWT()), "by Stytch": bearer(alice.Token), "by Stytch, of a JWT that has expired": bearer(alice.JWT(stytchtest.Age(3600e9))),
	} {
		d := check(w.auth.Require(), r)
		if d.Session == nil {
			t.Fatalf("%s: %v", name, d.Denial)
		}
		use(name, d.Session)
	}
}

func TestCustomClaimsAreExact(t *testing.T) {
	type custom struct {
		AccountID int64 `json:"account_id"`
		Big       uint64
		Digits    json.Number
		Small     json.RawMessage
		Nested    struct{ IDs []int64 }
	}
	eachSession(t, claimsOf(t, precise), func(name string, s *stytchkit.Session) {
		got, err := stytchkit.Claims[custom](s)
		if err != nil || got.AccountID != 9007199254740993 || got.Big != 18446744073709551615 || got.Digits != "123456789012345678901234567890" ||
			string(got.Small) != "-9.007199254740993e-5" || len(got.Nested.IDs) != 2 || got.Nested.IDs[0] != 9007199254740995 || got.Nested.IDs[1] != -9007199254740997 {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		raw, err := stytchkit.Claims[map[string]json.RawMessage](s)
		if err != nil || len(raw) != 7 || string(raw["SUB"]) != `"mallory"` || string(raw["ſub"]) != `"mallory"` || string(raw["account_id"]) != "9007199254740993" {
			t.Errorf("%s: got %s, %v", name, raw, err)
		}
		data, err := json.Marshal(s)
		var shape struct {
			Claims json.RawMessage `json:"custom_claims"`
		}
		if err == nil {
			err = json.Unmarshal(data, &shape)
		}
		if again, readErr := decoded[custom](shape.Claims); err != nil || readErr != nil || again.AccountID != got.AccountID || again.Digits != got.Digits {
			t.Errorf("%s: its JSON is %s, %v", name, data, err)
		}
		for _, digits := range []string{"9007199254740993", "18446744073709551615", "123456789012345678901234567890", "-9.007199254740993e-5", "-9007199254740997"} {
			if !bytes.Contains(data, []byte(digits)) {
				t.Errorf("%s: its JSON lacks %s: %s", name, digits, data)
			}
		}
		if member := s.MemberSession(); member.MemberID == "mallory" || s.MemberID() == "mallory" || member.CustomClaims["SUB"] != "mallory" {
			t.Errorf("%s: its member is %s with claims %v", name, s.MemberID(), member.CustomClaims)
		}
	})
}

func decoded[T any](data []byte) (claims T, err error) {
	err = json.Unmarshal(data, &claims)
	return claims, err
}

func TestClaimsThatDoNotFitAreNotHalfRead(t *testing.T) {
	eachSession(t, map[string]any{"a": "read before b is", "b": "no number"}, func(name string, s *stytchkit.Session) {
		type ab struct {
			A string
			B int
		}
		if got, err := stytchkit.Claims[ab](s); err == nil || got != (ab{}) {
			t.Errorf("%s: got %+v, %v; want an error alone", name, got, err)
		}
		if got, err := stytchkit.Claims[map[string]int](s); err == nil || got != nil {
			t.Errorf("%s: got %v, %v; want an error alone", name, got, err)
		}
		if got, err := stytchkit.Claims[*ab](s); err == nil || got != nil {
			t.Errorf("%s: got %v, %v; want an error alone", name, got, err)
		}
	})
	eachSession(t, claimsOf(t, `{"n":9007199254740993}`), func(name string, s *stytchkit.Session) {
		if got, err := stytchkit.Claims[struct{ N int32 }](s); err == nil {
			t.Errorf("%s: an int32 took %d", name, got.N)
		}
	})
}

func TestClaimsAreNewForEachCaller(t *testing.T) {
	eachSession(t, claimsOf(t, `{"raw":{"a":1},"list":["x"]}`), func(name string, s *stytchkit.Session) {
		type custom struct {
			Raw  json.RawMessage
			List []string
		}
		first, _ := stytchkit.Claims[custom](s)
		first.Raw[0], first.List[0] = 'X', "changed"
		if second, err := stytchkit.Claims[custom](s); err != nil || string(second.Raw) != `{"a":1}` || second.List[0] != "x" {
			t.Errorf("%s: got %s, %v, %v", name, second.Raw, second.List, err)
		}
	})
}

func TestRegisteredClaimsAreNoCustomClaims(t *testing.T) {
	w := newWorld(t)
	d := w.draft()
	d.claims["jti"], d.claims["https://stytch.com/new"], d.claims["plan"] = "jwt-1", 1, "pro"
	d.claimsJSON = func(s string) string { return strings.Replace(s, `"sub":`, `"s\u0075b":`, 1) }
	_, s, err := w.auth.Verify(t.Context(), d.token(t))
	if err != nil {
		t.Fatal(err)
	}
	if claims, err := stytchkit.Claims[map[string]any](s); err != nil || len(claims) != 1 || claims["plan"] != "pro" {
		t.Errorf("got %v, %v; want the plan alone", claims, err)
	}
}

// The SDK cannot decode an answer with such a number, so this one is never Stytch's answer.
func TestANumberBeyondFloat64IsReadAsItIsWritten(t *testing.T) {
	w := newWorld(t)
	d := w.draft()
	d.claims["huge"] = raw("1e400")
	_, s, err := w.auth.Verify(t.Context(), d.token(t))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := stytchkit.Claims[struct{ Huge json.Number }](s); err != nil || got.Huge != "1e400" {
		t.Errorf("got %q, %v", got.Huge, err)
	}
	if got, err := stytchkit.Claims[struct{ Huge float64 }](s); err == nil {
		t.Errorf("a float64 took %v", got.Huge)
	}
	if data, err := json.Marshal(s); err != nil || !bytes.Contains(data, []byte("1e400")) {
		t.Errorf("its JSON is %s, %v", data, err)
	}
}

// What somebody describes is theirs to be exact about.
func TestClaimsOfADescribedSessionAreWhatWasGiven(t *testing.T) {
	s := stytchkit.NewSession(&sessions.MemberSession{CustomClaims: map[string]any{"n": int64(9007199254740993), "f": 0.5}})
	if got, err := stytchkit.Claims[struct {
		N int64
		F float64
	}](s); err != nil || got.N != 9007199254740993 || got.F != 0.5 {
		t.Errorf("got %+v, %v", got, err)
	}
	s = stytchkit.NewSession(&sessions.MemberSession{CustomClaims: map[string]any{"c": make(chan int)}})
	if got, err := stytchkit.Claims[map[string]any](s); err == nil {
		t.Errorf("a channel was read as %v", got)
	}
	if data, err := json.Marshal(s); err == nil {
		t.Errorf("a channel was written as %s", data)
	}
}

// The SDK has rounded the answer's map already: without a JWT of the session nobody can tell what it was.
func TestAnAnswerWithoutAJWTDoesNotGuessAtRoundedClaims(t *testing.T) {
	for name, row := range map[string]struct {
		claims string
		exact  bool
	}{
		"a number that float64 holds":      {`{"account_id":42}`, true},
		"one that it does not":             {`{"account_id":9007199254740993}`, false},
		"one deep inside":                  {`{"account_id":42,"ids":[{"n":-9007199254740993}]}`, false},
		"the last of which it is not sure": {`{"account_id":9007199254740992}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithClaims(claimsOf(t, row.claims)))
			session, err := check(w.auth.Require(), bearer(alice.JWT())).Session.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Body: object(t, map[string]any{"member_session": json.RawMessage(session), "session_token": alice.Token})})
			s := check(w.auth.Require(), bearer(alice.Token)).Session
			got, err := stytchkit.Claims[map[string]json.RawMessage](s)
			if s.ID() != alice.ID || (err == nil) != row.exact || row.exact && string(got["account_id"]) != "42" || !row.exact && got != nil {
				t.Errorf("%v: got %s, %v", s, got, err)
			}
			if _, err := json.Marshal(s); (err == nil) != row.exact {
				t.Errorf("its JSON: %v", err)
			}
		})
	}
}
