package stytchkit_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	sessionClaim      = "https://stytch.com/session"
	organizationClaim = "https://stytch.com/organization"
)

// usualCookies is the Cookie header of an application among others on its domain: 1.8 KB, with the
// 1.3 KB of a usual JWT.
func usualCookies(token, jwt string) string {
	return strings.Join([]string{
		"_ga=GA1.2.1804289383.1700000000",
		"_ga_7B8C9D0E1F=GS1.1.1700000000.12.1.1700000123.0.0.0",
		"_gid=GA1.2.846930886.1700000000",
		"theme=dark",
		"ajs_anonymous_id=5f0c2c3e-9d7b-4a54-8a43-2f1f7f6d1c90",
		tokenCookie(token),
		"intercom-device-id-abcdefgh=0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
		"OptanonConsent=isGpcEnabled=0&datestamp=Mon+Nov+23+2026&version=202306.2.0&hosts=&groups=C0001%3A1%2CC0002%3A0",
		jwtCookie(jwt),
		"csrf=Zm9vYmFyYmF6cXV4",
	}, "; ")
}

// draft is a JWT before it is signed: its parts, and how they are put together. A test changes what
// it is about.
type draft struct {
	header  map[string]any
	claims  map[string]any
	session map[string]any // the session claim, unless claims has another value for it
	org     map[string]any // the organization claim, likewise

	headerJSON, claimsJSON func(string) string // change the JSON before it is encoded

	method jwt.SigningMethod
	key    any
	sign   func(signed string) []byte // in place of method and key

	encode func([]byte) string            // of each segment
	finish func(segments []string) string // puts the segments together
}

// newDraft is a valid JWT as Stytch would have issued it a minute before now.
func newDraft(now time.Time, kid, project string, key *rsa.PrivateKey) *draft {
	stamp := func(d time.Duration) string { return now.Add(d).UTC().Format(time.RFC3339) }
	return &draft{
		header: map[string]any{"alg": "RS256", "kid": kid, "typ": "JWT"},
		claims: map[string]any{
			"iss": "stytch.com/" + project,
			"aud": []string{project},
			"sub": "member-test-alice",
			"iat": now.Add(-time.Minute).Unix(),
			"nbf": now.Add(-time.Minute).Unix(),
			"exp": now.Add(4 * time.Minute).Unix(),
		},
		session: map[string]any{
			"id":               "member-session-test-1",
			"started_at":       stamp(-time.Hour),
			"last_accessed_at": stamp(-time.Minute),
			"expires_at":       stamp(time.Hour),
			"attributes":       map[string]any{"ip_address": "203.0.113.7", "user_agent": "test"},
			"authentication_factors": []any{map[string]any{
				"type": "magic_link", "delivery_method": "email", "last_authenticated_at": stamp(-time.Hour),
				"email_factor": map[string]any{"email_id": "email-test-1", "email_address": "alice@example.com"},
			}},
			"roles": []string{"stytch_member", "editor"},
		},
		org:        map[string]any{"organization_id": "organization-test-acme", "slug": "acme"},
		headerJSON: func(s string) string { return s },
		claimsJSON: func(s string) string { return s },
		method:     jwt.SigningMethodRS256,
		key:        key,
		encode:     base64.RawURLEncoding.EncodeToString,
		finish:     func(segments []string) string { return strings.Join(segments, ".") },
	}
}

// absent takes a member out of a draft.
type absent struct{}

// raw is JSON that Go's own types cannot say, such as 1e400.
type raw = json.RawMessage

func (d *draft) token(tb testing.TB) string {
	tb.Helper()
	claims := map[string]any{sessionClaim: d.session, organizationClaim: d.org}
	maps.Copy(claims, d.claims)
	header := d.encode([]byte(d.headerJSON(object(tb, d.header))))
	payload := d.encode([]byte(d.claimsJSON(object(tb, claims))))
	return d.finish([]string{header, payload, d.encode(d.signature(tb, header+"."+payload))})
}

func (d *draft) signature(tb testing.TB, signed string) []byte {
	tb.Helper()
	if d.sign != nil {
		return d.sign(signed)
	}
	signature, err := d.method.Sign(signed, d.key)
	if err != nil {
		tb.Fatalf("cannot sign by %s: %v", d.method.Alg(), err)
	}
	return signature
}

func object(tb testing.TB, members map[string]any) string {
	tb.Helper()
	members = withoutAbsent(members)
	data, err := json.Marshal(members)
	if err != nil {
		tb.Fatalf("%v is no JSON: %v", members, err)
	}
	return string(data)
}

func withoutAbsent(members map[string]any) map[string]any {
	kept := map[string]any{}
	for name, value := range members {
		switch value := value.(type) {
		case absent:
		case map[string]any:
			kept[name] = withoutAbsent(value)
		default:
			kept[name] = value
		}
	}
	return kept
}

// appended is a JSON object with more members at its end, which may repeat earlier ones.
func appended(members string) func(string) string {
	return func(object string) string { return strings.TrimSuffix(object, "}") + "," + members + "}" }
}

// prepended is a JSON object with more members at its beginning.
func prepended(members string) func(string) string {
	return func(object string) string { return "{" + members + "," + strings.TrimPrefix(object, "{") }
}
