package stytchkit_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumersessions "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/stytchapi"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// The verifier is held against stytch-go's own Sessions.AuthenticateJWTLocal, of its B2B client and of
// its consumer client: same verdict, same session. Where they may differ stands here, by its number in STYTCH.md §5 or as an entry
// of our own; every entry has a row of the table that differs because of it.

type direction uint8

const (
	stricter direction = iota // the SDK accepts, the verifier does not
	laxer                     // the verifier accepts, the SDK does not
	another                   // both accept, and make different sessions of it
)

type exemption struct {
	id, why string
	direction
	applies func(*specimen) bool
}

func exemptions() []exemption {
	const leeway = 5 * time.Second
	return []exemption{
		{"#3", "a JWT without exp is no session's", stricter, func(x *specimen) bool {
			return x.claims.ExpiresAt == nil
		}},
		{"#7", "times have a leeway of 5 seconds", laxer, func(x *specimen) bool {
			within := func(d time.Duration) bool { return 0 <= d && d <= leeway }
			c := x.claims
			return c.ExpiresAt != nil && within(x.now.Sub(c.ExpiresAt.Time)) ||
				c.NotBefore != nil && within(c.NotBefore.Sub(x.now)) ||
				c.IssuedAt != nil && within(x.now.Sub(c.IssuedAt.Add(x.maxAge)))
		}},
		{"#11", "jti is no custom claim", another, func(x *specimen) bool {
			_, has := x.custom["jti"]
			return has
		}},
		{"own-1", "critical extensions are not understood, so refused (RFC 7515 §4.1.11)", stricter, func(x *specimen) bool {
			_, has := x.header["crit"]
			return has
		}},
		{"own-2", "RS256 only, also with a key that does not say what it is for", stricter, func(x *specimen) bool {
			return x.header["alg"] != "RS256"
		}},
		{"own-3", "an iat in the future is no proof of freshness: Stytch is asked", stricter, func(x *specimen) bool {
			return x.claims.IssuedAt != nil && x.claims.IssuedAt.After(x.now.Add(leeway))
		}},
		{"own-4", "a session past its expires_at is over, although its JWT is not: Stytch is asked", stricter, func(x *specimen) bool {
			expires, err := time.Parse(time.RFC3339, x.claims.Session.ExpiresAt)
			return err == nil && !x.now.Before(expires)
		}},
		{"own-5", "without a subject, a session ID or, in a B2B project, an organization there is no session", stricter, func(x *specimen) bool {
			return x.claims.Subject == "" || x.claims.Session.ID == "" || x.vertical == stytchkit.B2B && x.claims.Organization.ID == ""
		}},
		{"own-6", "a name twice in an object is refused", stricter, func(x *specimen) bool {
			return namesTwice(x.headerJSON) || namesTwice(x.claimsJSON)
		}},
		{"own-7", "a JWT has at most 16 KB", stricter, func(x *specimen) bool {
			return len(x.token) > 16<<10
		}},
		{"own-8", "a key has an ID, of at most 256 bytes", stricter, func(x *specimen) bool {
			kid, _ := x.header["kid"].(string)
			return kid == "" || len(kid) > 256
		}},
		{"own-9", "a number beyond float64 in a member that is not looked at does no harm", laxer, func(x *specimen) bool {
			return hasHugeNumber(x.headerJSON) || hasHugeNumber(x.claimsJSON)
		}},
		{"own-10", "a key is one of RFC 7517 and 7518, with 2048 bits or more", stricter, func(x *specimen) bool {
			return x.header["kid"] == "weak" || x.header["kid"] == "padded"
		}},
		{"own-11", "a time that RFC 3339 cannot write is no time", stricter, func(x *specimen) bool {
			times := []time.Time{}
			for _, text := range []string{x.claims.Session.StartedAt, x.claims.Session.LastAccessedAt, x.claims.Session.ExpiresAt} {
				if t, err := time.Parse(time.RFC3339, text); err == nil {
					times = append(times, t.UTC())
				}
			}
			if x.claims.ExpiresAt != nil {
				times = append(times, x.claims.ExpiresAt.UTC())
			}
			return slices.ContainsFunc(times, func(t time.Time) bool { return t.Year() < 0 || t.Year() > 9999 })
		}},
		{"own-12", "a claim has its exact name; in another case it is a custom claim, which stands in for none", stricter, (*specimen).folds},
		{"own-12", "likewise, and which overwrites none", laxer, (*specimen).folds},
		{"own-12", "likewise, where both accept", another, (*specimen).folds},
		{"own-13", "what is not valid UTF-8 is refused", stricter, func(x *specimen) bool {
			return !isUnicode(x.headerJSON) || !isUnicode(x.claimsJSON)
		}},
		{"own-14", "a JWT has one spelling: no line ends, no bits that encode nothing", stricter, func(x *specimen) bool {
			return slices.ContainsFunc(strings.Split(x.token, "."), func(segment string) bool {
				data, err := base64.RawURLEncoding.DecodeString(segment)
				return err == nil && base64.RawURLEncoding.EncodeToString(data) != segment
			})
		}},
		{"own-15", "a session with an organization is a member's, and no user's", stricter, func(x *specimen) bool {
			return x.vertical == stytchkit.Consumer && x.hasOrganization()
		}},
	}
}

// specimen is a token taken apart, to see whether an exemption applies.
type specimen struct {
	token                  string
	vertical               stytchkit.Vertical // of the project
	now                    time.Time
	maxAge                 time.Duration
	headerJSON, claimsJSON []byte
	header                 map[string]any // its exact member names, the last of each
	claims                 sessions.Claims
	custom                 map[string]any
}

func (r *rivals) dissect(token string, maxAge time.Duration) *specimen {
	x := &specimen{token: token, vertical: r.srv.Vertical(), now: time.Now(), maxAge: maxAge}
	segments := append(strings.Split(token, "."), "", "")
	x.headerJSON, _ = base64.RawURLEncoding.DecodeString(segments[0])
	x.claimsJSON, _ = base64.RawURLEncoding.DecodeString(segments[1])
	_ = json.Unmarshal(x.headerJSON, &x.header) // what does not decode is looked at in the part that does
	_ = json.Unmarshal(x.claimsJSON, &x.claims)
	_ = json.Unmarshal(x.claimsJSON, &x.custom)
	return x
}

func (x *specimen) hasOrganization() bool {
	_, has := x.custom[organizationClaim]
	return has
}

// folds reports whether the claims have a name that encoding/json takes for one of the SDK's, and
// that is not that name.
func (x *specimen) folds() bool {
	known := jsonNames(reflect.TypeFor[sessions.Claims]())
	for _, object := range objectNames(x.claimsJSON) {
		for _, name := range object {
			if !slices.Contains(known, name) && slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
				return true
			}
		}
	}
	return false
}

// jsonNames are the names of the members of a type, at every depth.
func jsonNames(of reflect.Type) (names []string) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		return jsonNames(of.Elem())
	case reflect.Struct:
		for i := range of.NumField() {
			field := of.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			names = append(append(names, name), jsonNames(field.Type)...)
		}
	}
	return names
}

func namesTwice(text []byte) bool {
	return slices.ContainsFunc(objectNames(text), func(names []string) bool {
		slices.Sort(names)
		return len(slices.Compact(names)) < len(names)
	})
}

// isUnicode reports whether JSON is valid UTF-8, and escapes no half of a surrogate pair, which
// encoding/json replaces.
func isUnicode(text []byte) bool {
	const replaced = string(utf8.RuneError)
	if !utf8.Valid(text) {
		return false
	}
	if bytes.Contains(text, []byte(replaced)) || bytes.Contains(bytes.ToLower(text), []byte(`\ufffd`)) {
		return true // it was written so
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return true
		}
		if strings.Contains(fmt.Sprint(token), replaced) {
			return false
		}
	}
}

// objectNames are the names in each of the objects in JSON, repeated ones too.
func objectNames(text []byte) (objects [][]string) {
	type level struct {
		object int // -1 for a list
		name   bool
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var open []level
	for {
		token, err := d.Token()
		if err != nil {
			return objects
		}
		if len(open) > 0 && token != json.Delim('}') && token != json.Delim(']') {
			if top := &open[len(open)-1]; top.object >= 0 {
				if top.name = !top.name; top.name {
					objects[top.object] = append(objects[top.object], fmt.Sprint(token))
				}
			}
		}
		switch token {
		case json.Delim('{'):
			objects = append(objects, nil)
			open = append(open, level{object: len(objects) - 1})
		case json.Delim('['):
			open = append(open, level{object: -1})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}

func hasHugeNumber(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if n, ok := token.(json.Number); ok {
			if _, err := n.Float64(); err != nil {
				return true
			}
		}
	}
}

// rivals are the SDK's local verification and ours, with the same keys. In a synctest bubble they
// have the same time too, to the nanosecond: it begins there with the year 2000.
type rivals struct {
	srv  *stytchtest.Server
	auth *stytchkit.Authenticator
	sdk  func(token string, maxAge time.Duration) (session any, err error)
	weak *rsa.PrivateKey
	ec   *ecdsa.PrivateKey
}

func newRivals(tb testing.TB, vertical stytchkit.Vertical) *rivals {
	tb.Helper()
	r := &rivals{srv: stytchtest.Start(tb, stytchtest.Options{Key: signingKey(), Vertical: vertical})}
	var err error
	if r.weak, err = rsa.GenerateKey(rand.Reader, 1024); err != nil {
		tb.Fatal(err)
	}
	if r.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		tb.Fatal(err)
	}
	r.srv.SetExtraKeys(r.oddKeys(tb)...)
	cfg := r.srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	if r.auth, err = stytchkit.New(cfg); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(r.auth.Close)
	if err := r.auth.Ready(context.Background()); err != nil {
		tb.Fatal(err)
	}
	r.sdk = newOracle(tb, r.srv)
	return r
}

// newOracle is the local verification of the SDK's client for this kind of project.
func newOracle(tb testing.TB, srv *stytchtest.Server) func(string, time.Duration) (any, error) {
	tb.Helper()
	if srv.Vertical() == stytchkit.B2B {
		sdk := newSDK(tb, srv)
		return func(token string, maxAge time.Duration) (any, error) {
			return sdk.AuthenticateJWTLocal(context.Background(), token, maxAge, nil)
		}
	}
	api, err := stytchapi.NewClient(srv.ProjectID(), srv.Secret(), stytchapi.WithBaseURI(srv.URL()))
	if err != nil {
		tb.Fatal(err)
	}
	api.Sessions.JWKS.EndBackground()
	return func(token string, maxAge time.Duration) (any, error) {
		return api.Sessions.AuthenticateJWTLocal(token, maxAge)
	}
}

// newSDK is the SDK's own client. It has fetched the keys when it returns, and fetches no more.
func newSDK(tb testing.TB, srv *stytchtest.Server) *b2b.SessionsClient {
	tb.Helper()
	api, err := b2bstytchapi.NewClient(srv.ProjectID(), srv.Secret(), b2bstytchapi.WithBaseURI(srv.URL()))
	if err != nil {
		tb.Fatal(err)
	}
	api.Sessions.JWKS.EndBackground()
	return api.Sessions
}

const sharedSecret = "a secret that both sides know, of 32 bytes or more"

// oddKeys stand in the key set in front of the project's own.
func (r *rivals) oddKeys(tb testing.TB) []json.RawMessage {
	b64 := base64.RawURLEncoding.EncodeToString
	rsaKey := func(key *rsa.PrivateKey, members map[string]any) map[string]any {
		jwk := map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "n": b64(key.N.Bytes()), "e": "AQAB"}
		maps.Copy(jwk, members)
		return jwk
	}
	padded := base64.URLEncoding.EncodeToString(signingKey().N.Bytes())
	var keys []json.RawMessage
	for _, jwk := range []map[string]any{
		rsaKey(r.weak, map[string]any{"kid": "weak"}),
		rsaKey(r.weak, map[string]any{"kid": r.srv.KeyID()}), // the project's own comes later, and wins
		rsaKey(signingKey(), map[string]any{"kid": "loose", "alg": absent{}, "use": absent{}}),
		rsaKey(signingKey(), map[string]any{"kid": "padded", "n": padded}),
		rsaKey(signingKey(), map[string]any{"kid": "encryption", "use": "enc"}),
		rsaKey(signingKey(), map[string]any{"kid": "RS512", "alg": "RS512"}),
		rsaKey(signingKey(), map[string]any{"kid": "PS256", "alg": "PS256"}),
		rsaKey(signingKey(), map[string]any{"kid": ""}),
		rsaKey(signingKey(), map[string]any{"kid": strings.Repeat("k", 256)}),
		rsaKey(signingKey(), map[string]any{"kid": strings.Repeat("k", 257)}),
		rsaKey(signingKey(), map[string]any{"kid": "schlüssel ключ"}),
		{"kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": "ES256",
			"x": b64(r.ec.X.FillBytes(make([]byte, 32))), "y": b64(r.ec.Y.FillBytes(make([]byte, 32)))},
		{"kty": "oct", "alg": "HS256", "kid": "HS256", "k": b64([]byte(sharedSecret))},
		{"kty": "oct", "kid": "HS256-loose", "k": b64([]byte(sharedSecret))},
		{"kty": "unknown", "kid": "unknown"},
	} {
		keys = append(keys, json.RawMessage(object(tb, jwk)))
	}
	return keys
}

// draft is changed to a row's. In a consumer project it has an organization only where the row is about
// that.
func (r *rivals) draft(change func(*draft)) *draft {
	d := newDraft(time.Now(), r.srv.KeyID(), r.srv.ProjectID(), signingKey())
	if r.srv.Vertical() == stytchkit.B2B {
		change(d)
		return d
	}
	usual := maps.Clone(d.org)
	d.claims[organizationClaim] = absent{}
	change(d)
	if d.claims[organizationClaim] == any(absent{}) && !reflect.DeepEqual(d.org, usual) {
		delete(d.claims, organizationClaim)
	}
	return d
}

// opinion is one side's verdict on a token.
type opinion struct {
	live    bool
	session string // as JSON
	why     string // it is not live
}

func (o opinion) String() string {
	if o.live {
		return "live: " + o.session
	}
	return "not live: " + o.why
}

func liveSession(session any) opinion {
	data, err := json.Marshal(session)
	if err != nil {
		return opinion{live: true, session: err.Error()}
	}
	return opinion{live: true, session: string(data)}
}

func (r *rivals) ours(token string, maxAge time.Duration) opinion {
	standing, session, err := r.auth.Verify(context.Background(), token)
	if standing != "live" {
		return opinion{why: fmt.Sprintf("%s: %v", standing, err)}
	}
	if !r.auth.IsFresh(session, maxAge) {
		return opinion{why: "older than " + maxAge.String()}
	}
	if user := session.UserSession(); user != nil {
		return liveSession(user)
	}
	return liveSession(session.MemberSession())
}

// theirs contains the SDK's panics, of which STYTCH.md §5 tells under #3: they accept nothing.
func (r *rivals) theirs(token string, maxAge time.Duration) (o opinion) {
	defer func() {
		if p := recover(); p != nil {
			o = opinion{why: fmt.Sprintf("panic: %v", p)}
		}
	}()
	session, err := r.sdk(token, maxAge)
	if err != nil {
		return opinion{why: err.Error()}
	}
	return liveSession(session)
}

// compare gives both opinions, and the ID of the exemption that explains how they differ: empty
// when they agree, "unexplained" when there is none.
func (r *rivals) compare(token string, maxAge time.Duration) (ours, theirs opinion, exempt string) {
	ours, theirs = r.ours(token, maxAge), r.theirs(token, maxAge)
	var differ direction
	switch {
	case ours.live != theirs.live && theirs.live:
		differ = stricter
	case ours.live != theirs.live:
		differ = laxer
	case ours.session != theirs.session:
		differ = another
	default:
		return ours, theirs, ""
	}
	x := r.dissect(token, maxAge)
	for _, e := range exemptions() {
		if e.direction == differ && e.applies(x) {
			return ours, theirs, e.id
		}
	}
	return ours, theirs, "unexplained"
}

// row is one token of the table.
type row struct {
	name   string
	want   string // live or refused, by both; the ID of the exemption; or either, by both
	change func(*draft)
	maxAge time.Duration // 0: 5 minutes
	later  time.Duration // how far into the second the comparison is
	ofB2B  bool          // what it wants is of a B2B project; in a consumer project it may be anything that is explained
}

const (
	bothLive   = "live"
	bothRefuse = "refused"
	bothEqual  = "either"
)

func TestTheVerifierAgreesWithTheSDK(t *testing.T) {
	shown := map[string]bool{}
	for _, vertical := range []stytchkit.Vertical{stytchkit.B2B, stytchkit.Consumer} {
		t.Run(vertical.String(), func(t *testing.T) { agrees(t, newRivals(t, vertical), shown) })
	}
	for _, e := range exemptions() {
		if !shown[e.id] {
			t.Errorf("exemption %s (%s) has no row that differs because of it", e.id, e.why)
		}
	}
}

// agrees holds both against each other row by row, and notes which exemptions that shows.
func agrees(t *testing.T, r *rivals, shown map[string]bool) {
	rows := slices.Concat(
		r.keyRows(), headerRows(), segmentRows(), addressRows(r), timeRows(), freshnessRows(),
		claimTypeRows(), sessionRows(), factorRows(), customClaimRows(),
	)
	if len(rows) < 200 {
		t.Errorf("the table has %d rows, want 200 or more", len(rows))
	}
	names, live := map[string]bool{}, 0
	for _, row := range rows {
		if names[row.name] {
			t.Errorf("two rows are called %q", row.name)
		}
		names[row.name] = true
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				token := r.draft(row.change).token(t)
				time.Sleep(row.later) // in the bubble: at once
				maxAge := row.maxAge
				if maxAge == 0 {
					maxAge = 5 * time.Minute
				}
				x := r.dissect(token, maxAge)
				ours, theirs, exempt := r.compare(token, maxAge)
				shown[exempt] = true
				got := exempt
				switch {
				case exempt != "":
				case row.want == bothEqual:
					got = bothEqual
				case ours.live:
					got = bothLive
				default:
					got = bothRefuse
				}
				if ours.live {
					live++
				}
				want := row.want
				if x.vertical == stytchkit.Consumer && (row.ofB2B || x.hasOrganization()) {
					want = bothEqual
				}
				if got != want && (want != bothEqual || exempt == "unexplained") {
					t.Errorf("got %s, want %s\nJWT     %.2000s\nheader  %.500s\nclaims  %.2000s\nhere    %.2000s\nthe SDK %.2000s",
						got, want, token, x.headerJSON, x.claimsJSON, ours, theirs)
				}
			})
		})
	}
	t.Logf("%d rows, %d of them live here", len(rows), live)
}

func (r *rivals) keyRows() []row {
	by := func(method jwt.SigningMethod, kid string, key any) func(*draft) {
		return func(d *draft) {
			d.header["alg"], d.header["kid"] = method.Alg(), kid
			d.method, d.key = method, key
		}
	}
	own := signingKey()
	// The public key as an HMAC secret, in every form that a confused verifier might take it in.
	public := map[string][]byte{
		"modulus":   own.N.Bytes(),
		"JWK":       []byte(base64.RawURLEncoding.EncodeToString(own.N.Bytes())),
		"empty key": {},
	}
	rows := []row{
		{name: "the project's own key by RS256", want: bothLive, change: func(*draft) {}},
		{name: "alg none without a signature", want: bothRefuse, change: func(d *draft) {
			d.header["alg"], d.sign = "none", func(string) []byte { return nil }
		}},
		{name: "alg none by golang-jwt's own method", want: bothRefuse, change: func(d *draft) {
			d.header["alg"], d.method, d.key = "none", jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType
		}},
		{name: "alg none above a good signature", want: bothRefuse, change: func(d *draft) { d.header["alg"] = "none" }},
		{name: "alg None", want: bothRefuse, change: func(d *draft) { d.header["alg"] = "None" }},
		{name: "the signature of another key", want: bothRefuse, change: func(d *draft) { d.key = r.weak }},
		{name: "a key of 1024 bits", want: "own-10", change: by(jwt.SigningMethodRS256, "weak", r.weak)},
		{name: "a key whose modulus is padded", want: "own-10", change: by(jwt.SigningMethodRS256, "padded", own)},
		{name: "a key without alg and use", want: bothLive, change: by(jwt.SigningMethodRS256, "loose", own)},
		{name: "a key for encryption", want: bothRefuse, change: by(jwt.SigningMethodRS256, "encryption", own)},
		{name: "a key for RS512, used for RS256", want: bothRefuse, change: by(jwt.SigningMethodRS256, "RS512", own)},
		{name: "a key for RS512, used for it", want: "own-2", change: by(jwt.SigningMethodRS512, "RS512", own)},
		{name: "a key for PS256, used for it", want: "own-2", change: by(jwt.SigningMethodPS256, "PS256", own)},
		{name: "a key for PS256, used for RS256", want: bothRefuse, change: by(jwt.SigningMethodRS256, "PS256", own)},
		{name: "a key for ES256, used for it", want: "own-2", change: by(jwt.SigningMethodES256, "ES256", r.ec)},
		{name: "a key for ES256, named for RS256", want: bothRefuse, change: func(d *draft) {
			by(jwt.SigningMethodES256, "ES256", r.ec)(d)
			d.header["alg"] = "RS256"
		}},
		{name: "ES256 under the project's own key ID", want: bothRefuse, change: func(d *draft) {
			d.header["alg"], d.method, d.key = "ES256", jwt.SigningMethodES256, r.ec
		}},
		{name: "a shared secret for HS256, used for it", want: "own-2", change: by(jwt.SigningMethodHS256, "HS256", []byte(sharedSecret))},
		{name: "a shared secret for anything, used for HS512", want: "own-2", change: by(jwt.SigningMethodHS512, "HS256-loose", []byte(sharedSecret))},
		{name: "a shared secret, named for RS256", want: bothRefuse, change: func(d *draft) {
			by(jwt.SigningMethodHS256, "HS256-loose", []byte(sharedSecret))(d)
			d.header["alg"] = "RS256"
		}},
		{name: "a key of an unknown type", want: bothRefuse, change: func(d *draft) { d.header["kid"] = "unknown" }},
		{name: "a key ID of 256 bytes", want: bothLive, change: by(jwt.SigningMethodRS256, strings.Repeat("k", 256), own)},
		{name: "a key ID of 257 bytes", want: "own-8", change: by(jwt.SigningMethodRS256, strings.Repeat("k", 257), own)},
		{name: "a key ID beyond ASCII", want: bothLive, change: by(jwt.SigningMethodRS256, "schlüssel ключ", own)},
		{name: "an empty key ID that the key set has", want: "own-8", change: by(jwt.SigningMethodRS256, "", own)},
		{name: "no key ID", want: bothRefuse, change: func(d *draft) { d.header["kid"] = absent{} }},
		{name: "a key ID that the key set does not have", want: bothRefuse, change: by(jwt.SigningMethodRS256, "jwk-test-nobody", own)},
		{name: "a key ID that is null", want: bothRefuse, change: func(d *draft) { d.header["kid"] = nil }},
		{name: "a key ID that is a number", want: bothRefuse, change: func(d *draft) { d.header["kid"] = 1 }},
		{name: "a key ID that is a list", want: bothRefuse, change: func(d *draft) { d.header["kid"] = []string{r.srv.KeyID()} }},
		{name: "a key ID that is a path", want: bothRefuse, change: func(d *draft) { d.header["kid"] = "../../etc/passwd" }},
		{name: "a key ID in upper case", want: bothRefuse, change: func(d *draft) { d.header["kid"] = strings.ToUpper(r.srv.KeyID()) }},
		{name: "a key ID with a space behind", want: bothRefuse, change: func(d *draft) { d.header["kid"] = r.srv.KeyID() + " " }},
		{name: "a key ID written with escapes", want: bothLive, change: func(d *draft) {
			d.headerJSON = func(s string) string { return strings.Replace(s, `"jwk-`, `"\u006awk-`, 1) }
		}},
	}
	for _, method := range []jwt.SigningMethod{jwt.SigningMethodRS384, jwt.SigningMethodRS512, jwt.SigningMethodPS256, jwt.SigningMethodPS384, jwt.SigningMethodPS512} {
		rows = append(rows,
			row{name: method.Alg() + " by the project's own key", want: bothRefuse, change: by(method, r.srv.KeyID(), own)},
			row{name: method.Alg() + " by a key without alg", want: "own-2", change: by(method, "loose", own)},
			row{name: method.Alg() + "'s signature, named RS256", want: bothRefuse, change: func(d *draft) { d.method = method }},
		)
	}
	for form, secret := range public {
		for _, kid := range []string{r.srv.KeyID(), "loose"} {
			rows = append(rows, row{
				name:   fmt.Sprintf("HS256 by the %s of the public key, for key %s", form, strings.TrimSuffix(kid, r.srv.KeyID())+"…"),
				want:   bothRefuse,
				change: by(jwt.SigningMethodHS256, kid, secret),
			})
		}
	}
	return rows
}

func headerRows() []row {
	set := func(name string, value any) func(*draft) { return func(d *draft) { d.header[name] = value } }
	rows := []row{
		{name: "no typ", want: bothLive, change: set("typ", absent{})},
		{name: "typ at+jwt", want: bothLive, change: set("typ", "at+jwt")},
		{name: "typ JOSE", want: bothLive, change: set("typ", "JOSE")},
		{name: "a typ that is a number", want: bothLive, change: set("typ", 1)},
		{name: "cty JWT", want: bothLive, change: set("cty", "JWT")},
		{name: "zip DEF", want: bothLive, change: set("zip", "DEF")},
		{name: "b64 false without crit", want: bothLive, change: set("b64", false)},
		{name: "crit with b64", want: "own-1", change: func(d *draft) { d.header["b64"], d.header["crit"] = false, []string{"b64"} }},
		{name: "crit with exp", want: "own-1", change: set("crit", []string{"exp"})},
		{name: "crit that is empty", want: "own-1", change: set("crit", []string{})},
		{name: "crit that is null", want: "own-1", change: set("crit", nil)},
		{name: "crit that is text", want: "own-1", change: set("crit", "b64")},
		{name: "another's key in jwk", want: bothLive, change: set("jwk", map[string]any{"kty": "RSA", "n": "AQAB", "e": "AQAB"})},
		{name: "another's key set in jku", want: bothLive, change: set("jku", "https://evil.example/jwks")},
		{name: "another's certificate in x5u and x5c", want: bothLive, change: func(d *draft) {
			d.header["x5u"], d.header["x5c"] = "https://evil.example/c", []string{"AAAA"}
		}},
		{name: "a member that nobody knows", want: bothLive, change: set("nobody", map[string]any{"knows": []int{1}})},
		{name: "a header number beyond float64", want: "own-9", change: set("n", raw("1e400"))},
		{name: "no alg", want: bothRefuse, change: set("alg", absent{})},
		{name: "alg that is null", want: bothRefuse, change: set("alg", nil)},
		{name: "alg that is empty", want: bothRefuse, change: set("alg", "")},
		{name: "alg that is a number", want: bothRefuse, change: set("alg", 256)},
		{name: "alg that is a list", want: bothRefuse, change: set("alg", []string{"RS256"})},
		{name: "alg in lower case", want: bothRefuse, change: set("alg", "rs256")},
		{name: "alg with a space behind", want: bothRefuse, change: set("alg", "RS256 ")},
		{name: "alg that nobody knows", want: bothRefuse, change: set("alg", "RS1")},
		{name: "alg written with escapes", want: bothLive, change: func(d *draft) {
			d.headerJSON = func(s string) string { return strings.Replace(s, `"RS256"`, `"\u0052S256"`, 1) }
		}},
		{name: "ALG for alg", want: bothRefuse, change: func(d *draft) { d.header["ALG"], d.header["alg"] = "RS256", absent{} }},
		{name: "Kid for kid", want: bothRefuse, change: func(d *draft) { d.header["Kid"], d.header["kid"] = d.header["kid"], absent{} }},
		{name: "ALG none behind alg", want: bothLive, change: func(d *draft) { d.headerJSON = appended(`"ALG":"none"`) }},
		{name: "ALG none before alg", want: bothLive, change: func(d *draft) { d.headerJSON = prepended(`"ALG":"none"`) }},
		{name: "alg twice, none last", want: bothRefuse, change: func(d *draft) { d.headerJSON = appended(`"alg":"none"`) }},
		{name: "alg twice, none first", want: "own-6", change: func(d *draft) { d.headerJSON = prepended(`"alg":"none"`) }},
		{name: "kid twice, another last", want: bothRefuse, change: func(d *draft) { d.headerJSON = appended(`"kid":"weak"`) }},
		{name: "kid twice, another first", want: "own-6", change: func(d *draft) { d.headerJSON = prepended(`"kid":"weak"`) }},
		{name: "kid twice, null last", want: bothRefuse, change: func(d *draft) { d.headerJSON = appended(`"kid":null`) }},
		{name: "kid twice, a number last", want: bothRefuse, change: func(d *draft) { d.headerJSON = appended(`"kid":1`) }},
		{name: "kid twice, a number first", want: "own-6", change: func(d *draft) { d.headerJSON = prepended(`"kid":1`) }},
		{name: "alg none before ALG", want: bothRefuse, change: func(d *draft) { d.header["alg"], d.headerJSON = "none", appended(`"ALG":"RS256"`) }},
		{name: "CRIT for crit", want: bothLive, change: set("CRIT", []string{"exp"})},
	}
	for name, text := range map[string]string{
		"null": "null", "a list": `["RS256"]`, "text": `"RS256"`, "a number": "1", "empty": "", "an empty object": "{}",
		"cut off": `{"alg":"RS256"`, "not JSON": "alg=RS256", "two objects": `{"alg":"RS256"}{}`, "a single quote": `{'alg':'RS256'}`, "NUL": "\x00",
	} {
		rows = append(rows, row{name: "a header that is " + name, want: bothRefuse, change: func(d *draft) {
			d.headerJSON = func(string) string { return text }
		}})
	}
	for name, change := range map[string]func(string) string{
		"space around":      func(s string) string { return " \t\r\n" + s + "\n " },
		"a byte order mark": func(s string) string { return "\ufeff" + s },
		"NUL behind":        func(s string) string { return s + "\x00" },
		"a comma too many":  func(s string) string { return strings.TrimSuffix(s, "}") + ",}" },
	} {
		rows = append(rows,
			row{name: "a header with " + name, want: bothEqual, change: func(d *draft) { d.headerJSON = change }},
			row{name: "claims with " + name, want: bothEqual, change: func(d *draft) { d.claimsJSON = change }},
		)
	}
	return rows
}

func segmentRows() []row {
	finish := func(f func(h, c, s string) string) func(*draft) {
		return func(d *draft) { d.finish = func(p []string) string { return f(p[0], p[1], p[2]) } }
	}
	join := func(parts ...string) string { return strings.Join(parts, ".") }
	padded := func(s string) string { return s + strings.Repeat("=", -len(s)&3) }
	flip := func(s string, i int) string {
		b := []byte(s)
		if b[i]++; b[i] == '['|'`' || b[i] == '{' || b[i] == ':' || b[i] == '.' {
			b[i] = 'A'
		}
		return string(b)
	}
	// lastBits changes the bits of a segment's last character that encode nothing.
	lastBits := func(s string) string {
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		last := strings.IndexByte(alphabet, s[len(s)-1])
		if len(s)%4 == 0 {
			return s
		}
		return s[:len(s)-1] + string(alphabet[last^1])
	}
	var rows []row
	add := func(want, name string, f func(h, c, s string) string) {
		rows = append(rows, row{name: name, want: want, change: finish(f)})
	}
	add(bothRefuse, "two segments", func(h, c, _ string) string { return join(h, c) })
	add(bothRefuse, "one segment", func(h, _, _ string) string { return h })
	add(bothRefuse, "four segments", func(h, c, s string) string { return join(h, c, s, s) })
	add(bothRefuse, "five segments, as of a JWE", func(h, c, s string) string { return join(h, c, s, s, s) })
	add(bothRefuse, "a dot behind", func(h, c, s string) string { return join(h, c, s, "") })
	add(bothRefuse, "a dot before", func(h, c, s string) string { return join("", h, c, s) })
	add(bothRefuse, "no header", func(_, c, s string) string { return join("", c, s) })
	add(bothRefuse, "no claims", func(h, _, s string) string { return join(h, "", s) })
	add(bothRefuse, "no signature", func(h, c, _ string) string { return join(h, c, "") })
	add(bothRefuse, "nothing at all", func(_, _, _ string) string { return "" })
	add(bothRefuse, "two dots", func(_, _, _ string) string { return ".." })
	add(bothRefuse, "segments in another order", func(h, c, s string) string { return join(c, h, s) })
	add(bothRefuse, "a space before", func(h, c, s string) string { return " " + join(h, c, s) })
	add(bothRefuse, "a space behind", func(h, c, s string) string { return join(h, c, s) + " " })
	add("own-14", "a newline behind, which base64 of Go ignores", func(h, c, s string) string { return join(h, c, s) + "\n" })
	add("own-14", "newlines in the signature", func(h, c, s string) string { return join(h, c, s[:40]+"\r\n"+s[40:]) })
	add(bothRefuse, "newlines in the header, which is signed as it stands", func(h, c, s string) string { return join(h[:4]+"\n"+h[4:], c, s) })
	add(bothRefuse, "NUL behind", func(h, c, s string) string { return join(h, c, s) + "\x00" })
	add(bothRefuse, "garbage behind", func(h, c, s string) string { return join(h, c, s) + "AAAA" })
	add(bothRefuse, "a JSON object behind", func(h, c, s string) string { return join(h, c, s) + "{}" })
	add(bothRefuse, "a padded signature", func(h, c, s string) string { return join(h, c, padded(s)) })
	add(bothRefuse, "a padded signature, a sole equals sign", func(h, c, s string) string { return join(h, c, s) + "=" })
	add(bothRefuse, "padding in the header", func(h, c, s string) string { return join(h+"=", c, s) })
	add(bothRefuse, "padding in the claims", func(h, c, s string) string { return join(h, c+"=", s) })
	add(bothRefuse, "a signature cut by a byte", func(h, c, s string) string { return join(h, c, s[:len(s)-2]) })
	add(bothRefuse, "half a signature", func(h, c, s string) string { return join(h, c, s[:len(s)/2]) })
	add(bothRefuse, "a signature of zeros", func(h, c, s string) string { return join(h, c, strings.Repeat("A", len(s))) })
	add(bothRefuse, "a signature with a zero in front", func(h, c, s string) string { return join(h, c, "AAAA"+s) })
	add(bothRefuse, "the signature of other claims", func(h, c, s string) string { return join(h, flip(c, 20), s) })
	add(bothRefuse, "a flipped bit in the signature", func(h, c, s string) string { return join(h, c, flip(s, 100)) })
	add("own-14", "other unused bits at the signature's end", func(h, c, s string) string { return join(h, c, lastBits(s)) })
	add("own-14", "a line end in the middle of the signature", func(h, c, s string) string { return join(h, c, s[:100]+"\n"+s[100:]) })
	add(bothRefuse, "the signature in base64 that is not base64url", func(h, c, s string) string {
		return join(h, c, strings.NewReplacer("-", "+", "_", "/").Replace(s)+"+")
	})
	add(bothRefuse, "the prefix Bearer", func(h, c, s string) string { return "Bearer " + join(h, c, s) })
	add(bothRefuse, "a dot that is escaped", func(h, c, s string) string { return h + "%2E" + c + "%2E" + s })
	add(bothRefuse, "quotes around", func(h, c, s string) string { return `"` + join(h, c, s) + `"` })
	add(bothRefuse, "the JWS JSON serialization", func(h, c, s string) string {
		return fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, c, h, s)
	})
	add(bothRefuse, "a random one", func(_, _, _ string) string { return rand.Text() + "." + rand.Text() + "." + rand.Text() })
	add(bothRefuse, "100 KB of dots", func(_, _, _ string) string { return strings.Repeat(".", 100<<10) })

	for name, encode := range map[string]func([]byte) string{
		"padded base64url": base64.URLEncoding.EncodeToString,
		"padded base64":    base64.StdEncoding.EncodeToString,
		"hex":              func(b []byte) string { return fmt.Sprintf("%x", b) },
		"plain text":       func(b []byte) string { return string(b) },
	} {
		rows = append(rows, row{name: "segments in " + name, want: bothRefuse, change: func(d *draft) { d.encode = encode }})
	}
	rows = append(rows, row{name: "newlines in every segment, signed so", want: "own-14", change: func(d *draft) {
		d.encode = func(b []byte) string {
			s := base64.RawURLEncoding.EncodeToString(b)
			return s[:8] + "\r\n" + s[8:]
		}
	}})
	for _, size := range []int{4 << 10, 10 << 10, 13 << 10, 100 << 10} {
		want := bothLive
		if size > 12<<10 {
			want = "own-7"
		}
		rows = append(rows, row{name: fmt.Sprintf("claims of %d bytes", size), want: want, change: func(d *draft) {
			d.claims["padding"] = strings.Repeat("x", size)
		}})
	}
	return rows
}

func addressRows(r *rivals) []row {
	project, base := r.srv.ProjectID(), r.srv.URL()
	var rows []row
	for _, c := range []struct {
		claim, name string
		value       any
		want        string
	}{
		{"iss", "the project at stytch.com", "stytch.com/" + project, bothLive},
		{"iss", "the custom domain's base URL", base, bothLive},
		{"iss", "the base URL with a slash", base + "/", bothRefuse},
		{"iss", "the base URL in upper case", strings.ToUpper(base), bothRefuse},
		{"iss", "the base URL's host", strings.TrimPrefix(base, "http://"), bothRefuse},
		{"iss", "another project at stytch.com", "stytch.com/project-test-22222222-2222-4222-8222-222222222222", bothRefuse},
		{"iss", "stytch.com alone", "stytch.com", bothRefuse},
		{"iss", "stytch.com with a slash", "stytch.com/", bothRefuse},
		{"iss", "stytch.com by https", "https://stytch.com/" + project, bothRefuse},
		{"iss", "the project alone", project, bothRefuse},
		{"iss", "the project with more behind", "stytch.com/" + project + "x", bothRefuse},
		{"iss", "the project with a space behind", "stytch.com/" + project + " ", bothRefuse},
		{"iss", "the project in upper case", strings.ToUpper("stytch.com/" + project), bothRefuse},
		{"iss", "test.stytch.com", "https://test.stytch.com", bothRefuse},
		{"iss", "a list with the right one", []string{"stytch.com/" + project}, bothRefuse},
		{"aud", "the project in a list", []string{project}, bothLive},
		{"aud", "the project as text", project, bothLive},
		{"aud", "the project among others", []string{"a", project, "b"}, bothLive},
		{"aud", "the project twice", []string{project, project}, bothLive},
		{"aud", "another project", []string{"project-test-22222222-2222-4222-8222-222222222222"}, bothRefuse},
		{"aud", "another project as text", "project-live-22222222-2222-4222-8222-222222222222", bothRefuse},
		{"aud", "a list with an empty one", []string{""}, bothRefuse},
		{"aud", "an empty one beside the project", []string{"", project}, bothLive},
		{"aud", "a list with null beside the project", []any{nil, project}, bothRefuse},
		{"aud", "a list with a number beside the project", []any{1, project}, bothRefuse},
		{"aud", "a list in a list", []any{[]string{project}}, bothRefuse},
		{"aud", "the project in upper case", strings.ToUpper(project), bothRefuse},
		{"aud", "projects with a comma between", "a," + project, bothRefuse},
	} {
		rows = append(rows, row{name: c.claim + " is " + c.name, want: c.want, change: func(d *draft) { d.claims[c.claim] = c.value }})
	}
	return append(rows,
		row{name: "aud twice, ours last", want: "own-6", change: func(d *draft) { d.claimsJSON = prepended(`"aud":"another"`) }},
		row{name: "aud twice, ours first", want: bothRefuse, change: func(d *draft) { d.claimsJSON = appended(`"aud":"another"`) }},
		row{name: "aud twice, null last", want: "own-6", change: func(d *draft) { d.claimsJSON = appended(`"aud":null`) }},
		row{name: "AUD behind aud", want: "own-12", change: func(d *draft) { d.claimsJSON = appended(`"AUD":"another"`) }},
		row{name: "iss twice, ours first", want: bothRefuse, change: func(d *draft) { d.claimsJSON = appended(`"iss":"another"`) }},
		row{name: "ISS behind iss", want: "own-12", change: func(d *draft) { d.claimsJSON = appended(`"ISS":"another"`) }},
		row{name: "iss by the base URL and twice aud", want: "own-6", change: func(d *draft) {
			d.claims["iss"], d.claimsJSON = base, prepended(`"aud":["another"]`)
		}},
	)
}

// timeRows are the boundaries of exp, nbf, iat and the session's expires_at, to the second, seen on
// the second and half a second later.
func timeRows() []row {
	seconds := func(d time.Duration) any { return int64(d / time.Second) }
	claimAt := func(name string, d time.Duration) func(*draft) {
		return func(dr *draft) { dr.claims[name] = time.Now().Unix() + seconds(d).(int64) }
	}
	var rows []row
	add := func(name string, offset, later time.Duration, want string, change func(*draft)) {
		when := "now"
		if offset != 0 {
			when = fmt.Sprintf("%+v from now", offset)
		}
		if later != 0 {
			when += ", seen half a second later"
		}
		rows = append(rows, row{name: name + " " + when, want: want, change: change, later: later})
	}
	const half = 500 * time.Millisecond
	for _, b := range []struct {
		offset, later time.Duration
		exp, nbf, iat string
	}{
		{-time.Hour, 0, bothRefuse, bothLive, bothRefuse},
		{-6 * time.Second, 0, bothRefuse, bothLive, bothLive},
		{-5 * time.Second, 0, bothRefuse, bothLive, bothLive},
		{-5 * time.Second, half, bothRefuse, bothLive, bothLive},
		{-4 * time.Second, half, "#7", bothLive, bothLive},
		{-time.Second, 0, "#7", bothLive, bothLive},
		{0, 0, "#7", bothLive, bothLive},
		{0, half, "#7", bothLive, bothLive},
		{time.Second, half, bothLive, "#7", bothLive},
		{time.Second, 0, bothLive, "#7", bothLive},
		{5 * time.Second, 0, bothLive, "#7", bothLive},
		{6 * time.Second, half, bothLive, bothRefuse, "own-3"},
		{6 * time.Second, 0, bothLive, bothRefuse, "own-3"},
		{time.Hour, 0, bothLive, bothRefuse, "own-3"},
	} {
		add("exp is", b.offset, b.later, b.exp, claimAt("exp", b.offset))
		add("nbf is", b.offset, b.later, b.nbf, claimAt("nbf", b.offset))
		add("iat is", b.offset, b.later, b.iat, claimAt("iat", b.offset))
		expires := bothLive
		if b.offset <= 0 {
			expires = "own-4"
		}
		add("the session's expires_at is", b.offset, b.later, expires, func(d *draft) {
			d.session["expires_at"] = time.Now().Add(b.offset).Format(time.RFC3339)
		})
	}
	for _, c := range []struct {
		name   string
		claim  string
		number string
		want   string
	}{
		{"exp with a fraction is cut to the second", "exp", "946684800.999", "#7"},
		{"exp with a fraction in the next second", "exp", "946684801.5", bothLive},
		{"nbf with a fraction is cut to the second", "nbf", "946684800.999", bothLive},
		{"iat with a fraction", "iat", "946684790.25", bothLive},
		{"iat with an exponent", "iat", "9.46684790e8", bothLive},
		{"exp as text of a number", "exp", `"946684900"`, bothLive},
		{"iat as text of a number", "iat", `"946684790"`, bothLive},
		{"exp as text of a date", "exp", `"2000-01-01T01:00:00Z"`, bothRefuse},
		{"exp is 0", "exp", "0", bothRefuse},
		{"iat is 0", "iat", "0", bothRefuse},
		{"nbf is 0", "nbf", "0", bothLive},
		{"exp is before 1970", "exp", "-1", bothRefuse},
		{"nbf is before 1970", "nbf", "-1", bothLive},
		{"iat is before 1970", "iat", "-946684800", bothRefuse},
		{"exp is beyond float64", "exp", "1e400", bothRefuse},
		{"iat is beyond float64", "iat", "1e400", bothRefuse},
		{"nbf is beyond float64", "nbf", "-1e400", bothRefuse},
		{"exp is the last second of the year 9999", "exp", "253402300799", bothLive},
		{"exp is in the year 10000, beside expires_at", "exp", "253402300800", "own-11"},
		{"exp is in the year 300 billion, beside expires_at", "exp", "9223372036854775000", bothEqual},
		{"exp is the last time that Go knows", "exp", "9223371974719179007", bothEqual},
		{"iat is in the year 10000", "iat", "253402300800", "own-3"},
		{"iat is 1e18", "iat", "1e18", "own-3"},
		{"nbf is 1e18", "nbf", "1e18", bothRefuse},
		{"nbf is -1e18", "nbf", "-1e18", bothLive},
		{"iat is -1e18", "iat", "-1e18", bothRefuse},
		{"exp is in milliseconds", "exp", "946684900000", bothEqual},
		{"iat is in milliseconds", "iat", "946684790000", "own-3"},
	} {
		rows = append(rows, row{name: c.name, want: c.want, change: func(d *draft) { d.claims[c.claim] = raw(c.number) }})
	}
	return append(rows,
		row{name: "no exp, beside expires_at", want: "#3", change: func(d *draft) { d.claims["exp"] = absent{} }},
		row{name: "exp null, beside expires_at", want: "#3", change: func(d *draft) { d.claims["exp"] = nil }},
		row{name: "neither exp nor expires_at", want: bothRefuse, change: func(d *draft) {
			d.claims["exp"], d.session["expires_at"] = absent{}, absent{}
		}},
		row{name: "no iat", want: bothRefuse, change: func(d *draft) { d.claims["iat"] = absent{} }},
		row{name: "no nbf", want: bothLive, change: func(d *draft) { d.claims["nbf"] = absent{} }},
		row{name: "exp before iat", want: bothRefuse, change: func(d *draft) { d.claims["exp"] = time.Now().Unix() - 120 }},
		row{name: "exp twice, the past last", want: bothRefuse, change: func(d *draft) { d.claimsJSON = appended(`"exp":1`) }},
		row{name: "exp twice, null last", want: "#3", change: func(d *draft) { d.claimsJSON = appended(`"exp":null`) }},
		row{name: "EXP behind exp", want: "own-12", change: func(d *draft) { d.claimsJSON = appended(`"EXP":1`) }},
		row{name: "exp in the year 10000 without expires_at", want: bothRefuse, change: func(d *draft) {
			d.claims["exp"], d.session["expires_at"] = int64(253402300800), absent{}
		}},
		row{name: "expires_at absent takes exp", want: bothLive, change: func(d *draft) { d.session["expires_at"] = absent{} }},
		row{name: "expires_at empty takes exp", want: bothLive, change: func(d *draft) { d.session["expires_at"] = "" }},
	)
}

func freshnessRows() []row {
	var rows []row
	for _, c := range []struct {
		age, maxAge, later time.Duration
		want               string
	}{
		{0, time.Second, 0, bothLive},
		{time.Minute, time.Hour, 0, bothLive},
		{time.Minute, time.Minute, 0, bothLive},
		{time.Minute, time.Minute, time.Nanosecond, "#7"},
		{time.Minute, 59 * time.Second, 0, "#7"},
		{time.Minute, 55 * time.Second, 0, "#7"},
		{time.Minute, 55 * time.Second, time.Nanosecond, bothRefuse},
		{time.Minute, 54 * time.Second, 0, bothRefuse},
		{time.Minute, time.Nanosecond, 0, bothRefuse},
		{time.Second, time.Nanosecond, 0, "#7"},
		{24 * time.Hour, 25 * time.Hour, 0, bothLive},
		{24 * time.Hour, 23 * time.Hour, 0, bothRefuse},
		{24 * time.Hour, 290 * 365 * 24 * time.Hour, 0, bothLive},
	} {
		rows = append(rows, row{
			name:   fmt.Sprintf("a JWT of age %v where at most %v is allowed, seen %v later", c.age, c.maxAge, c.later),
			want:   c.want,
			maxAge: c.maxAge,
			later:  c.later,
			change: func(d *draft) { d.claims["iat"] = time.Now().Add(-c.age).Unix() },
		})
	}
	return rows
}

// claimTypeRows give every claim a value of every type.
func claimTypeRows() []row {
	values := []struct {
		name  string
		value any
	}{
		{"absent", absent{}}, {"null", nil}, {"empty text", ""}, {"text", "text"}, {"zero", 0}, {"negative", -1}, {"a fraction", 1.5},
		{"true", true}, {"an empty list", []any{}}, {"a list of text", []string{"text"}}, {"a list of null", []any{nil}},
		{"a list of lists", []any{[]any{}}}, {"an empty object", map[string]any{}}, {"an object", map[string]any{"id": "x", "type": "y"}},
		{"a number beyond float64", raw("1e400")},
	}
	set := func(in func(*draft) map[string]any, name string, value any) func(*draft) {
		return func(d *draft) { in(d)[name] = value }
	}
	var rows []row
	for _, of := range []struct {
		in     func(*draft) map[string]any
		where  string
		claims []string
	}{
		{func(d *draft) map[string]any { return d.claims }, "", []string{"iss", "aud", "sub", "iat", "nbf", "exp", "jti", sessionClaim, organizationClaim}},
		{func(d *draft) map[string]any { return d.session }, "the session's ", []string{"id", "started_at", "last_accessed_at", "expires_at", "attributes", "authentication_factors", "roles"}},
		{func(d *draft) map[string]any { return d.org }, "the organization's ", []string{"organization_id", "slug"}},
	} {
		for _, claim := range of.claims {
			for _, v := range values {
				rows = append(rows, row{name: of.where + claim + " is " + v.name, want: bothEqual, change: set(of.in, claim, v.value)})
			}
		}
	}
	return rows
}

func sessionRows() []row {
	session := func(name string, value any) func(*draft) { return func(d *draft) { d.session[name] = value } }
	rows := []row{
		{name: "a machine's token: no session claim, a scope", want: bothRefuse, change: func(d *draft) {
			d.claims["sub"], d.claims["scope"] = "m2m-client-test-1", "read:users"
			d.claims[sessionClaim], d.claims[organizationClaim] = absent{}, absent{}
		}},
		{name: "a connected app's token: an organization, no session claim", want: bothRefuse, change: func(d *draft) {
			d.claims["scope"], d.claims[sessionClaim] = "openid", absent{}
		}},
		{name: "a session with a custom claim called scope", want: bothLive, change: func(d *draft) { d.claims["scope"] = "read:users" }},
		{name: "a consumer's session: no organization", want: "own-5", ofB2B: true, change: func(d *draft) { d.claims[organizationClaim] = absent{} }},
		{name: "an organization of null", want: "own-5", change: func(d *draft) { d.claims[organizationClaim] = nil }},
		{name: "no session ID", want: "own-5", change: session("id", absent{})},
		{name: "an empty member ID", want: "own-5", change: func(d *draft) { d.claims["sub"] = "" }},
		{name: "no organization slug", want: bothLive, change: func(d *draft) { d.org["slug"] = absent{} }},
		{name: "a session claim under another address", want: bothRefuse, change: func(d *draft) {
			d.claims[sessionClaim], d.claims["https://stytch.com/sessions"] = absent{}, d.session
		}},
		{name: "a session claim in upper case", want: "own-12", change: func(d *draft) {
			d.claims[sessionClaim], d.claims[strings.ToUpper(sessionClaim)] = absent{}, d.session
		}},
		{name: "the session claim twice merges", want: "own-6", change: func(d *draft) {
			d.claimsJSON = appended(strconv.Quote(sessionClaim) + `:{"id":"other","roles":["admin"]}`)
		}},
		{name: "the session claim twice, null last", want: "own-6", change: func(d *draft) {
			d.claimsJSON = appended(strconv.Quote(sessionClaim) + `:null`)
		}},
		{name: "sub twice takes the last", want: "own-6", change: func(d *draft) { d.claimsJSON = appended(`"sub":"member-test-other"`) }},
		{name: "factors twice merge as encoding/json merges", want: "own-6", change: func(d *draft) {
			d.claims["iss"] = "stytch.com/" + d.claims["aud"].([]string)[0]
			d.claimsJSON = prepended(strconv.Quote(sessionClaim) + `:{"authentication_factors":[{"type":"totp","sequence_order":"PRIMARY"},{"type":"otp"}]}`)
		}},
		{name: "roles null", want: bothLive, change: session("roles", nil)},
		{name: "roles repeated", want: bothLive, change: session("roles", []string{"a", "a", ""})},
		{name: "500 roles", want: bothLive, change: session("roles", strings.Split(strings.Repeat("role,", 500), ","))},
		{name: "roles beyond ASCII", want: bothLive, change: session("roles", []string{"редактор", "編集者", "👩‍💻", "\u202e"})},
		{name: "a session ID of NUL and quotes", want: bothLive, change: session("id", "\x00\"\\</script>\u2028")},
		{name: "invalid UTF-8 in the member ID", want: "own-13", change: func(d *draft) {
			d.claimsJSON = func(s string) string { return strings.Replace(s, "member-test-alice", "member-\xff\xfe-test", 1) }
		}},
		{name: "a lone surrogate in the slug", want: "own-13", ofB2B: true, change: func(d *draft) {
			d.claimsJSON = func(s string) string { return strings.Replace(s, `"acme"`, `"\ud800acme"`, 1) }
		}},
		{name: "a session member that nobody knows", want: bothLive, change: session("nobody_knows", map[string]any{"a": 1})},
		{name: "an unknown session member beyond float64", want: "own-9", change: session("nobody_knows", raw("1e400"))},
		{name: "an empty list of factors", want: bothLive, change: session("authentication_factors", []any{})},
		{name: "a factor of null", want: bothLive, change: session("authentication_factors", []any{nil})},
		{name: "a factor that is text", want: bothRefuse, change: session("authentication_factors", []any{"magic_link"})},
	}
	for _, at := range []struct{ name, text, want string }{
		{"in UTC", "1999-12-31T23:00:00Z", bothLive},
		{"with a fraction", "1999-12-31T23:00:00.123456789Z", bothLive},
		{"with a comma before the fraction", "1999-12-31T23:00:00,5Z", bothLive},
		{"in a zone", "2000-01-01T05:30:00+05:30", bothLive},
		{"in a zone without a colon", "2000-01-01T05:30:00+0530", bothRefuse},
		{"in lower case", "1999-12-31t23:00:00z", bothRefuse},
		{"with a space", "1999-12-31 23:00:00Z", bothRefuse},
		{"without a zone", "1999-12-31T23:00:00", bothRefuse},
		{"that is a date", "1999-12-31", bothRefuse},
		{"of a leap second", "1999-12-31T23:59:60Z", bothRefuse},
		{"of the 30th of February", "2000-02-30T00:00:00Z", bothRefuse},
		{"of hour 24", "1999-12-31T24:00:00Z", bothRefuse},
		{"of one digit", "2000-01-01T0:00:00Z", bothEqual},
		{"in the year 0", "0000-01-01T00:00:00Z", bothLive},
		{"before the year 0 in UTC", "0000-01-01T00:00:00+01:00", "own-11"},
		{"after the year 9999 in UTC", "9999-12-31T23:59:59-01:00", "own-11"},
		{"in a zone of 24 hours", "2000-01-01T00:00:00+24:00", bothEqual},
		{"in seconds", "946684800", bothRefuse},
		{"with a space behind", "1999-12-31T23:00:00Z ", bothRefuse},
	} {
		rows = append(rows,
			row{name: "a started_at " + at.name, want: at.want, change: session("started_at", at.text)},
			row{name: "a last_accessed_at " + at.name, want: at.want, change: session("last_accessed_at", at.text)},
		)
	}
	for _, at := range []struct{ name, text, want string }{
		{"with a fraction", "2000-01-01T00:00:00.000000001Z", bothLive},
		{"in a zone", "2000-01-01T02:00:00+01:00", bothLive},
		{"past in its zone", "2000-01-01T00:30:00+01:00", "own-4"},
		{"after the year 9999 in UTC", "9999-12-31T23:59:59-01:00", "own-11"},
		{"that is no time", "tomorrow", bothRefuse},
		{"that is a space", " ", bothRefuse},
	} {
		rows = append(rows, row{name: "an expires_at " + at.name, want: at.want, change: session("expires_at", at.text)})
	}
	return rows
}

// factorRows have one row for each kind of factor that the SDK knows, and some of no kind.
func factorRows() []row {
	factor := func(members map[string]any) func(*draft) {
		return func(d *draft) { d.session["authentication_factors"] = []any{members} }
	}
	rows := []row{
		{name: "factors of several kinds", want: bothLive, change: func(d *draft) {
			d.session["authentication_factors"] = []any{
				map[string]any{"type": "password", "delivery_method": "knowledge", "created_at": "1999-12-31T00:00:00Z"},
				map[string]any{"type": "otp", "delivery_method": "sms", "phone_number_factor": map[string]any{"phone_id": "phone-1", "phone_number": "+15005550006"}},
				map[string]any{"type": "sso", "delivery_method": "sso_saml", "saml_sso_factor": map[string]any{"id": "x", "provider_id": "y", "external_id": "z"}},
				map[string]any{"type": "recovery_codes", "delivery_method": "recovery_code", "recovery_code_factor": map[string]any{"totp_recovery_code_id": "r"}},
			}
		}},
		{name: "a factor of a type that nobody knows", want: bothLive, change: factor(map[string]any{"type": "telepathy", "delivery_method": "thought"})},
		{name: "a factor member that nobody knows", want: bothLive, change: factor(map[string]any{"type": "totp", "telepathy_factor": map[string]any{"id": "x"}})},
		{name: "a factor type that is a number", want: bothRefuse, change: factor(map[string]any{"type": 1})},
		{name: "a factor time in a zone", want: bothLive, change: factor(map[string]any{"type": "otp", "last_authenticated_at": "2000-01-01T00:00:00+05:30"})},
		{name: "a factor time that is no time", want: bothRefuse, change: factor(map[string]any{"type": "otp", "last_authenticated_at": "yesterday"})},
		{name: "a factor time that is empty", want: bothRefuse, change: factor(map[string]any{"type": "otp", "last_authenticated_at": ""})},
		{name: "a factor time that is null", want: bothLive, change: factor(map[string]any{"type": "otp", "last_authenticated_at": nil})},
		{name: "a factor time at the end of the year 9999 in a zone", want: bothLive, change: factor(map[string]any{"type": "otp", "created_at": "9999-12-31T23:59:59-01:00"})},
	}
	kinds := reflect.TypeFor[consumersessions.AuthenticationFactor]()
	for i := range kinds.NumField() {
		field := kinds.Field(i)
		if field.Type.Kind() != reflect.Pointer || field.Type.Elem().Kind() != reflect.Struct || field.Type.Elem() == reflect.TypeFor[time.Time]() {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		members := map[string]any{}
		for j := range field.Type.Elem().NumField() {
			member := field.Type.Elem().Field(j)
			if member.Type.Kind() == reflect.String {
				key, _, _ := strings.Cut(member.Tag.Get("json"), ",")
				members[key] = key + " of ä"
			}
		}
		rows = append(rows,
			row{name: "a factor with " + name, want: bothLive, change: factor(map[string]any{"type": "x", name: members})},
			row{name: "a factor with an empty " + name, want: bothLive, change: factor(map[string]any{"type": "x", name: map[string]any{}})},
		)
	}
	return rows
}

func customClaimRows() []row {
	claim := func(name string, value any) func(*draft) { return func(d *draft) { d.claims[name] = value } }
	claimBehind := func(text string) func(*draft) { return func(d *draft) { d.claimsJSON = appended(text) } }
	nested := func(depth int) raw { return raw(strings.Repeat("[", depth) + strings.Repeat("]", depth)) }
	return []row{
		{name: "custom claims of every type", want: bothLive, change: func(d *draft) {
			maps.Copy(d.claims, map[string]any{"text": "a", "number": 1, "fraction": 1.5, "yes": true, "nothing": nil, "list": []any{1, "a", nil}, "object": map[string]any{"a": map[string]any{}}})
		}},
		{name: "SUB behind sub", want: "own-12", change: claimBehind(`"SUB":"mallory"`)},
		{name: "a sub with a long s behind sub", want: "own-12", change: claimBehind(`"ſub":"mallory"`)},
		{name: "Sub for sub", want: "own-12", change: func(d *draft) { d.claims["Sub"], d.claims["sub"] = "mallory", absent{} }},
		{name: "ISS for iss", want: "own-12", change: func(d *draft) { d.claims["ISS"], d.claims["iss"] = d.claims["iss"], absent{} }},
		{name: "Exp for exp", want: "own-12", change: func(d *draft) { d.claims["Exp"], d.claims["exp"] = d.claims["exp"], absent{} }},
		{name: "Stytch's session in another case behind it", want: "own-12", change: claimBehind(`"https://stytch.com/Session":{"id":"another"}`)},
		{name: "Stytch's organization in another case behind it", want: "own-12", ofB2B: true, change: claimBehind(`"https://STYTCH.com/organization":{"organization_id":"another"}`)},
		{name: "Roles behind a session's roles", want: "own-12", change: func(d *draft) {
			d.claimsJSON = func(s string) string {
				return strings.Replace(s, `"roles":`, `"Roles":["admin"],"roles":[],"ROLES":`, 1)
			}
		}},
		{name: "a name twice deep in a custom claim", want: "own-6", change: claimBehind(`"a":[{"b":{"c":1,"c":2}}]`)},
		{name: "a lone surrogate in a custom claim", want: "own-13", change: claimBehind(`"a":"\ud800"`)},
		{name: "a custom claim without a name", want: bothLive, change: claim("", "x")},
		{name: "a custom claim beyond ASCII", want: bothLive, change: claim("ключ", "значение 👩‍💻 \u2028")},
		{name: "a custom claim of invalid UTF-8", want: "own-13", change: func(d *draft) { d.claimsJSON = appended("\"a\xff\":\"\xfe\"") }},
		{name: "a custom claim of HTML", want: bothLive, change: claim("html", "</script><script>&amp;")},
		{name: "a custom claim beyond 2^53", want: bothLive, change: claim("n", raw("9007199254740993"))},
		{name: "a custom claim of 30 digits", want: bothLive, change: claim("n", raw("123456789012345678901234567890"))},
		{name: "a custom claim of 1e308", want: bothLive, change: claim("n", raw("1e308"))},
		{name: "a custom claim beyond float64", want: "own-9", change: claim("n", raw("1e400"))},
		{name: "a custom claim too small for float64", want: bothEqual, change: claim("n", raw("1e-400"))},
		{name: "a custom claim of minus zero", want: bothLive, change: claim("n", raw("-0"))},
		{name: "a custom claim nested 1,000 deep", want: bothLive, change: claim("deep", nested(1000))},
		{name: "a custom claim nested 5,900 deep", want: bothEqual, change: claim("deep", nested(5900))},
		{name: "a custom claim twice takes the last", want: "own-6", change: func(d *draft) { d.claimsJSON = appended(`"a":{"x":1},"a":{"y":2}`) }},
		{name: "two custom claims that differ in case", want: bothLive, change: func(d *draft) { d.claimsJSON = appended(`"a":1,"A":2`) }},
		{name: "jti", want: "#11", change: claim("jti", "jwt-1")},
		{name: "JTI, which is a custom claim", want: bothLive, change: claim("JTI", "jwt-1")},
		{name: "a claim of Stytch's that nobody knows", want: bothLive, change: claim("https://stytch.com/new", 1)},
		{name: "a claim that only begins like Stytch's", want: bothLive, change: claim("https://stytch.community/x", 1)},
		{name: "a claim of Stytch's by http", want: bothLive, change: claim("http://stytch.com/session", map[string]any{"id": "other"})},
		{name: "custom claims called like members of a session", want: bothLive, change: func(d *draft) {
			maps.Copy(d.claims, map[string]any{"member_id": "other", "roles": []string{"admin"}, "organization_id": "other", "custom_claims": 1, "id": "x", "Session": 1, "Organization": 2, "RegisteredClaims": 3})
		}},
		{name: "300 custom claims", want: bothLive, change: func(d *draft) {
			for i := range 300 {
				d.claims["claim-"+strconv.Itoa(i)] = i
			}
		}},
	}
}

// The SDK panics on what the verifier refuses: STYTCH.md §5 #3.
func TestWhereTheSDKPanicsTheVerifierRefuses(t *testing.T) {
	r := newRivals(t, stytchkit.B2B)
	for name, change := range map[string]func(*draft){
		"no iat": func(d *draft) { d.claims["iat"] = absent{} },
		"neither exp nor expires_at": func(d *draft) {
			d.claims["exp"], d.session["expires_at"] = absent{}, absent{}
		},
	} {
		token := r.draft(change).token(t)
		ours, theirs := r.ours(token, time.Hour), r.theirs(token, time.Hour)
		if !strings.HasPrefix(ours.why, "forged: ") || !strings.HasPrefix(theirs.why, "panic: ") {
			t.Errorf("%s\nhere    %s, want forged\nthe SDK %s, want a panic", name, ours, theirs)
		}
	}
}

// FuzzVerify signs any header and claims with the project's key, cuts any bytes out of the token and
// puts others in. KID and BASE stand for the key ID and the base URL, which change with each run.
func FuzzVerify(f *testing.F) {
	r := newRivals(f, stytchkit.B2B)
	placeholders := strings.NewReplacer("KID", r.srv.KeyID(), "BASE", r.srv.URL())
	names := strings.NewReplacer(r.srv.KeyID(), "KID", r.srv.URL(), "BASE")
	const whole = 1 << 15
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of every bubble
	for i, row := range slices.Concat(headerRows(), segmentRows(), addressRows(r), timeRows(), claimTypeRows(), sessionRows(), factorRows(), customClaimRows()) {
		if i%7 != 0 {
			continue // one of each kind is enough to start from
		}
		d := newDraft(now, r.srv.KeyID(), r.srv.ProjectID(), signingKey())
		row.change(d)
		d.encode = func(b []byte) string { return string(b) }
		d.finish = func(parts []string) string {
			if len(parts[0])+len(parts[1]) < 4<<10 {
				f.Add(names.Replace(parts[0]), names.Replace(parts[1]), "", uint16(whole), uint16(whole))
			}
			return ""
		}
		d.token(f)
	}
	f.Add(`{"alg":"RS256","kid":"KID"}`, `{"iss":"BASE"}`, "AAAA", uint16(10), uint16(14))
	f.Add("", "", "eyJhbGciOiJSUzI1NiIsImtpZCI6ImtpZCJ9.e30.AAAA", uint16(0), uint16(whole))
	f.Add("", "", "eyJhbGciOiJub25lIiwia2lkIjoia2lkIn0.e30.", uint16(0), uint16(whole))
	f.Fuzz(func(t *testing.T, header, claims, insert string, from, to uint16) {
		header, claims = placeholders.Replace(header), placeholders.Replace(claims)
		d := &draft{
			headerJSON: func(string) string { return header },
			claimsJSON: func(string) string { return claims },
			method:     jwt.SigningMethodRS256, key: signingKey(),
			encode: base64.RawURLEncoding.EncodeToString,
			finish: func(parts []string) string { return strings.Join(parts, ".") },
		}
		token := insert
		if from > 0 || int(to) < whole {
			token = d.token(t)
			start, end := min(int(from), len(token)), min(int(to), len(token))
			if start <= end {
				token = token[:start] + insert + token[end:]
			}
		}
		synctest.Test(t, func(t *testing.T) {
			ours, theirs, exempt := r.compare(token, 5*time.Minute)
			if exempt == "unexplained" {
				x := r.dissect(token, 0)
				t.Errorf("JWT     %q\nheader  %q\nclaims  %q\nhere    %s\nthe SDK %s", token, x.headerJSON, x.claimsJSON, ours, theirs)
			}
		})
	})
}
