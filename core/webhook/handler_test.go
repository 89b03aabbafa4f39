package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/core/webhook"
)

// world is an application with an endpoint for webhooks, on a real listener.
type world struct {
	t     *testing.T
	srv   *stytchtest.Server
	clock *stytchtest.Clock
	auth  *stytchkit.Authenticator
	url   string
	log   *bytes.Buffer

	mu     sync.Mutex
	events []webhook.Event
	fail   error
	begun  chan struct{} // one for each event
	came   chan struct{} // likewise, once it has been kept
}

func newWorld(t *testing.T, vertical stytchtest.Vertical) *world {
	t.Helper()
	w := &world{t: t, clock: stytchtest.NewClock(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)), log: &bytes.Buffer{}, begun: make(chan struct{}, 64), came: make(chan struct{}, 64)}
	w.srv = stytchtest.Start(t, stytchtest.Options{Clock: w.clock, Vertical: vertical})
	cfg := w.srv.Config()
	cfg.Logger = slog.New(slog.NewTextHandler(w.log, nil))
	var err error
	if w.auth, err = stytchkit.New(cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.auth.Close)
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	h, err := webhook.New(w.auth, webhook.Config{Secret: stytchtest.WebhookSecret, Handle: w.handle})
	if err != nil {
		t.Fatal(err)
	}
	app := httptest.NewServer(h)
	t.Cleanup(app.Close)
	w.url = app.URL + "/webhooks/stytch"
	return w
}

func (w *world) handle(_ context.Context, e webhook.Event) error {
	w.begun <- struct{}{}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
	w.came <- struct{}{}
	return w.fail
}

// post sends a body as Stytch would, changed.
func (w *world) post(id string, body string, change func(*http.Request)) int {
	w.t.Helper()
	r, err := stytchtest.WebhookRequest(w.t.Context(), w.url, stytchtest.WebhookSecret, id, w.clock.Now(), []byte(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close() // only its status counts
	return res.StatusCode
}

func (w *world) event(object, action, id, more string) string {
	return fmt.Sprintf(`{"project_id":%q,"event_id":"e","action":%q,"source":"SCIM","object_type":%q,"id":%q,"timestamp":"2026-11-27T12:00:00Z"%s}`, w.srv.ProjectID(), action, object, id, more)
}

// check decides about a request with a JWT, and says how many calls that took.
func (w *world) check(jwt string) (code string, calls int) {
	w.srv.ResetCalls()
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	r.Header.Set("Authorization", "Bearer "+jwt)
	if d := w.auth.Require().Check(r.Context(), stytchkit.HTTPRequest{R: r}); d.Denial != nil {
		code = d.Denial.Code
	}
	return code, w.srv.Calls(stytchtest.Authenticate)
}

func TestWhatIsRefused(t *testing.T) {
	w := newWorld(t, stytchtest.B2B)
	alice := w.member("alice@example.com")
	deleted := w.event("member", "DELETE", alice.ID, "")
	foreign := strings.Replace(deleted, w.srv.ProjectID(), "project-test-11111111-1111-4111-8111-111111111111", 1)
	for name, row := range map[string]struct {
		body   string
		change func(*http.Request)
		status int
	}{
		"another signature": {deleted, func(r *http.Request) { r.Header.Set("Svix-Signature", "v1,AAAA") }, 401},
		"no signature":      {deleted, func(r *http.Request) { r.Header.Del("Svix-Signature") }, 401},
		"another ID":        {deleted, func(r *http.Request) { r.Header.Set("Svix-Id", "other") }, 401},
		"a session, no signature": {deleted, func(r *http.Request) {
			r.Header.Del("Svix-Signature")
			r.Header.Set("Authorization", "Bearer "+alice.session.JWT())
		}, 401},
		"signed six minutes ago": {deleted, func(r *http.Request) { w.signedAt(r, deleted, -6*time.Minute) }, 400},
		"signed in six minutes":  {deleted, func(r *http.Request) { w.signedAt(r, deleted, 6*time.Minute) }, 400},
		"an old one, wrongly so": {deleted, func(r *http.Request) { w.signedAt(r, "other", -6*time.Minute) }, 401},
		"no event":               {`{}`, nil, 400},
		"no JSON":                {`member`, nil, 400},
		"two of a name":          {strings.Replace(deleted, `"id":`, `"id":"x","id":`, 1), nil, 400},
		"another project's":      {foreign, nil, 400},
		"a member that is none":  {w.event("member", "UPDATE", alice.ID, `,"member":{"roles":7}`), nil, 400},
		"more than 1 MB":         {deleted + strings.Repeat(" ", 1<<20), nil, 413},
		"GET":                    {deleted, func(r *http.Request) { r.Method = http.MethodGet }, 405},
		"another path":           {deleted, func(r *http.Request) { r.URL.Path = "/webhooks/other" }, 404},
	} {
		if got := w.post("msg-"+name, row.body, row.change); got != row.status {
			t.Errorf("%s: got %d, want %d", name, got, row.status)
		}
	}
	if len(w.events) != 0 {
		t.Errorf("the application heard of %v", w.events)
	}
	if code, calls := w.check(alice.session.JWT()); code != "" || calls != 0 {
		t.Errorf("after all that alice gets %q with %d calls, want in, with none", code, calls)
	}
	for _, secret := range []string{stytchtest.WebhookSecret, "AAAA", alice.session.JWT()} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log has %q:\n%s", secret, w.log)
		}
	}
}

// signedAt signs another body, at another time than now.
func (w *world) signedAt(r *http.Request, body string, after time.Duration) {
	w.t.Helper()
	signed, err := stytchtest.WebhookRequest(w.t.Context(), w.url, stytchtest.WebhookSecret, "msg", w.clock.Now().Add(after), []byte(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = signed.Header
}

// What an event means for who works with a fresh JWT.
func TestWhatAnEventMeans(t *testing.T) {
	for name, row := range map[string]struct {
		object, action, more string
		about                func(member) string
		asked                bool // before the next request is answered
	}{
		"the member was deleted":              {"member", "DELETE", "", memberID, true},
		"the member is not active any more":   {"member", "UPDATE", `,"member":{"status":"deactivated"}`, memberID, true},
		"the member has another name":         {"member", "UPDATE", `,"member":{"status":"active","name":"Al"}`, memberID, false},
		"another member was deleted":          {"member", "DELETE", "", func(member) string { return "member-test-other" }, false},
		"the organization was deleted":        {"organization", "DELETE", "", organizationID, true},
		"the organization was changed":        {"organization", "UPDATE", `,"organization":{"organization_name":"New"}`, organizationID, false},
		"another organization was deleted":    {"organization", "DELETE", "", func(member) string { return "organization-test-other" }, false},
		"what we know nothing of has changed": {"connection", "UPDATE", `,"connection":{}`, func(member) string { return "connection-1" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, stytchtest.B2B)
			alice := w.member("alice@example.com")
			jwt := alice.session.JWT()
			if code, calls := w.check(jwt); code != "" || calls != 0 {
				t.Fatalf("a fresh JWT gets %q with %d calls", code, calls)
			}
			alice.session.End() // at Stytch, as it ends those of who is deleted
			w.clock.Advance(10 * time.Second)
			if got := w.post("msg", w.event(row.object, row.action, row.about(alice), row.more), nil); got != http.StatusNoContent {
				t.Fatalf("got %d, want 204", got)
			}
			code, calls := w.check(jwt)
			if row.asked && (code != "session_ended" || calls != 1) {
				t.Errorf("got %q with %d calls, want session_ended by one", code, calls)
			}
			if !row.asked && code != "" {
				t.Errorf("got %q, want in, whatever is asked in the background", code)
			}
		})
	}
}

// member is one who is signed in.
type member struct {
	*stytchtest.Member
	session *stytchtest.Session
}

func (w *world) member(email string) member {
	m := w.srv.AddMember(stytchtest.Member{Email: email})
	return member{m, m.SignIn()}
}

func memberID(m member) string       { return m.ID }
func organizationID(m member) string { return m.OrganizationID }

func TestAnEventIsHandedOnOnce(t *testing.T) {
	w := newWorld(t, stytchtest.B2B)
	alice := w.member("alice@example.com")
	body := w.event("member", "UPDATE", alice.ID, `,"member":{"member_id":"`+alice.ID+`","status":"active","name":"Al"}`)
	w.fail = errors.New("the database is away")
	if got := w.post("msg", body, nil); got != http.StatusInternalServerError {
		t.Errorf("a handler that fails: got %d, want 500", got)
	}
	w.fail = nil
	for range 3 {
		if got := w.post("msg", body, nil); got != http.StatusNoContent {
			t.Errorf("got %d, want 204", got)
		}
	}
	if len(w.events) != 2 {
		t.Fatalf("the application heard %d times, want the one that failed and the one that did not", len(w.events))
	}
	e := w.events[1]
	if e.Type() != "scim.member.update" || e.ObjectID != alice.ID || e.Member == nil || e.Member.Name != "Al" ||
		e.Organization != nil || e.User != nil || e.ID != "msg" || e.ProjectID != w.srv.ProjectID() || !e.At.Equal(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)) || string(e.Body) != body {
		t.Errorf("it heard %+v", e)
	}
}

// The same message, while it is being handled: nobody knows yet how that ends, so it is to come again.
func TestTheSameMessageAtTheSameTime(t *testing.T) {
	w := newWorld(t, stytchtest.B2B)
	body := w.event("member", "DELETE", "member-test-x", "")
	first := make(chan int)
	w.mu.Lock() // what handles it waits here
	go func() { first <- w.post("msg", body, nil) }()
	<-w.begun
	if got := w.post("msg", body, nil); got != http.StatusConflict {
		t.Errorf("got %d, want 409", got)
	}
	w.mu.Unlock()
	if got := <-first; got != http.StatusNoContent {
		t.Errorf("the first got %d, want 204", got)
	}
	if got := w.post("msg", body, nil); got != http.StatusNoContent || len(w.events) != 1 {
		t.Errorf("afterwards it gets %d, and the application heard %d times; want 204, and once", got, len(w.events))
	}
}

func TestAHandlersPanicIsAnError(t *testing.T) {
	w := newWorld(t, stytchtest.B2B)
	h, err := webhook.New(w.auth, webhook.Config{Secret: stytchtest.WebhookSecret, Handle: func(context.Context, webhook.Event) error { panic("no") }})
	if err != nil {
		t.Fatal(err)
	}
	app := httptest.NewServer(h)
	defer app.Close()
	w.url = app.URL + "/webhooks/stytch"
	for range 2 {
		if got := w.post("msg", w.event("member", "DELETE", "member-test-x", ""), nil); got != http.StatusInternalServerError {
			t.Errorf("got %d, want 500 each time", got)
		}
	}
}

// The stand-in tells what changes there, as Stytch does.
func TestTheStandInSendsWebhooks(t *testing.T) {
	w := newWorld(t, stytchtest.B2B)
	alice := w.member("alice@example.com")
	if err := w.srv.SendWebhooks(w.url, stytchtest.WebhookSecret); err != nil {
		t.Fatal(err)
	}
	at := "/v1/b2b/organizations/" + alice.OrganizationID + "/members/" + alice.ID
	w.api(http.MethodPut, at, `{"name":"Al"}`)
	<-w.came
	w.clock.Advance(10 * time.Second)
	w.api(http.MethodDelete, at, "")
	<-w.came
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.events) != 2 || w.events[0].Type() != "direct.member.update" || w.events[0].Member.Name != "Al" || w.events[1].Type() != "direct.member.delete" || w.events[1].Member != nil {
		t.Errorf("heard %+v, want an update and a deletion", w.events)
	}
	if code, calls := w.check(alice.session.JWT()); code != "session_ended" || calls != 1 {
		t.Errorf("who was deleted gets %q with %d calls, want session_ended by one", code, calls)
	}
}

func TestTheStandInTellsOfUsers(t *testing.T) {
	w := newWorld(t, stytchtest.Consumer)
	if err := w.srv.SendWebhooks(w.url, stytchtest.WebhookSecret); err != nil {
		t.Fatal(err)
	}
	una := w.srv.AddUser(stytchtest.User{Email: "una@example.com"})
	<-w.came
	w.api(http.MethodDelete, "/v1/users/"+una.ID, "")
	<-w.came
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.events[0].Type() != "direct.user.create" || w.events[0].User.UserID != una.ID || w.events[1].Type() != "direct.user.delete" {
		t.Errorf("heard %+v, want a creation and a deletion", w.events)
	}
}

func (w *world) api(method, path, body string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.srv.URL()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.SetBasicAuth(w.srv.ProjectID(), w.srv.Secret())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s %s: %s", method, path, res.Status)
	}
}

func TestWhatNewRefuses(t *testing.T) {
	w := newWorld(t, stytchtest.B2B)
	for _, row := range []struct {
		auth *stytchkit.Authenticator
		cfg  webhook.Config
		want string
	}{
		{nil, webhook.Config{Secret: stytchtest.WebhookSecret}, "stytchkit.New"},
		{w.auth, webhook.Config{}, "whsec_"},
		{w.auth, webhook.Config{Secret: "whsec_c2hvcnQ="}, "whsec_"},
		{w.auth, webhook.Config{Secret: "c3R5dGNodGVzdCBzaWducyB3aXRoIHRoaXM="}, "whsec_"},
		{w.auth, webhook.Config{Secret: stytchtest.WebhookSecret, Path: "webhooks"}, "/webhooks/stytch"},
		{w.auth, webhook.Config{Secret: stytchtest.WebhookSecret, Path: "/webhooks"}, "/webhooks/stytch"},
		{w.auth, webhook.Config{Secret: stytchtest.WebhookSecret, Path: "/webhooks/stytch/"}, "/webhooks/stytch"},
	} {
		_, err := webhook.New(row.auth, row.cfg)
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%+v: got %v, want %q in it", row.cfg, err, row.want)
		}
		if err != nil && row.cfg.Secret != "" && strings.Contains(err.Error(), row.cfg.Secret) {
			t.Errorf("the error quotes the secret: %v", err)
		}
	}
}
