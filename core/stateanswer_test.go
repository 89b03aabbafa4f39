package stytchkit_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// answerState is the answer to a request behind an optional guard, and the headers of its response.
func (w *world) answerState(r *http.Request) (*stytchkit.RouteAnswer, http.Header) {
	w.t.Helper()
	d := check(w.auth.Optional(), r)
	header := http.Header{}
	ctx := stytchkit.Enter[struct{}](r.Context(), d)
	answer := w.auth.AnswerState(ctx, stytchkit.HTTPRequest{R: r})
	answer.SetHeader(header)
	ctx.Response().Leave(header)
	return answer, header
}

func TestTheStateAsJSON(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{ID: "member-test-alice", Name: "<Alice>"})
	anonymous, header := w.answerState(request())
	if got := string(anonymous.Body); got != `{"session":null,"member":null,"organization":null,"fromCache":false,"isInitialized":true}` {
		t.Errorf("nobody: got %s", got)
	}
	if anonymous.Status != 200 || header.Get("Content-Type") != "application/json" || header.Get("Cache-Control") != "private, no-cache" ||
		header.Get("Vary") != "Cookie, Authorization" || header.Get("Content-Length") != "89" {
		t.Errorf("nobody: got %d and %v", anonymous.Status, header)
	}
	r := bearer(alice.JWT())
	first, header := w.answerState(r)
	var said struct {
		Session       map[string]any
		Member        map[string]any
		Organization  map[string]any
		FromCache     bool
		IsInitialized bool
	}
	if err := json.Unmarshal(first.Body, &said); err != nil {
		t.Fatal(err)
	}
	if said.Session["member_session_id"] != alice.ID || said.Member["member_id"] != alice.Member.ID || said.Member["name"] != "<Alice>" ||
		said.Organization["organization_slug"] != "acme" || said.FromCache || !said.IsInitialized {
		t.Errorf("got %s", first.Body)
	}
	if body := string(first.Body); strings.Contains(body, "<") || !inOrder(body, `{"session":{`, `,"member":{`, `,"organization":{`, `,"fromCache":false,"isInitialized":true}`) {
		t.Errorf("got %s", body)
	}
	again, sameHeader := w.answerState(r)
	if !strings.HasSuffix(string(again.Body), `,"fromCache":true,"isInitialized":true}`) {
		t.Errorf("remembered: got %s", again.Body)
	}
	tag := header.Get("Etag")
	if len(tag) != 26 || tag[0] != '"' || tag[25] != '"' || sameHeader.Get("Etag") != tag {
		t.Errorf("got the tags %s and %s, want the same strong one", tag, sameHeader.Get("Etag"))
	}
}

// inOrder reports whether a text has these parts, in this order.
func inOrder(text string, parts ...string) bool {
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(strings.Join(parts, ".*")).MatchString(text)
}

func TestTheTagTellsOneStateFromAnother(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.person(stytchtest.Member{Name: "A", Email: "a@example.com"}), w.person(stytchtest.Member{Email: "b@example.com"})
	tags := map[string]string{}
	tell := func(name string, r *http.Request) {
		_, header := w.answerState(r)
		tag := header.Get("Etag")
		if other, ok := tags[tag]; ok || tag == "" {
			t.Errorf("%s has the tag %s of %s", name, tag, other)
		}
		tags[tag] = name
	}
	jwt := alice.JWT()
	tell("nobody", request())
	tell("alice", bearer(jwt))
	tell("bob", bearer(bob.JWT()))
	w.rename(alice, "B")
	tell("alice, renamed", bearer(alice.Token))
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	w.clock.Advance(6 * time.Minute)
	tell("not known", bearer(alice.Token))
	w.srv.Recover()
	w.srv.Fail(stytchtest.All, stytchtest.Fault{Status: 500})
	tell("a session whose member is not known", bearer(w.person(stytchtest.Member{Email: "c@example.com"}).JWT()))
}

func TestIfNoneMatch(t *testing.T) {
	w := newWorld(t)
	_, header := w.answerState(request())
	tag := header.Get("Etag")
	for _, row := range []struct {
		method  string
		headers []string
		status  int
	}{
		{"GET", nil, 200},
		{"GET", []string{tag}, 304},
		{"HEAD", []string{tag}, 304},
		{"HEAD", nil, 200},
		{"GET", []string{"W/" + tag}, 304},
		{"GET", []string{`"other", ` + tag}, 304},
		{"GET", []string{`"other",W/"another" ,` + "\t" + tag + `, "last"`}, 304},
		{"GET", []string{`"other"`, tag}, 304},
		{"GET", []string{`"with, a comma", ` + tag}, 304},
		{"GET", []string{`"ends in a backslash\", ` + tag}, 304},
		{"GET", []string{"*"}, 304},
		{"GET", []string{" * "}, 304},
		{"POST", []string{tag}, 200},
		{"POST", []string{"*"}, 200},
		{"GET", []string{""}, 200},
		{"GET", []string{`"other"`}, 200},
		{"GET", []string{strings.Trim(tag, `"`)}, 200},
		{"GET", []string{tag[:len(tag)-1]}, 200},
		{"GET", []string{`"other` + tag + `"`}, 200},
		{"GET", []string{"w/" + tag}, 200},
		{"GET", []string{`W`, `W/`, `"`, `W/"`, `,,,`}, 200},
		{"GET", []string{`**`}, 200},
		{"GET", []string{strings.Repeat(`"x",`, 20000)}, 200},
	} {
		r := request()
		r.Method = row.method
		r.Header["If-None-Match"] = row.headers
		answer, header := w.answerState(r)
		if answer.Status != row.status || header.Get("Etag") != tag || header.Get("Cache-Control") != "private, no-cache" || header.Get("Vary") != "Cookie, Authorization" {
			t.Errorf("%s with %.80q: got %d and %v, want %d", row.method, row.headers, answer.Status, header, row.status)
		}
		if silent := row.status == 304; (len(answer.Body) == 0) != silent || (header.Get("Content-Type") == "") != silent || (header.Get("Content-Length") == "") != silent {
			t.Errorf("%s with %.80q: got the body %q and %v", row.method, row.headers, answer.Body, header)
		}
	}
}

func TestAStateBesideCookiesStaysOutOfCaches(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	expired := alice.JWT(stytchtest.Age(10 * time.Minute))
	answer, header := w.answerState(request(tokenCookie(alice.Token), jwtCookie(expired)))
	if answer.Status != 200 || len(header["Set-Cookie"]) != 2 || header.Get("Cache-Control") != "private, no-store" || header.Get("Etag") == "" {
		t.Errorf("got %d and %v, want two cookies and private, no-store", answer.Status, header)
	}
	header = http.Header{"Cache-Control": {"no-store"}, "Vary": {"Origin"}} // which somebody set before
	answer.SetHeader(header)
	if header.Get("Cache-Control") != "private, no-cache" || !slices.Equal(header["Vary"], []string{"Origin", "Cookie, Authorization"}) {
		t.Errorf("got %v", header)
	}
}

func TestTheAnswerInAnOutageIsThatNothingIsKnownYet(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Stop()
	answer, _ := w.answerState(bearer(alice.JWT()))
	if body := string(answer.Body); answer.Status != 200 || !inOrder(body, `{"session":{`, alice.ID, `,"member":null,"organization":null,"fromCache":false,"isInitialized":false}`) {
		t.Errorf("got %d %s", answer.Status, body)
	}
	answer, _ = w.answerState(bearer(alice.Token))
	if body := string(answer.Body); answer.Status != 200 || body != `{"session":null,"member":null,"organization":null,"fromCache":false,"isInitialized":false}` {
		t.Errorf("got %d %s", answer.Status, body)
	}
}

func TestAnAnswerWithoutAGuardIsAFaultOfTheRoute(t *testing.T) {
	w := newWorld(t)
	r := request()
	answer := w.auth.AnswerState(r.Context(), stytchkit.HTTPRequest{R: r})
	if answer.Status != 500 || answer.Header.Get("Cache-Control") != "no-store" || !strings.Contains(string(answer.Body), "route_misconfigured") || !strings.Contains(w.log.String(), "put Optional or Require in front") {
		t.Errorf("got %d %v %s, and the log\n%s", answer.Status, answer.Header, answer.Body, w.log)
	}
}

// Every field of the SDK's types is either one that Stytch's browser SDK has too, or is left out. A
// field that a later SDK adds fails here, for somebody to decide.
func TestABrowserIsToldWhatStytchsOwnSDKTellsIt(t *testing.T) {
	member, organization, user := new(organizations.Member), new(organizations.Organization), new(users.User)
	fill(reflect.ValueOf(member).Elem())
	fill(reflect.ValueOf(organization).Elem())
	fill(reflect.ValueOf(user).Elem())
	body, err := json.Marshal(stytchkit.State{Member: member, Organization: organization})
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Member, Organization, User map[string]any }
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatal(err)
	}
	if body, err = json.Marshal(stytchkit.State{User: user}); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		said           map[string]any
		of             any
		shown, leftOut []string
	}{
		{said.Member, member, []string{
			"organization_id", "member_id", "email_address", "email_address_verified", "retired_email_addresses", "status", "name",
			"trusted_metadata", "untrusted_metadata", "created_at", "updated_at", "sso_registrations", "is_breakglass", "is_admin",
			"member_password_id", "mfa_enrolled", "mfa_phone_number", "mfa_phone_number_verified", "roles", "default_mfa_method",
			"totp_registration_id", "oauth_registrations", "external_id",
		}, []string{"scim_registration", "is_locked", "lock_created_at", "lock_expires_at"}},
		{said.Organization, organization, []string{
			"organization_id", "organization_name", "organization_slug", "organization_external_id", "organization_logo_url", "trusted_metadata",
			"sso_default_connection_id", "sso_jit_provisioning", "sso_jit_provisioning_allowed_connections", "sso_active_connections",
			"scim_active_connection", "email_allowed_domains", "email_jit_provisioning", "email_invites", "oauth_tenant_jit_provisioning",
			"allowed_oauth_tenants", "auth_methods", "allowed_auth_methods", "mfa_methods", "allowed_mfa_methods", "mfa_policy",
			"rbac_email_implicit_role_assignments", "first_party_connected_apps_allowed_type", "allowed_first_party_connected_apps",
			"third_party_connected_apps_allowed_type", "allowed_third_party_connected_apps",
		}, []string{"claimed_email_domains", "created_at", "updated_at"}},
		{said.User, user, []string{
			"user_id", "emails", "status", "phone_numbers", "webauthn_registrations", "providers", "totps", "crypto_wallets",
			"biometric_registrations", "roles", "name", "created_at", "password", "trusted_metadata", "untrusted_metadata", "external_id",
		}, []string{"is_locked", "lock_created_at", "lock_expires_at"}},
	} {
		for i := range reflect.TypeOf(row.of).Elem().NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(row.of).Elem().Field(i).Tag.Get("json"), ",")
			_, told := row.said[name]
			if shown, leftOut := slices.Contains(row.shown, name), slices.Contains(row.leftOut, name); shown == leftOut || told != shown {
				t.Errorf("%T.%s: told %v, to be shown %v, to be left out %v", row.of, name, told, shown, leftOut)
			}
		}
		if len(row.said) != len(row.shown) {
			t.Errorf("%T: got %d fields, want %d", row.of, len(row.said), len(row.shown))
		}
	}
	if scim, _ := said.Organization["scim_active_connection"].(map[string]any); len(scim) != 2 || scim["connection_id"] == nil || scim["display_name"] == nil {
		t.Errorf("got the directory %v, want its ID and name", scim)
	}
	if !user.IsLocked || member.IsLocked != true || member.SCIMRegistration == nil || organization.SCIMActiveConnection.BearerTokenLastFour == "" {
		t.Error("the application's own copy was changed")
	}
}

// Stytch writes each field, and so does the state: what is empty is not left out.
func TestABrowserIsToldWhatIsEmptyToo(t *testing.T) {
	for name, row := range map[string]struct {
		state stytchkit.State
		want  []string
	}{
		"a member": {stytchkit.State{Member: &organizations.Member{
			Roles:            []organizations.MemberRole{{Sources: []organizations.MemberRoleSource{{}}}, {}},
			SSORegistrations: []organizations.SSORegistration{{}},
		}}, []string{
			`"external_id":null`, `"name":""`, `"is_admin":false`, `"mfa_enrolled":false`, `"retired_email_addresses":[]`, `"oauth_registrations":[]`,
			`"trusted_metadata":{}`, `"untrusted_metadata":{}`, `"created_at":null`,
			`"roles":[{"role_id":"","sources":[{"type":"","details":{}}]},{"role_id":"","sources":[]}]`,
			`"sso_registrations":[{"connection_id":"","external_id":"","registration_id":"","sso_attributes":{}}]`,
		}},
		"an organization": {stytchkit.State{Organization: new(organizations.Organization)}, []string{
			`"organization_external_id":null`, `"sso_default_connection_id":null`, `"scim_active_connection":null`, `"sso_active_connections":[]`,
			`"email_allowed_domains":[]`, `"allowed_auth_methods":[]`, `"allowed_mfa_methods":[]`, `"allowed_oauth_tenants":{}`, `"trusted_metadata":{}`,
			`"rbac_email_implicit_role_assignments":[]`, `"allowed_first_party_connected_apps":[]`, `"allowed_third_party_connected_apps":[]`,
			`"sso_jit_provisioning_allowed_connections":[]`, `"organization_logo_url":""`,
		}},
		"a user": {stytchkit.State{User: &users.User{Emails: []users.Email{{}}, Password: new(users.Password)}}, []string{
			`"name":{"first_name":"","middle_name":"","last_name":""}`, `"emails":[{"email_id":"","email":"","verified":false}]`, `"phone_numbers":[]`,
			`"providers":[]`, `"totps":[]`, `"webauthn_registrations":[]`, `"biometric_registrations":[]`, `"crypto_wallets":[]`, `"roles":[]`,
			`"password":{"password_id":"","requires_reset":false}`, `"external_id":null`, `"trusted_metadata":{}`, `"untrusted_metadata":{}`,
		}},
		"a member's session": {stytchkit.State{Session: stytchkit.NewSession(new(sessions.MemberSession))}, []string{
			`"session":{"member_session_id":"","member_id":"","started_at":null,"last_accessed_at":null,"expires_at":null,"authentication_factors":[],"organization_id":"","roles":[],"organization_slug":"","custom_claims":{}}`,
		}},
	} {
		body, err := json.Marshal(row.state)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range row.want {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s: got %s, want %s", name, body, want)
			}
		}
	}
}

// fill gives every field of a struct a value that is not left out of JSON.
func fill(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // the SDK's types have no others
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), reflect.ValueOf("value"))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32:
		v.SetInt(1)
	}
}
