package token

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

const usualPayload = `{"aud":["project-test-1"],"exp":1795703223,"https://stytch.com/organization":{"organization_id":"organization-test-1","slug":"acme"},` +
	`"https://stytch.com/session":{"attributes":{"ip_address":"","user_agent":""},"authentication_factors":[{"type":"magic_link","delivery_method":"email",` +
	`"last_authenticated_at":"2026-11-26T14:22:03Z","email_factor":{"email_id":"email-test-1","email_address":"alice@example.com"}}],` +
	`"expires_at":"2026-11-26T15:22:03Z","id":"member-session-test-1","last_accessed_at":"2026-11-26T14:22:03Z","roles":["stytch_member","editor"],` +
	`"started_at":"2026-11-26T14:22:03Z"},"iat":1795702923,"iss":"stytch.com/project-test-1","nbf":1795702923,"sub":"member-test-1","plan":"pro"}`

// object is a JSON object by the exact names of its members, which differ; nil for anything else.
type object map[string]json.RawMessage

func objectOf(data []byte) (o object) {
	_ = json.Unmarshal(data, &o)
	return o
}

// read reads a member, if there is one, into a new T.
func read[T any](o object, name string) (value T) {
	if data, ok := o[name]; ok {
		_ = json.Unmarshal(data, &value)
	}
	return value
}

func seconds(d *jwt.NumericDate) string {
	if d == nil {
		return "none"
	}
	return d.UTC().String()
}

func moment(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return "none"
	}
	return t.UTC().String()
}

func (t *timestamp) String() string {
	if !t.given || t.err != nil {
		return "none"
	}
	return t.time.UTC().String()
}

// Whatever bytes are signed: what is read as a registered claim, or one of Stytch's, stands in the
// payload under that very name.
func FuzzClaimsAreReadByTheirExactNames(f *testing.F) {
	f.Add([]byte(usualPayload))
	for _, name := range []string{
		"iss", "sub", "aud", "exp", "nbf", "iat", "https://stytch.com/session", "https://stytch.com/organization",
		"id", "started_at", "last_accessed_at", "expires_at", "roles", "authentication_factors", "organization_id", "slug", "type", "email_factor",
	} {
		f.Add([]byte(strings.ReplaceAll(usualPayload, `"`+name+`":`, `"`+strings.ToUpper(name)+`":`)))
		f.Add([]byte(strings.Replace(usualPayload, `"`+name+`":`, `"`+name+`":null,"`+strings.ToUpper(name)+`":`, 1)))
		f.Add([]byte(strings.Replace(usualPayload, `"`+name+`":`, `"`+name+`":"x","`+name+`":`, 1)))
		f.Add([]byte(strings.NewReplacer("s", "\u017f", "k", "\u212a").Replace(usualPayload)))
	}
	f.Add([]byte(`{"\u0073ub":"a","SUB":"b"}`))
	f.Add([]byte(`{"sub":"a","sub":"b"}`))
	f.Add([]byte("{\"sub\":\"a\xff\"}"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := readClaims(payload)
		if err != nil {
			return
		}
		all := objectOf(payload)
		session, organization := read[object](all, "https://stytch.com/session"), read[object](all, "https://stytch.com/organization")
		for name, pair := range map[string][2]string{
			"iss":              {c.Issuer, read[string](all, "iss")},
			"sub":              {c.Subject, read[string](all, "sub")},
			"jti":              {c.ID, read[string](all, "jti")},
			"exp":              {seconds(c.ExpiresAt.orNil()), seconds(read[*jwt.NumericDate](all, "exp"))},
			"nbf":              {seconds(c.NotBefore.orNil()), seconds(read[*jwt.NumericDate](all, "nbf"))},
			"iat":              {seconds(c.IssuedAt.orNil()), seconds(read[*jwt.NumericDate](all, "iat"))},
			"organization_id":  {c.Organization.ID, read[string](organization, "organization_id")},
			"slug":             {c.Organization.Slug, read[string](organization, "slug")},
			"id":               {c.Session.ID, read[string](session, "id")},
			"started_at":       {c.Session.StartedAt.String(), moment(read[string](session, "started_at"))},
			"last_accessed_at": {c.Session.LastAccessedAt.String(), moment(read[string](session, "last_accessed_at"))},
			"expires_at":       {c.Session.ExpiresAt.String(), moment(read[string](session, "expires_at"))},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s was read as %q, want %q\n%q", name, pair[0], pair[1], payload)
			}
		}
		if want := read[jwt.ClaimStrings](all, "aud"); !slices.Equal(c.Audience.values, want) {
			t.Errorf("aud was read as %q, want %q\n%q", c.Audience.values, want, payload)
		}
		if want := read[[]string](session, "roles"); !slices.Equal(c.Session.Roles, want) {
			t.Errorf("roles were read as %q, want %q\n%q", c.Session.Roles, want, payload)
		}
		for i, factor := range read[[]object](session, "authentication_factors") {
			got := c.Session.AuthenticationFactors[i]
			if want := read[sessions.AuthenticationFactorType](factor, "type"); got.Type != want {
				t.Errorf("a factor's type was read as %q, want %q\n%q", got.Type, want, payload)
			}
			email := read[object](factor, "email_factor")
			if (got.EmailFactor != nil) != (email != nil) || email != nil && got.EmailFactor.EmailAddress != read[string](email, "email_address") {
				t.Errorf("an e-mail factor was read as %+v, want %s\n%q", got.EmailFactor, email, payload)
			}
		}
	})
}

// A header likewise.
func FuzzAHeaderIsReadByItsExactNames(f *testing.F) {
	for _, seed := range []string{
		`{"alg":"RS256","kid":"k","typ":"JWT"}`, `{"alg":"none","ALG":"RS256","kid":"k"}`, `{"alg":"RS256","KID":"k"}`, `{"alg":"RS256","\u212aid":"k"}`,
		`{"alg":"RS256","kid":"k","crit":null}`, `{"alg":"RS256","kid":"k","CRIT":["exp"]}`, `{"alg":"RS256","alg":"RS256","kid":"k"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, header []byte) {
		parts := Parts{header: base64.RawURLEncoding.EncodeToString(header)}
		kid, err := parts.KeyID()
		if err != nil {
			return
		}
		all := objectOf(header)
		_, critical := all["crit"]
		if kid == "" || kid != read[string](all, "kid") || read[string](all, "alg") != "RS256" || critical {
			t.Errorf("%q was read as of key %q", header, kid)
		}
	})
}

func TestTheUsualClaimsAreReadWhole(t *testing.T) {
	c, err := readClaims([]byte(usualPayload))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := c.facts(session.Member, "payload")
	if err != nil || facts.ID != "member-session-test-1" || facts.Subject != "member-test-1" || facts.OrganizationSlug != "acme" ||
		!reflect.DeepEqual(facts.Roles, []string{"stytch_member", "editor"}) || len(facts.Factors) != 1 || facts.Factors[0].Type != "magic_link" ||
		facts.Payload != "payload" || facts.ExpiresAt.Unix() != 1795706523 || facts.VouchedAt.Unix() != 1795702923 {
		t.Errorf("got %+v, %v", facts, err)
	}
}
