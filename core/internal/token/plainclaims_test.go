package token_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/token"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// usualPayload is the payload of a session JWT as Stytch writes it.
func usualPayload(tb testing.TB) string {
	tb.Helper()
	srv := stytchtest.Start(tb, stytchtest.Options{})
	jwt := srv.AddMember(stytchtest.Member{Roles: []string{"editor"}, MFA: true}).SignIn().JWT(stytchtest.Claim("plan", "pro"))
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		tb.Fatal(err)
	}
	return string(payload)
}

func TestUsualClaimsAreReadInOnePass(t *testing.T) {
	usual := usualPayload(t)
	if plain, same := token.ReadPlainly([]byte(usual)); !plain || !same {
		t.Errorf("read in one pass %t, as encoding/json reads it %t; want both\n%s", plain, same, usual)
	}
	for name, change := range map[string]func(string) string{
		"white space":                func(s string) string { return strings.Replace(s, ":", ": ", 1) },
		"something after it":         func(s string) string { return s + " " },
		"a name twice":               func(s string) string { return strings.Replace(s, "{", `{"sub":"somebody else",`, 1) },
		"a name in another case":     func(s string) string { return strings.Replace(s, `"sub":`, `"Sub":`, 1) },
		"an escape in a value":       func(s string) string { return strings.Replace(s, `"pro"`, `"pr\u006f"`, 1) },
		"an escape in a name":        func(s string) string { return strings.Replace(s, `"sub":`, `"s\u0075b":`, 1) },
		"an organization twice":      func(s string) string { return strings.Replace(s, `"slug":`, `"slug":"globex","slug":`, 1) },
		"a date with a fraction":     func(s string) string { return strings.Replace(s, `"exp":`, `"exp":1.5,"old":`, 1) },
		"a date with a leading zero": func(s string) string { return strings.Replace(s, `"exp":`, `"exp":0`, 1) },
		"a date that is null":        func(s string) string { return strings.Replace(s, `"exp":`, `"exp":null,"old":`, 1) },
		"a claim that is an object":  func(s string) string { return strings.Replace(s, `"pro"`, `{"name":"pro"}`, 1) },
		"two audiences":              func(s string) string { return strings.Replace(s, `"aud":[`, `"aud":["other",`, 1) },
		"a factor that is a number": func(s string) string {
			return strings.Replace(s, `"authentication_factors":[`, `"authentication_factors":[1,`, 1)
		},
		"the end cut off": func(s string) string { return s[:len(s)-1] },
	} {
		payload := change(usual)
		if payload == usual {
			t.Fatalf("%s: the payload does not hold what was to be changed: %s", name, usual)
		}
		if plain, _ := token.ReadPlainly([]byte(payload)); plain {
			t.Errorf("%s: read in one pass, want it left to encoding/json\n%s", name, payload)
		}
	}
}

// What is read in one pass is what encoding/json reads.
func FuzzReadPlain(f *testing.F) {
	usual := usualPayload(f)
	f.Add(usual)
	for _, seed := range []string{
		`{}`, `{"sub":"a","sub":"b"}`, `{"aud":["p"],"exp":1}`, `{"x":true,"y":null,"z":"","n":0}`,
		`{"https://stytch.com/session":{"roles":["a"],"authentication_factors":[]}}`,
		`{"https://stytch.com/session":{"authentication_factors":[{"type":"otp","x":["]"]}]}}`,
		`{"https://stytch.com/organization":{"slug":"acme","x":1}}`, `{"SUB":"a"}`, `{"iss":"` + "\u212a" + `"}`,
		strings.Replace(usual, `"roles":[`, `"roles":["x","y","z",`, 1),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		if plain, same := token.ReadPlainly([]byte(payload)); !same {
			t.Errorf("read in one pass (%t), and otherwise by encoding/json: %q", plain, payload)
		}
	})
}
