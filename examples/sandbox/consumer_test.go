package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAConsumerProject(t *testing.T) {
	p := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0", "-vertical", "consumer")
	if p.env["STYTCH_VERTICAL"] != "consumer" {
		t.Errorf("it exports %v", p.env)
	}
	var s session
	p.send(t, "POST", "/sessions", url.Values{"user": {"ada@users.example"}}, &s)
	if status := p.call(t, "/v1/sessions/authenticate", `{"session_jwt":"`+s.JWT+`"}`); status != 200 {
		t.Errorf("authenticate answers %d, want 200", status)
	}
	if status := p.call(t, "/v1/b2b/sessions/authenticate", `{"session_jwt":"`+s.JWT+`"}`); status != 400 {
		t.Errorf("the other kind's endpoint answers %d, want 400", status)
	}
	var added struct {
		ID    string   `json:"user_id"`
		Roles []string `json:"roles"`
	}
	p.send(t, "POST", "/users", url.Values{"email": {"new@users.example"}, "role": {"editor"}}, &added)
	if strings.Join(added.Roles, " ") != "stytch_user editor" {
		t.Errorf("added %+v", added)
	}
	var users []struct {
		ID string `json:"user_id"`
	}
	if p.send(t, "GET", "/users", nil, &users); users[len(users)-1].ID != added.ID {
		t.Errorf("the users are %+v", users)
	}
	if status := p.call(t, "/v1/otps/sms/login_or_create", `{"phone_number":"+15550100"}`); status != 200 {
		t.Errorf("a text message answers %d, want 200", status)
	}
	var texts []struct{ To, Code string }
	if p.send(t, "GET", "/texts", nil, &texts); len(texts) != 1 || len(texts[0].Code) != 6 {
		t.Errorf("the texts are %+v", texts)
	}
	if page := p.page(t, "/"); !strings.Contains(page, texts[0].Code) || !strings.Contains(page, "ada@users.example") {
		t.Errorf("the page shows neither the code nor the users:\n%s", page)
	}
	p.refuses(t, "/members", url.Values{"email": {"new@acme.example"}})
}

func TestAccessTokens(t *testing.T) {
	p := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0")
	var clients []struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	p.send(t, "GET", "/clients", nil, &clients)
	introspected := func(token string) (active bool) {
		res := p.do(t, "POST", p.env["STYTCH_BASE_URL"]+"/v1/public/"+p.env["STYTCH_PROJECT_ID"]+"/oauth2/introspect",
			url.Values{"token": {token}, "client_id": {clients[0].ID}, "client_secret": {clients[0].Secret}})
		defer res.Body.Close()
		var answer struct{ Active bool }
		if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
			t.Fatal(err)
		}
		return answer.Active
	}
	for name, row := range map[string]struct {
		form url.Values
		want bool
	}{
		"a machine's":       {url.Values{"scope": {"read:documents"}}, true},
		"one by its ID":     {url.Values{"client": {clients[0].ID}}, true},
		"an app's":          {url.Values{"member": {"ada@acme.example"}, "scope": {"openid", "read:documents"}}, true},
		"one that expired":  {url.Values{"jwt_age": {"2h"}}, false},
		"a forged one":      {url.Values{"forged": {"true"}}, false},
		"one of no issuer":  {url.Values{"without": {"iss"}}, false},
		"another issuer's":  {url.Values{"claim": {"iss=https://evil.customers.stytch.com"}}, false},
		"another project's": {url.Values{"claim": {`aud=["project-test-other"]`}}, false},
		"a session's":       {url.Values{"claim": {`https://stytch.com/session={"id":"session-test-1"}`}}, false},
	} {
		var minted struct {
			Token string `json:"access_token"`
		}
		if p.send(t, "POST", "/tokens", row.form, &minted); introspected(minted.Token) != row.want {
			t.Errorf("%s: active is not %t", name, row.want)
		}
	}
	p.refuses(t, "/tokens", url.Values{"client": {"nobody"}})
	p.refuses(t, "/tokens", url.Values{"forged": {"perhaps"}})
	p.refuses(t, "/tokens", url.Values{"member": {"nobody"}})
	p.refuses(t, "/users", url.Values{"email": {"new@users.example"}})
}

// page reads a page of the control endpoint.
func (p *process) page(t *testing.T, path string) string {
	t.Helper()
	res := p.do(t, "GET", p.control+path, nil)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// refuses checks that a form is refused.
func (p *process) refuses(t *testing.T, path string, form url.Values) {
	t.Helper()
	res := p.do(t, "POST", p.control+path, form)
	_ = res.Body.Close() // only the status counts
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("POST %s %v: status %d, want 400", path, form, res.StatusCode)
	}
}
