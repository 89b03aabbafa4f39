package adaptertest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// hostileCases are about what can be read in two ways, and what must be read by nobody.
func hostileCases() []testCase {
	return []testCase{
		{"C80 a claim is read by its exact name alone", nearMisses},
		{"C81 a Host that only looks like this machine gets cookies for https alone", lookalikes},
		{"C82 nothing that a handler can print holds a token or the secret", printing},
	}
}

func nearMisses(s *stage) {
	s.serve(s.guarded(s.required()))
	alice, mallory := s.person("alice"), s.person("mallory")
	s.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: http.StatusInternalServerError})
	later := s.clock.Now().Unix() + 240
	for _, row := range []struct{ says, jwt, header, claims, code string }{
		{"the subject in capitals", alice.jwt, "", `"SUB":"` + s.kind.people + `mallory"`, ""},
		{"the subject with a letter that folds to it", alice.jwt, "", `"ſub":"` + s.kind.people + `mallory"`, ""},
		{"the session in capitals", alice.jwt, "", `"https://stytch.com/Session":{"id":"another","roles":["admin"]}`, ""},
		{"the issuer, the audience and the expiry", alice.jwt, "", `"ISS":"evil","Aud":["evil"],"Exp":1`, ""},
		{"the subject twice", alice.jwt, "", `"sub":"` + s.kind.people + `mallory"`, "session_invalid"},
		{"a custom claim twice", alice.jwt, "", `"a":1,"a":1`, "session_invalid"},
		{"another algorithm in capitals", alice.jwt, `"ALG":"none"`, "", ""},
		{"the algorithm in capitals alone", alice.jwt, `-"alg","ALG":"RS256"`, "", "session_invalid"},
		{"an expiry in capitals on a JWT that has expired", mallory.expired(), "", fmt.Sprintf(`"Exp":%d,"EXP":%d`, later, later), "stytch_unavailable"},
	} {
		s.row(row.says, func() {
			a := s.send(get("/me", jwtCookie(s.resigned(row.jwt, row.header, row.claims))))
			if row.code != "" {
				a.denied(row.code).untouched()
				return
			}
			a.of("alice").untouched()
		})
	}
}

// resigned is a JWT with these members added at the end of its header and of its claims, as they are
// written; -"name" in front takes one out of the header.
func (s *stage) resigned(token, header, claims string) string {
	segments := strings.Split(token, ".")
	for i, add := range []string{header, claims} {
		object, err := base64.RawURLEncoding.DecodeString(segments[i])
		if err != nil {
			s.t.Fatal(err)
		}
		text := string(object)
		if name, rest, ok := strings.Cut(strings.TrimPrefix(add, "-"), ","); ok && strings.HasPrefix(add, "-") {
			text, add = strings.Replace(text, name, `"x"`, 1), rest
		}
		if add != "" {
			text = strings.TrimSuffix(text, "}") + "," + add + "}"
		}
		segments[i] = base64.RawURLEncoding.EncodeToString([]byte(text))
	}
	signed := segments[0] + "." + segments[1]
	signature, err := jwt.SigningMethodRS256.Sign(signed, s.key)
	if err != nil {
		s.t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func lookalikes(s *stage) {
	s.serve(s.guarded(s.required()))
	alice := s.person("alice")
	for _, host := range []string{"localhost:80@evil.example", "[::1].evil.example", "[::1]evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example#localhost", "localhost:x"} {
		s.row(host, func() {
			a := s.send(get("/me", alice.stale()).to(host))
			a.differs = true
			lines := a.header.Values("Set-Cookie")
			for _, line := range lines {
				if !strings.Contains(line, "; Secure") {
					a.fail("Secure cookies", "%q", line)
				}
			}
			if reached := s.reachedSince(); reached != len(lines)/2 || reached == 0 && a.status < http.StatusBadRequest {
				a.fail("her page, with cookies, or a refusal", "%d, and a handler was reached %d times", a.status, reached)
			}
		})
	}
}

func printing(s *stage) {
	cfg := s.srv.Config()
	s.serve(App{Routes: []Route{{Method: http.MethodGet, Path: "/print", Guards: []Guard{s.required()}, Handler: func(x Exchange) {
		d, _ := stytchkit.DecisionFrom(x.Context())
		var text strings.Builder
		for _, v := range []any{s.auth, cfg, &cfg, d, &d, x.Session(), struct{ D stytchkit.Decision }{d}} {
			fmt.Fprintf(&text, "%v %+v %#v %x %q\n", v, v, v, v, v)
		}
		x.Write(http.StatusOK, text.String())
	}}}})
	alice := s.person("alice")
	a := s.send(get("/print", alice.stale())).answers(http.StatusOK).refreshed(alice)
	for _, secret := range []string{cfg.Secret, alice.Token, "eyJ", fmt.Sprintf("%x", cfg.Secret), fmt.Sprintf("%x", alice.Token)} {
		if strings.Contains(a.text, secret) {
			s.t.Error("a handler printed a token, or the secret")
		}
	}
	if !strings.Contains(a.text, cfg.ProjectID) {
		a.fail("the project", "%q", a.text)
	}
}
