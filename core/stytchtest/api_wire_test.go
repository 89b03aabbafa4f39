package stytchtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestWhatIsEmptyIsWrittenOut(t *testing.T) {
	srv := start(t)
	srv.AddOrganization(stytchtest.Organization{Slug: "guarded", MFARequired: true})
	stranger := srv.AddMember(stytchtest.Member{Organization: "guarded", Password: "correct horse"})
	member := srv.AddMember(stytchtest.Member{Password: "correct horse"})
	session := member.SignIn()
	for _, row := range []struct {
		name, path, body string
		want             map[string]string // by path
	}{
		{
			"a session", "sessions/authenticate", `{"session_token":"` + session.Token + `"}`,
			map[string]string{"verdict": "null", "member.name": `""`, "member.sso_registrations": "[]", "organization.sso_active_connections": "[]", "organization.allowed_auth_methods": "[]"},
		},
		{
			"a login", "passwords/authenticate", `{"organization_id":"acme","email_address":"` + member.Email + `","password":"correct horse"}`,
			map[string]string{"intermediate_session_token": `""`, "mfa_required": "null", "primary_required": "null", "member_device": "null", "member.mfa_phone_number": `""`},
		},
		{
			"a login that waits", "passwords/authenticate", `{"organization_id":"guarded","email_address":"` + stranger.Email + `","password":"correct horse"}`,
			map[string]string{
				"session_token": `""`, "session_jwt": `""`, "member_session": "null", "primary_required": "null",
				"mfa_required.member_options": "null", "mfa_required.secondary_auth_initiated": "null",
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, data := post(t, srv, "/v1/b2b/"+row.path, row.body)
			for path, want := range row.want {
				if got := at(data, path); status != http.StatusOK || got != want {
					t.Errorf("%s is %s, want %s: %d %s", path, got, want, status, data)
				}
			}
		})
	}
}

// post posts a body with the project's credentials.
func post(t *testing.T, srv *stytchtest.Server, path, body string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(srv.ProjectID(), srv.Secret())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, data
}

// at is what stands at a path of names in JSON; "missing" when nothing does.
func at(data []byte, path string) string {
	name, rest, more := strings.Cut(path, ".")
	var object map[string]json.RawMessage
	value, found := json.RawMessage(nil), json.Unmarshal(data, &object) == nil
	if found {
		value, found = object[name]
	}
	switch {
	case !found:
		return "missing"
	case more:
		return at(value, rest)
	}
	return string(value)
}
