package keys

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestAMalformedKeyIsSkipped(t *testing.T) {
	b64 := base64.RawURLEncoding.EncodeToString
	modulus := signingKey().N.Bytes()
	good, long := b64(modulus), strings.Repeat("k", MaxIDLength+1)
	even := signingKey().N.Bytes()
	even[len(even)-1] &^= 1
	beyond64Bits := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 64), big.NewInt(65537))
	for name, key := range map[string]string{
		"null":                            `null`,
		"a number":                        `1`,
		"text":                            `"key"`,
		"a list":                          `[]`,
		"an empty object":                 `{}`,
		"a key without n":                 `{"kty":"RSA","kid":"odd","e":"AQAB"}`,
		"a key without e":                 `{"kty":"RSA","kid":"odd","n":"` + good + `"}`,
		"an n that is not base64url":      `{"kty":"RSA","kid":"odd","e":"AQAB","n":"+/+/"}`,
		"an n that is a number":           `{"kty":"RSA","kid":"odd","e":"AQAB","n":1}`,
		"an even n":                       `{"kty":"RSA","kid":"odd","e":"AQAB","n":"` + b64(even) + `"}`,
		"an n of 1024 bits":               `{"kty":"RSA","kid":"odd","e":"AQAB","n":"` + b64(modulus[:128]) + `"}`,
		"an n of 16,384 bits":             `{"kty":"RSA","kid":"odd","e":"AQAB","n":"` + b64([]byte(strings.Repeat("\xff", 2048))) + `"}`,
		"an e of 1":                       `{"kty":"RSA","kid":"odd","e":"AQ","n":"` + good + `"}`,
		"an even e":                       `{"kty":"RSA","kid":"odd","e":"Ag","n":"` + good + `"}`,
		"an e that is not base64url":      `{"kty":"RSA","kid":"odd","e":"A+AB","n":"` + good + `"}`,
		"an e of five bytes":              `{"kty":"RSA","kid":"odd","e":"AQAAAAE","n":"` + good + `"}`,
		"an e of four bytes beyond int32": `{"kty":"RSA","kid":"odd","e":"_____w","n":"` + good + `"}`,
		"an e of 2^64 and 65537":          `{"kty":"RSA","kid":"odd","e":"` + b64(beyond64Bits.Bytes()) + `","n":"` + good + `"}`,
		"a key for encryption":            `{"kty":"RSA","kid":"odd","use":"enc","e":"AQAB","n":"` + good + `"}`,
		"a key for RS512":                 `{"kty":"RSA","kid":"odd","alg":"RS512","e":"AQAB","n":"` + good + `"}`,
		"an elliptic key":                 `{"kty":"EC","kid":"odd","crv":"P-256","x":"AA","y":"AA"}`,
		"a shared secret":                 `{"kty":"oct","kid":"odd","k":"AAAA"}`,
		"a kid that is a number":          `{"kty":"RSA","kid":1,"e":"AQAB","n":"` + good + `"}`,
		"a kid that is empty":             `{"kty":"RSA","kid":"","e":"AQAB","n":"` + good + `"}`,
		"no kid":                          `{"kty":"RSA","e":"AQAB","n":"` + good + `"}`,
		"a kid of 257 bytes":              `{"kty":"RSA","kid":"` + long + `","e":"AQAB","n":"` + good + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.project.publish(json.RawMessage(key), jwk("first"))
				w.Start()
				synctest.Wait()
				w.find("first", "known")
				for _, kid := range []string{"odd", "", long} {
					if w.Get(kid) != nil {
						t.Errorf("%.300s was taken for a key", key)
					}
				}
			})
		})
	}
}

func TestAKeyIDOf256BytesIsTaken(t *testing.T) {
	long := strings.Repeat("k", 256)
	inWorld(t, func(t *testing.T, w *world) {
		w.project.publish(jwk(long))
		w.Start()
		w.find(long, "known")
	})
}

func body(text string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(text)) }
}

func status(code int) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "3600")
		rw.Header().Set("Location", "/elsewhere")
		rw.WriteHeader(code)
		set, _ := json.Marshal(map[string]any{"keys": []json.RawMessage{jwk("another")}})
		_, _ = rw.Write(set) // whatever it says, it is no answer
	}
}

// Whatever the endpoint answers, good keys stay until others replace them.
func TestABadAnswerReplacesNoKeys(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"an empty object":         body(`{}`),
		"no keys":                 body(`{"keys":[]}`),
		"keys null":               body(`{"keys":null}`),
		"keys that are an object": body(`{"keys":{"kid":"a"}}`),
		"malformed keys alone":    body(`{"keys":[{},null,{"kty":"RSA","kid":"a"}]}`),
		"null":                    body(`null`),
		"a list":                  body(`[]`),
		"text":                    body(`"keys"`),
		"half a document":         body(`{"keys":[`),
		"nothing":                 body(``),
		"a byte more than 1 MB":   body(ofSize(1<<20 + 1)),
		"a space beyond 1 MB":     body(ofSize(1<<20) + " "),
		"a proxy's page":          body(`<!doctype html><title>Sign in to the network</title>`),
		"a 500":                   status(500),
		"a 502":                   status(502),
		"a 404":                   status(404),
		"a 429":                   status(429),
		"a redirect":              status(302),
		"a 204":                   status(204),
		"a reset":                 func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"an answer that breaks off": func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Length", "1000")
			_, _ = rw.Write([]byte(`{"keys":`))
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inReadyWorld(t, func(t *testing.T, w *world) {
				w.project.answers(answer)
				w.pass(refresh)
				w.fetches(1)
				w.find("first", "known")
				w.ready(true)
				if w.changes != 1 {
					t.Errorf("the set of keys changed %d times, want once, at first", w.changes)
				}
				w.project.answers(nil)
				w.pass(retryFirst)
				w.fetches(2)
				if !strings.Contains(w.log.String(), "can be fetched again") {
					t.Errorf("that the endpoint is back was not logged:\n%s", w.log)
				}
			})
		})
	}
}

// ofSize is a set of so many bytes with the key "large".
func ofSize(n int) string {
	head, tail := `{"keys":[`+string(jwk("large"))+`],"padding":"`, `"}`
	return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
}

func TestASetOf1MBIsRead(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.project.answers(body(ofSize(1 << 20)))
		w.Start()
		w.find("large", "known")
	})
}

func TestOfTooManyKeysSomeAreTaken(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var many []json.RawMessage
		for range maxKeys + 10 {
			many = append(many, jwk(strings.Repeat("k", len(many)+1)))
		}
		w.project.publish(many...)
		w.Start()
		synctest.Wait()
		if got := len(w.set.Load().byID); got != maxKeys {
			t.Errorf("%d keys of %d were taken, want %d", got, len(many), maxKeys)
		}
	})
}

func TestAFetchEndsAfterItsTimeout(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.project.answers(hang)
		w.Start()
		began := w.Clock.Now()
		w.find("first", "undecided")
		if took := w.Clock.Now().Sub(began); took != w.Timeout {
			t.Errorf("who looked for a key waited %v, want %v", took, w.Timeout)
		}
		w.project.answers(nil)
		w.pass(w.Timeout) // the next fetch may have begun before
		w.find("first", "known")
	})
}

// hang answers nothing until the client has gone.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
