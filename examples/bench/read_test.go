package bench_test

import (
	"encoding/json"
	"testing"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// BenchmarkRead is what a handler reads of a remembered session, beside one verification of its JWT.
func BenchmarkRead(b *testing.B) {
	s := signIn(b)
	auth := s.kit(b, stytchkit.Backend)
	guard, token := auth.Require(), s.session.JWT()
	guard.Check(b.Context(), newRequest(bearer(token)))
	decision := guard.Check(b.Context(), newRequest(bearer(token)))
	session, ctx := decision.Session, decision.Context(b.Context())
	if session.MemberID() != s.id || decision.Source != stytchkit.FromCache {
		b.Fatalf("the session is %v from %q, want one of %s from memory", session, decision.Source, s.id)
	}
	keys, err := keyfunc.NewDefaultCtx(b.Context(), []string{jwksURL(s.server)})
	if err != nil {
		b.Fatal(err)
	}
	parser := jwt.NewParser(checks(s.server)...)
	for _, row := range []struct {
		name string
		read func() (whose string, err error)
	}{
		{"golang-jwt", func() (string, error) {
			var claims sessions.Claims
			_, err := parser.ParseWithClaims(token, &claims, keys.Keyfunc)
			return claims.Subject, err
		}},
		{"session.MarshalJSON", func() (string, error) { return s.id, written(session.MarshalJSON()) }},
		{"json.Marshal", func() (string, error) { return s.id, written(json.Marshal(session)) }},
		{"MemberSession", func() (string, error) { return session.MemberSession().MemberID, nil }},
		{"Claims", func() (string, error) {
			claims, err := stytchkit.Claims[threeClaims](session)
			if claims != (threeClaims{"pro", 25, true}) {
				return "other claims", err
			}
			return s.id, err
		}},
		{"State", func() (string, error) {
			state, err := auth.State(ctx)
			if err != nil {
				return "", err
			}
			return state.Member.MemberID, nil
		}},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if whose, err := row.read(); whose != s.id || err != nil {
					b.Fatalf("read %q (%v), want %q", whose, err, s.id)
				}
			}
		})
	}
}

func written(_ []byte, err error) error { return err }
