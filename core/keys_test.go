package stytchkit_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	refreshAfter = time.Hour
	cooldown     = 10 * time.Second
	forgetAbsent = 5 * time.Minute
)

// planner is a clock that tells what is planned by it: the waits of the key set.
type planner struct {
	*stytchtest.Clock
	plans chan time.Duration
}

func (p *planner) After(d time.Duration) <-chan time.Time {
	fire := p.Clock.After(d)
	p.plans <- d
	return fire
}

// keyWorld is a stand-in for Stytch and an Authenticator whose plans are seen.
type keyWorld struct {
	t     *testing.T
	srv   *stytchtest.Server
	clock *planner
	auth  *stytchkit.Authenticator
	log   *logged
}

// newKeyWorld prepares the server before the Authenticator begins its first fetch.
func newKeyWorld(t *testing.T, prepare func(*stytchtest.Server), configure ...func(*stytchkit.Config)) *keyWorld {
	t.Helper()
	w := &keyWorld{t: t, log: &logged{}, clock: &planner{
		Clock: stytchtest.NewClock(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)),
		plans: make(chan time.Duration, 10_000),
	}}
	w.srv = stytchtest.Start(t, stytchtest.Options{Clock: w.clock.Clock, Key: signingKey()})
	prepare(w.srv)
	cfg := w.srv.Config()
	cfg.Clock = w.clock
	cfg.Logger = slog.New(slog.NewTextHandler(w.log, nil))
	for _, change := range configure {
		change(&cfg)
	}
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	w.auth = auth
	return w
}

// readyKeyWorld has its keys.
func readyKeyWorld(t *testing.T, configure ...func(*stytchkit.Config)) *keyWorld {
	t.Helper()
	w := newKeyWorld(t, func(*stytchtest.Server) {}, configure...)
	if err := w.auth.Ready(within(t, 5*time.Second)); err != nil {
		t.Fatal(err)
	}
	w.srv.ResetCalls()
	return w
}

// plan waits until a wait between least and most is planned, and is told of the others.
func (w *keyWorld) plan(least, most time.Duration) time.Duration {
	w.t.Helper()
	var others []time.Duration
	timeout := within(w.t, 10*time.Second)
	for {
		select {
		case d := <-w.clock.plans:
			if least <= d && d <= most {
				return d
			}
			others = append(others, d)
		case <-timeout.Done():
			w.t.Fatalf("no wait between %v and %v was planned, but %v", least, most, others)
		}
	}
}

// advance moves the clock, which makes a fetch begin, and returns when it is over.
func (w *keyWorld) advance(d time.Duration) {
	w.t.Helper()
	hold := w.srv.Hold(stytchtest.JWKS)
	w.clock.Advance(d)
	w.auth.ReplanKeys() // the clock may have moved between the plan and the wait for it
	w.held(hold)
	hold.Release()
	w.settle()
}

// held returns once a fetch is held: its answer stands.
func (w *keyWorld) held(hold *stytchtest.Hold) {
	w.t.Helper()
	if err := hold.Waiting(within(w.t, 10*time.Second), 1); err != nil {
		w.t.Fatalf("no fetch began: %v", err)
	}
}

// settle returns once no fetch is under way.
func (w *keyWorld) settle() {
	w.t.Helper()
	if err := w.auth.KeysSettled(within(w.t, 10*time.Second)); err != nil {
		w.t.Fatalf("a fetch did not end: %v", err)
	}
}

func (w *keyWorld) fetches(want int) {
	w.t.Helper()
	if got := w.srv.Calls(stytchtest.JWKS); got != want {
		w.t.Errorf("the keys were fetched %d times, want %d", got, want)
	}
}

// find expects what is known about a key.
func (w *keyWorld) find(kid, want string) {
	w.t.Helper()
	if got := w.auth.FindKey(within(w.t, 10*time.Second), kid); got != want {
		w.t.Errorf("key %s is %s, want %s", kid, got, want)
	}
}

// finding asks about a key in the background, and returns once it waits for a fetch.
func (w *keyWorld) finding(kid string) <-chan string {
	w.t.Helper()
	found := make(chan string, 1)
	ctx := watch(within(w.t, 10*time.Second))
	go func() { found <- w.auth.FindKey(ctx, kid) }()
	ctx.waitedFor(w.t)
	return found
}

// watched is a context that tells when somebody waits for its end.
type watched struct {
	context.Context
	once   sync.Once
	waited chan struct{}
}

func watch(ctx context.Context) *watched {
	return &watched{Context: ctx, waited: make(chan struct{})}
}

func (w *watched) Done() <-chan struct{} {
	w.once.Do(func() { close(w.waited) })
	return w.Context.Done()
}

func (w *watched) waitedFor(t *testing.T) {
	t.Helper()
	select {
	case <-w.waited:
	case <-w.Context.Done():
		t.Fatal("nobody waited")
	}
}

// over is a context that has ended.
func over() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestTheFirstFetchIsInTheBackgroundAndWaitedFor(t *testing.T) {
	var hold *stytchtest.Hold
	w := newKeyWorld(t, func(srv *stytchtest.Server) { hold = srv.Hold(stytchtest.JWKS) })
	w.held(hold)
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn()
	if got := w.auth.FindKey(over(), w.srv.KeyID()); got != "undecided" {
		t.Errorf("for a request that is over the key is %s, want undecided", got)
	}
	if err := w.auth.Ready(over()); err == nil {
		t.Error("ready before the first fetch has ended")
	}

	ready, ctx := make(chan error, 1), watch(within(t, 10*time.Second))
	go func() { ready <- w.auth.Ready(ctx) }()
	ctx.waitedFor(t)
	decided, during := make(chan stytchkit.Decision, 1), watch(within(t, 10*time.Second))
	go func() { decided <- check(w.auth.Require(), bearer(alice.JWT()).WithContext(during)) }()
	during.waitedFor(t)
	unknown := w.finding("unknown")
	hold.Release()

	if err := <-ready; err != nil {
		t.Errorf("Ready, waiting for the first fetch: %v", err)
	}
	if d := <-decided; d.Session.ID() != alice.ID {
		t.Errorf("a request that waited for the first fetch: got %v, want alice's session", d.Denial)
	}
	if got := <-unknown; got != "undecided" {
		t.Errorf("an unknown key that came after the first fetch began is %s, want undecided", got)
	}
	w.fetches(1)
}

func TestARequestWaitsForTheFirstFetchNoLongerThanTheTimeout(t *testing.T) {
	w := newKeyWorld(t, func(srv *stytchtest.Server) { srv.Fail(stytchtest.JWKS, stytchtest.Fault{Hang: true}) },
		func(c *stytchkit.Config) { c.Timeout = 20 * time.Millisecond })
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn()
	if d := check(w.auth.Require(), bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("got %q, want stytch_unavailable", code(d))
	}
}

func TestTheKeysAreFetchedWithBackoffUntilStytchIsBack(t *testing.T) {
	w := newKeyWorld(t, func(srv *stytchtest.Server) { srv.Fail(stytchtest.JWKS, stytchtest.Fault{Status: 500}) })
	retry := 250 * time.Millisecond
	for failures := 1; failures <= 9; failures++ {
		w.plan(retry*4/5, retry)
		w.settle()
		w.fetches(failures)
		err := w.auth.Ready(t.Context())
		if err == nil || !strings.Contains(err.Error(), "500") {
			t.Errorf("after %d failures Ready says %v, want that the JWKS endpoint answered 500", failures, err)
		}
		w.advance(retry)
		retry = min(2*retry, 8*time.Second)
	}
	w.plan(retry*4/5, retry)
	w.srv.Recover()
	w.advance(retry)
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Errorf("Stytch is back, and Ready says %v", err)
	}
	w.find(w.srv.KeyID(), "known")
	if warnings := strings.Count(w.log.String(), "level=WARN"); warnings != 1 {
		t.Errorf("%d warnings for one outage, want 1:\n%s", warnings, w.log)
	}
}

func TestKeysAreFetchedWhenTheServerWasDownAtTheStart(t *testing.T) {
	w := newKeyWorld(t, (*stytchtest.Server).Stop)
	w.plan(200*time.Millisecond, 250*time.Millisecond)
	if err := w.auth.Ready(t.Context()); err == nil {
		t.Error("ready without a server")
	}
	if err := w.srv.Restart(); err != nil {
		t.Fatal(err)
	}
	w.advance(250 * time.Millisecond)
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Errorf("the server is back, and Ready says %v", err)
	}
}

func TestTheKeysAreRefreshedHourly(t *testing.T) {
	w := readyKeyWorld(t)
	old := w.srv.KeyID()
	w.srv.RotateKeys()
	w.srv.DropOldKeys()
	w.find(old, "known")
	w.plan(refreshAfter, refreshAfter) // when it starts to run
	w.plan(refreshAfter, refreshAfter) // when the keys have come, for good
	hold := w.srv.Hold(stytchtest.JWKS)
	w.clock.Advance(refreshAfter - time.Nanosecond)
	w.settle()
	w.fetches(0)

	w.clock.Advance(time.Nanosecond)

	w.held(hold)
	hold.Release()
	w.settle()
	w.fetches(1)
	w.find(w.srv.KeyID(), "known")
	if got := w.auth.FindKey(over(), old); got == "known" {
		t.Error("the key that was taken away is still known")
	}
	if !strings.Contains(w.log.String(), "rotated") {
		t.Errorf("the rotation was not logged:\n%s", w.log)
	}
}

func TestKeysAreTrustedThroughAnOutageUpToABound(t *testing.T) {
	w := readyKeyWorld(t, func(c *stytchkit.Config) { c.KeysStaleFor = 2 * time.Hour })
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithLifetime(24 * time.Hour))
	w.srv.Fail(stytchtest.JWKS, stytchtest.Fault{Status: 503})
	guard := w.auth.Require()

	w.advance(2 * time.Hour)
	if d := check(guard, bearer(alice.JWT())); d.Session.ID() != alice.ID {
		t.Errorf("keys of the age of the bound: got %v, want alice's session", d.Denial)
	}
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Errorf("keys of the age of the bound: Ready says %v", err)
	}

	w.advance(8 * time.Second)
	if d := check(guard, bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("keys older than the bound: got %q, want stytch_unavailable", code(d))
	}
	if err := w.auth.Ready(t.Context()); err == nil {
		t.Error("keys older than the bound: Ready says nil")
	}

	w.srv.Recover()
	w.advance(8 * time.Second)
	if d := check(guard, bearer(alice.JWT())); d.Session.ID() != alice.ID {
		t.Errorf("after the outage: got %v, want alice's session", d.Denial)
	}
}

func TestAMalformedKeyIsSkipped(t *testing.T) {
	b64 := base64.RawURLEncoding.EncodeToString
	good := b64(signingKey().N.Bytes())
	even := signingKey().N.Bytes()
	even[len(even)-1] &^= 1
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
		"an n of 1024 bits":               `{"kty":"RSA","kid":"odd","e":"AQAB","n":"` + b64(signingKey().N.Bytes()[:128]) + `"}`,
		"an n of 16,384 bits":             `{"kty":"RSA","kid":"odd","e":"AQAB","n":"` + b64([]byte(strings.Repeat("\xff", 2048))) + `"}`,
		"an e of 1":                       `{"kty":"RSA","kid":"odd","e":"AQ","n":"` + good + `"}`,
		"an even e":                       `{"kty":"RSA","kid":"odd","e":"Ag","n":"` + good + `"}`,
		"an e of five bytes":              `{"kty":"RSA","kid":"odd","e":"AQAAAAE","n":"` + good + `"}`,
		"an e of four bytes beyond int32": `{"kty":"RSA","kid":"odd","e":"_____w","n":"` + good + `"}`,
		"a key for encryption":            `{"kty":"RSA","kid":"odd","use":"enc","e":"AQAB","n":"` + good + `"}`,
		"a key for RS512":                 `{"kty":"RSA","kid":"odd","alg":"RS512","e":"AQAB","n":"` + good + `"}`,
		"an elliptic key":                 `{"kty":"EC","kid":"odd","crv":"P-256","x":"AA","y":"AA"}`,
		"a shared secret":                 `{"kty":"oct","kid":"odd","k":"AAAA"}`,
		"a kid that is a number":          `{"kty":"RSA","kid":1,"e":"AQAB","n":"` + good + `"}`,
		"a kid that is empty":             `{"kty":"RSA","kid":"","e":"AQAB","n":"` + good + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newKeyWorld(t, func(srv *stytchtest.Server) { srv.SetExtraKeys(json.RawMessage(key)) })
			if err := w.auth.Ready(within(t, 5*time.Second)); err != nil {
				t.Fatalf("the good key beside %s was not taken: %v", key, err)
			}
			w.find(w.srv.KeyID(), "known")
			if got := w.auth.FindKey(over(), "odd"); got == "known" {
				t.Errorf("%s was taken for a key", key)
			}
		})
	}
}

// Whatever the JWKS endpoint answers, good keys stay until others replace them.
func TestABadAnswerReplacesNoKeys(t *testing.T) {
	for name, fault := range map[string]stytchtest.Fault{
		"an empty object":                {Body: `{}`},
		"no keys":                        {Body: `{"keys":[]}`},
		"keys null":                      {Body: `{"keys":null}`},
		"keys that are an object":        {Body: `{"keys":{"kid":"a"}}`},
		"malformed keys alone":           {Body: `{"keys":[{},null,{"kty":"RSA","kid":"a"}]}`},
		"null":                           {Body: `null`},
		"a list":                         {Body: `[]`},
		"text":                           {Body: `"keys"`},
		"half a document":                {Body: `{"keys":[`},
		"more than 1 MB":                 {Body: `{"keys":[],"padding":"` + strings.Repeat("x", 1<<20) + `"}`},
		"a proxy's page with status 200": {NotJSON: true, Status: 200},
		"a proxy's page with status 502": {NotJSON: true},
		"Stytch's 500":                   {Status: 500},
		"Stytch's 404":                   {Status: 404},
		"Stytch's 429":                   {Status: 429, RetryAfter: time.Hour},
		"a redirect":                     {Status: 302},
		"a reset":                        {Reset: true},
		"an answer that breaks off":      {Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := readyKeyWorld(t)
			w.srv.Fail(stytchtest.JWKS, fault)
			w.advance(refreshAfter)
			w.find(w.srv.KeyID(), "known")
			if err := w.auth.Ready(t.Context()); err != nil {
				t.Errorf("with the keys it had Ready says %v", err)
			}
			w.plan(200*time.Millisecond, 250*time.Millisecond) // it tries again
			w.srv.Recover()
			w.advance(250 * time.Millisecond)
			if !strings.Contains(w.log.String(), "can be fetched again") {
				t.Errorf("that Stytch is back was not logged:\n%s", w.log)
			}
		})
	}
}

func TestUnknownKeysShareOneFetchPerCooldown(t *testing.T) {
	w := readyKeyWorld(t)
	w.clock.Advance(cooldown)
	hold := w.srv.Hold(stytchtest.JWKS)
	first := w.finding("unknown-0")
	w.held(hold)
	again := w.finding("unknown-0") // it is one that the fetch under way is for
	const others = 500
	for i := range others {
		w.find(fmt.Sprint("unknown-", i+1), "undecided") // it came after the fetch began, and is told so at once
	}
	hold.Release()
	for _, found := range []<-chan string{first, again} {
		if got := <-found; got != "absent" {
			t.Errorf("the key that the fetch was for is %s, want absent", got)
		}
	}
	w.settle()
	for i := range others {
		w.find(fmt.Sprint("unknown-", i+1), "undecided") // the fetch began before it came
	}
	w.fetches(1)

	w.plan(time.Nanosecond, cooldown)
	w.clock.Advance(cooldown - time.Nanosecond)
	w.settle()
	w.fetches(1)
	w.advance(time.Nanosecond)
	w.fetches(2)
	for i := range others {
		w.find(fmt.Sprint("unknown-", i+1), "absent")
	}
	w.fetches(2)
}

func TestAnUnknownKeyWithinTheCooldownIsUndecidedUntilItsFetch(t *testing.T) {
	w := readyKeyWorld(t)
	w.srv.RotateKeys()
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn()
	if d := check(w.auth.Require(), bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("before the fetch: got %q, want stytch_unavailable", code(d))
	}
	w.fetches(0)
	w.plan(time.Nanosecond, cooldown)
	w.advance(cooldown)
	w.fetches(1)
	if d := check(w.auth.Require(), bearer(alice.JWT())); d.Session.ID() != alice.ID {
		t.Errorf("after the fetch: got %v, want alice's session", d.Denial)
	}
}

func TestAKeyThatAFetchUnderWayBringsIsKnown(t *testing.T) {
	w := readyKeyWorld(t)
	w.clock.Advance(cooldown)
	w.srv.RotateKeys()
	hold := w.srv.Hold(stytchtest.JWKS)
	other := w.finding("unknown")
	w.held(hold)
	w.find(w.srv.KeyID(), "undecided")
	hold.Release()
	if got := <-other; got != "absent" {
		t.Errorf("the unknown key is %s, want absent", got)
	}
	w.find(w.srv.KeyID(), "known")
	w.fetches(1)
}

func TestAFailedFetchDecidesNothing(t *testing.T) {
	w := readyKeyWorld(t)
	w.clock.Advance(cooldown)
	w.srv.Fail(stytchtest.JWKS, stytchtest.Fault{Status: 500})
	w.find("unknown", "undecided")
	w.settle()
	w.fetches(1)
	w.srv.Recover()
	w.plan(200*time.Millisecond, 250*time.Millisecond)
	w.advance(250 * time.Millisecond)
	w.find("unknown", "absent")
	w.fetches(2)
}

func TestAnAbsentKeyIsLookedForAgainAfterAWhile(t *testing.T) {
	w := readyKeyWorld(t)
	w.clock.Advance(cooldown)
	w.srv.RotateKeysHidden()
	w.find(w.srv.KeyID(), "absent")
	w.srv.PublishKeys()
	w.clock.Advance(forgetAbsent - time.Nanosecond)
	w.find(w.srv.KeyID(), "absent")
	w.fetches(1)
	w.clock.Advance(time.Nanosecond)
	w.find(w.srv.KeyID(), "known")
	w.fetches(2)
}

func TestAKeyThatStytchHandsOutIsFetchedAtOnce(t *testing.T) {
	w := readyKeyWorld(t)
	w.auth.HandOut(w.srv.KeyID())
	w.auth.HandOut("")
	w.auth.HandOut(strings.Repeat("k", 257))
	w.settle()
	w.fetches(0)

	w.srv.RotateKeys()
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn()
	if d := check(w.auth.Require(), bearer(alice.Token)); d.Session.ID() != alice.ID {
		t.Fatalf("Stytch was not asked: %v", d.Denial)
	}
	w.settle()
	w.fetches(1)
	w.find(w.srv.KeyID(), "known")

	w.srv.RotateKeysHidden() // handed out before it is published: once is enough until the cooldown
	w.auth.HandOut(w.srv.KeyID())
	w.settle()
	w.auth.HandOut(w.srv.KeyID())
	w.settle()
	w.fetches(2)
	w.srv.PublishKeys()
	w.clock.Advance(cooldown)
	w.auth.HandOut(w.srv.KeyID())
	w.settle()
	w.fetches(3)
	w.find(w.srv.KeyID(), "known")
}

func TestAKeyHandedOutWhileKeysAreFetchedIsFetchedNext(t *testing.T) {
	w := readyKeyWorld(t)
	w.clock.Advance(cooldown)
	hold := w.srv.Hold(stytchtest.JWKS)
	other := w.finding("unknown")
	w.held(hold) // the answer stands, without the next key
	w.srv.RotateKeys()
	w.auth.HandOut(w.srv.KeyID())
	hold.Release()
	<-other
	w.settle()
	w.fetches(2)
	w.find(w.srv.KeyID(), "known")
}

func TestRememberedKeyIDsAreBounded(t *testing.T) {
	const most = 8
	w := readyKeyWorld(t, func(c *stytchkit.Config) { c.Limits.UnknownKeys = most })
	count := func(wantWaiting, wantAbsent int) {
		t.Helper()
		if waiting, absent := w.auth.UnknownKeys(); waiting != wantWaiting || absent != wantAbsent {
			t.Errorf("%d key IDs wait and %d are absent, want %d and %d", waiting, absent, wantWaiting, wantAbsent)
		}
	}
	flood := func() {
		for i := range 1000 {
			w.find(fmt.Sprint("unknown-", i), "undecided")
		}
	}
	flood()
	count(most, 0)
	w.plan(time.Nanosecond, cooldown)
	w.advance(cooldown)
	count(0, most)
	for i := range 1000 {
		w.auth.FindKey(over(), fmt.Sprint("another-", i))
	}
	count(most, most)
	w.plan(time.Nanosecond, cooldown)
	w.srv.Fail(stytchtest.JWKS, stytchtest.Fault{Status: 500})
	w.advance(cooldown) // those that waited wait on, and no more come in
	w.auth.FindKey(over(), "one-more")
	count(most, most)
}

func TestCloseEndsAFetchThatHangs(t *testing.T) {
	before := goleak.IgnoreCurrent()
	w := newKeyWorld(t, func(srv *stytchtest.Server) { srv.Fail(stytchtest.JWKS, stytchtest.Fault{Hang: true}) })
	finding := w.finding("unknown")
	w.auth.Close()
	if got := <-finding; got != "undecided" {
		t.Errorf("after Close the key is %s, want undecided", got)
	}
	w.find("another", "undecided")
	if err := w.auth.Ready(t.Context()); err == nil {
		t.Error("ready without keys")
	}
	w.auth.HandOut("another")
	w.settle()
	w.srv.Close()
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
	if strings.Contains(w.log.String(), "level=WARN") {
		t.Errorf("the fetch that Close cut short was logged:\n%s", w.log)
	}
}
