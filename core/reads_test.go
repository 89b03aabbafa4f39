package stytchkit_test

import (
	"cmp"
	"context"
	"crypto/rsa"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// threeClaims are custom claims as an application has them.
type threeClaims struct {
	Plan   string   `json:"plan"`
	Seats  int      `json:"seats"`
	Groups []string `json:"groups"`
}

// reader is a handler that reads a remembered session.
type reader struct {
	session *stytchkit.Session
	auth    *stytchkit.Authenticator
	ctx     context.Context // of the guarded request
	token   string
	key     *rsa.PublicKey
}

func newReader(tb testing.TB) *reader {
	tb.Helper()
	srv := stytchtest.Start(tb, stytchtest.Options{Key: signingKey()})
	auth, err := stytchkit.New(srv.Config())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(auth.Close)
	if err := auth.Ready(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	member := srv.AddMember(stytchtest.Member{Email: "alice@example.com", Roles: []string{"editor"}})
	alice := member.SignIn(stytchtest.WithLifetime(24*time.Hour), stytchtest.WithClaims(map[string]any{"plan": "pro", "seats": 5, "groups": []string{"a", "b"}}))
	r := &reader{auth: auth, token: alice.JWT(), key: &signingKey().PublicKey}
	guard := auth.Require()
	for _, want := range []stytchkit.Source{stytchkit.FromJWT, stytchkit.FromCache} {
		request := bearer(r.token)
		d := check(guard, request)
		if d.Source != want {
			tb.Fatalf("got %q, want %q (%v)", d.Source, want, d.Denial)
		}
		r.session, r.ctx = d.Session, d.Context(request.Context())
	}
	return r
}

// reads are the reads of a remembered session, each with what it may cost in terms of one local
// verification of the same JWT by golang-jwt, and how often it may allocate (0: not said).
func (r *reader) reads(tb testing.TB) []read {
	return []read{
		{"MarshalJSON", 0.1, 4, func() {
			if data, err := r.session.MarshalJSON(); err != nil || len(data) == 0 {
				tb.Fatal(err)
			}
		}},
		{"json.Marshal", 1.0 / 6, 0, func() {
			if data, err := json.Marshal(r.session); err != nil || len(data) == 0 {
				tb.Fatal(err)
			}
		}},
		{"MemberSession", 0.1, 0, func() {
			if r.session.MemberSession().MemberID == "" {
				tb.Fatal("no member")
			}
		}},
		{"Claims", 0.1, 10, func() {
			if claims, err := stytchkit.Claims[threeClaims](r.session); err != nil || claims.Seats != 5 {
				tb.Fatal(claims, err)
			}
		}},
		{"State", 0.2, 0, func() {
			if state, err := r.auth.State(r.ctx); err != nil || state.Member == nil || state.Organization == nil {
				tb.Fatal(err)
			}
		}},
	}
}

type read struct {
	name        string
	ofVerifying float64
	allocations float64
	do          func()
}

func (r *reader) verify(tb testing.TB) func() {
	return func() {
		_, err := jwt.ParseWithClaims(r.token, &sessions.Claims{}, func(*jwt.Token) (any, error) { return r.key, nil }, jwt.WithValidMethods([]string{"RS256"}))
		if err != nil {
			tb.Fatal(err)
		}
	}
}

func TestReadsOfARememberedSessionCostLittle(t *testing.T) {
	r := newReader(t)
	verify := r.verify(t)
	for _, read := range r.reads(t) {
		read.do()
		if got := testing.AllocsPerRun(100, read.do); read.allocations > 0 && got > read.allocations {
			t.Errorf("%s: %v allocations, want at most %v", read.name, got, read.allocations)
		}
		got := ratio(read.do, verify)
		if t.Logf("%s: %.3f of a verification, %v allocations", read.name, got, testing.AllocsPerRun(100, read.do)); !underRace && got > read.ofVerifying {
			t.Errorf("%s: takes %.3f of a verification, want at most %.3f", read.name, got, read.ofVerifying)
		}
	}
}

// ratio is what one takes in terms of the other: the median of many short turns of both, so that what
// else the machine does falls on both, and on few.
func ratio(one, other func()) float64 {
	const turns, batch = 101, 20
	timed := func(f func()) float64 {
		began := time.Now()
		for range batch {
			f()
		}
		return float64(time.Since(began))
	}
	ratios := make([]float64, turns)
	for i := range ratios {
		ratios[i] = timed(one) / timed(other)
	}
	slices.SortFunc(ratios, cmp.Compare[float64])
	return ratios[turns/2]
}

func BenchmarkReads(b *testing.B) {
	r := newReader(b)
	b.Run("golang-jwt", func(b *testing.B) { run(b, r.verify(b)) })
	for _, read := range r.reads(b) {
		b.Run(read.name, func(b *testing.B) {
			run(b, read.do)
		})
		b.Run(read.name+"/ratio", func(b *testing.B) { compare(b, 20, read.ofVerifying, read.do, r.verify(b)) })
	}
}

// Whoever reads may change what was read.
func TestWhatIsReadOfASessionIsTheCallersOwn(t *testing.T) {
	r := newReader(t)
	state := func() stytchkit.State {
		s, err := r.auth.State(r.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	written := func() []byte {
		data, err := r.session.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	raw := func() map[string]json.RawMessage {
		claims, err := stytchkit.Claims[map[string]json.RawMessage](r.session)
		if err != nil {
			t.Fatal(err)
		}
		return claims
	}
	one, other := state(), state()
	for name, pair := range map[string][2]any{
		"MemberSession":                 {r.session.MemberSession(), r.session.MemberSession()},
		"Roles":                         {r.session.Roles(), r.session.Roles()},
		"MarshalJSON":                   {written(), written()},
		"Claims":                        {raw(), raw()},
		"Member":                        {one.Member, other.Member},
		"Organization":                  {one.Organization, other.Organization},
		"MemberSession of another kind": {stytchkit.NewSession(r.session.MemberSession()).MemberSession(), r.session.MemberSession()},
	} {
		a, b := reflect.ValueOf(pair[0]), reflect.ValueOf(pair[1])
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: two reads differ: %+v, %+v", name, pair[0], pair[1])
		}
		seen := map[uintptr]bool{}
		addresses(a, func(address uintptr) { seen[address] = true })
		if len(seen) == 0 {
			t.Errorf("%s: nothing was found that could be shared", name)
		}
		addresses(b, func(address uintptr) {
			if seen[address] {
				t.Errorf("%s: two reads share what is at %x", name, address)
			}
		})
	}
}

// addresses tells where everything is that can be changed through a value.
func addresses(v reflect.Value, tell func(uintptr)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			tell(v.Pointer())
		}
		addresses(v.Elem(), tell)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			addresses(v.Field(i), tell)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			tell(v.Pointer())
		}
		for i := range v.Len() {
			addresses(v.Index(i), tell)
		}
	case reflect.Map:
		if !v.IsNil() {
			tell(v.Pointer())
		}
		for each := v.MapRange(); each.Next(); {
			addresses(each.Value(), tell)
		}
	}
}
