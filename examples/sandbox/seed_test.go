package main

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
)

const seeded = `{
	"policy": {
		"roles": [{"role_id": "stytch_member", "permissions": [{"resource_id": "invoices", "actions": ["pay"]}]}],
		"resources": [{"resource_id": "invoices", "actions": ["pay"]}]
	},
	"organizations": [{"slug": "initech", "name": "Initech", "emailDomains": ["initech.example"], "mfaRequired": true}],
	"members": [{"organization": "initech", "email": "peter@initech.example", "roles": ["stytch_admin"]}],
	"clients": [{"id": "m2m-client-test-1", "scopes": ["read:invoices"]}]
}`

func TestTheSandboxTakesASeedByFileAndByItsEndpoint(t *testing.T) {
	file := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(file, []byte(seeded), 0o600); err != nil {
		t.Fatal(err)
	}
	byFile := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0", "-seed", file)
	byEndpoint := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0")
	res, err := http.Post(byEndpoint.control+"/seed", "application/json", strings.NewReader(seeded))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		t.Fatalf("POST /seed: %d %s", res.StatusCode, said)
	}
	for _, p := range []*process{byFile, byEndpoint} {
		var s struct {
			Token string `json:"session_token"`
		}
		p.send(t, "POST", "/sessions", url.Values{"member": {"peter@initech.example"}, "custom_claim": {`plan={"name":"gold"}`}, "factor": {"totp"}}, &s)
		api, err := b2bstytchapi.NewClient(p.env["STYTCH_PROJECT_ID"], p.env["STYTCH_SECRET"], b2bstytchapi.WithBaseURI(p.env["STYTCH_BASE_URL"]))
		if err != nil {
			t.Fatal(err)
		}
		got, err := api.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: s.Token})
		if err != nil {
			t.Fatal(err)
		}
		if got.Organization.OrganizationSlug != "initech" || got.MemberSession.CustomClaims["plan"] == nil || len(got.MemberSession.AuthenticationFactors) < 2 {
			t.Errorf("got %+v in %s", got.MemberSession, got.Organization.OrganizationSlug)
		}
		policy, err := api.RBAC.Policy(t.Context(), &rbac.PolicyParams{})
		if err != nil || len(policy.Policy.Resources) != 1 || policy.Policy.Resources[0].ResourceID != "invoices" {
			t.Errorf("the policy is %+v (%v)", policy, err)
		}
	}
}

func TestTheSandboxRefusesWhatItDoesNotTake(t *testing.T) {
	p := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0")
	for path, form := range map[string]url.Values{
		"/members":       {"emial": {"a@b.example"}},
		"/sessions":      {"member": {"ada@acme.example"}, "jwtage": {"6m"}},
		"/faults":        {"state": {"503"}},
		"/organizations": {"mfa": {"true"}},
		"/permissions":   {"role": {"editor"}},
	} {
		res := p.do(t, "POST", p.control+path, form)
		said, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusBadRequest || !strings.Contains(string(said), "want ") {
			t.Errorf("POST %s %v: %d %s", path, form, res.StatusCode, said)
		}
	}
	if _, err := readSeed(strings.NewReader(`{"organisations": []}`)); err == nil || !strings.Contains(err.Error(), "organisations") {
		t.Errorf("a seed with a field that is none gave %v", err)
	}
	var added struct {
		ID string `json:"organization_id"`
	}
	p.send(t, "POST", "/organizations", url.Values{"slug": {"initech"}, "email_domain": {"initech.example"}, "mfa_required": {"true"}}, &added)
	var may struct {
		Actions []string `json:"actions"`
	}
	p.send(t, "POST", "/permissions", url.Values{"role": {"auditor"}, "resource": {"invoices"}, "action": {"read", "export"}}, &may)
	if added.ID == "" || len(may.Actions) != 2 {
		t.Errorf("added %+v, and %+v", added, may)
	}
}
