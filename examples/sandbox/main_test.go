package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/demotest"
)

func TestMain(m *testing.M) {
	if demotest.IsProgram() {
		main()
	}
	os.Exit(m.Run())
}

// process is the sandbox as a process of its own.
type process struct {
	*exec.Cmd
	env     map[string]string // what it exports
	control string
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p := &process{Cmd: demotest.Program(ctx, nil, args...), env: map[string]string{}}
	output, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // it may have ended
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		line := lines.Text()
		if assignment, ok := strings.CutPrefix(line, "export "); ok {
			name, value, _ := strings.Cut(assignment, "=")
			p.env[name] = value
		}
		if control, ok := strings.CutPrefix(strings.TrimSuffix(line, "/help"), "#   curl http"); ok && strings.HasSuffix(line, "/help") {
			p.control = "http" + control
			return p
		}
	}
	t.Fatalf("the sandbox said %v and ended", p.env)
	return nil
}

// send sends a form to the control endpoint and decodes the answer into result.
func (p *process) send(t *testing.T, method, path string, form url.Values, result any) {
	t.Helper()
	res := p.do(t, method, p.control+path, form)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s %s %v: status %d (%v)\n%s", method, path, form, res.StatusCode, err, body)
	}
	if err := json.Unmarshal(body, result); err != nil {
		t.Fatalf("%s %s %v: %v\n%s", method, path, form, err, body)
	}
}

func (p *process) do(t *testing.T, method, target string, form url.Values) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// call sends JSON to the API and returns the status.
func (p *process) call(t *testing.T, path, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.env["STYTCH_BASE_URL"]+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(p.env["STYTCH_PROJECT_ID"], p.env["STYTCH_SECRET"])
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only the status counts
	return res.StatusCode
}

func (p *process) authenticate(t *testing.T, s session) (byToken, byJWT int) {
	t.Helper()
	const path = "/v1/b2b/sessions/authenticate"
	return p.call(t, path, `{"session_token":"`+s.Token+`"}`), p.call(t, path, `{"session_jwt":"`+s.JWT+`"}`)
}

func (p *process) end(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil && signal != syscall.SIGKILL {
		t.Fatalf("it ended with %v, want exit status 0", err)
	}
}

type session struct {
	Token  string `json:"session_token"`
	JWT    string `json:"session_jwt"`
	Cookie string `json:"cookie"`
}

func TestControl(t *testing.T) {
	p := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0")
	var s session
	p.send(t, "POST", "/sessions", url.Values{"member": {"ada@acme.example"}, "jwt_age": {"6m"}}, &s)
	if s.Cookie != "stytch_session="+s.Token+"; stytch_session_jwt="+s.JWT {
		t.Errorf("the Cookie header is %q", s.Cookie)
	}
	if byToken, byJWT := p.authenticate(t, s); byToken != 200 || byJWT != 200 {
		t.Errorf("authenticate answers %d and %d, want 200 twice", byToken, byJWT)
	}

	var calls struct {
		Total     int            `json:"total"`
		Endpoints map[string]int `json:"endpoints"`
	}
	if p.send(t, "GET", "/calls", nil, &calls); calls.Total != 2 || calls.Endpoints["authenticate"] != 2 {
		t.Errorf("the counts are %+v, want 2 of authenticate", calls)
	}
	if p.send(t, "DELETE", "/calls", nil, &calls); calls.Total != 0 {
		t.Errorf("the counts are %+v after the reset, want none", calls)
	}
	p.send(t, "POST", "/faults", url.Values{"endpoint": {"authenticate"}, "status": {"503"}, "times": {"1"}}, &calls)
	if byToken, byJWT := p.authenticate(t, s); byToken != 503 || byJWT != 200 {
		t.Errorf("authenticate answers %d and %d, want 503 once and then 200", byToken, byJWT)
	}
	var key struct{ KID string }
	p.send(t, "POST", "/keys", url.Values{"action": {"rotate"}}, &key)
	if key.KID == "" {
		t.Error("the rotation names no key")
	}
	p.send(t, "POST", "/stop", nil, &calls)
	if res, err := http.Get(p.env["STYTCH_BASE_URL"]); err == nil {
		_ = res.Body.Close() // it should not be there
		t.Error("the API answers although it was stopped")
	}
	p.send(t, "POST", "/restart", nil, &calls)
	var added struct {
		ID string `json:"member_id"`
	}
	p.send(t, "POST", "/members", url.Values{"organization": {"acme"}, "email": {"new@acme.example"}, "role": {"editor"}}, &added)
	p.send(t, "POST", "/sessions", url.Values{"member": {added.ID}}, &s)
	if byToken, byJWT := p.authenticate(t, s); byToken != 200 || byJWT != 200 {
		t.Errorf("authenticate answers %d and %d for a new member, want 200 twice", byToken, byJWT)
	}

	for _, bad := range []struct {
		path string
		form url.Values
	}{
		{"/sessions", nil},
		{"/sessions", url.Values{"member": {"ada@acme.example"}, "jwt_age": {"old"}}},
		{"/faults", nil},
		{"/faults", url.Values{"endpoint": {"nothing"}, "status": {"500"}}},
		{"/faults", url.Values{"status": {"many"}}},
		{"/keys", url.Values{"action": {"lose"}}},
		{"/sign-in", url.Values{"member": {"nobody"}}},
		{"/action", url.Values{"action": {"explode"}}},
	} {
		res := p.do(t, "POST", p.control+bad.path, bad.form)
		_ = res.Body.Close() // only the status counts
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("POST %s %v: status %d, want 400", bad.path, bad.form, res.StatusCode)
		}
	}
}

func TestStateOutlivesTheProcess(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state.json")
	p := start(t, "-addr", "127.0.0.1:0", "-control", "127.0.0.1:0", "-state", state)
	var kept, revoked session
	member := url.Values{"member": {"ada@acme.example"}}
	p.send(t, "POST", "/sessions", member, &kept)
	p.end(t, syscall.SIGKILL)

	addr := strings.TrimPrefix(p.env["STYTCH_BASE_URL"], "http://")
	again := []string{"-addr", addr, "-control", "127.0.0.1:0", "-state", state}
	p = start(t, again...)
	if byToken, byJWT := p.authenticate(t, kept); byToken != 200 || byJWT != 200 {
		t.Errorf("after a kill, authenticate answers %d and %d, want 200 twice", byToken, byJWT)
	}
	p.send(t, "POST", "/sessions", member, &revoked)
	if status := p.call(t, "/v1/b2b/sessions/revoke", `{"session_token":"`+revoked.Token+`"}`); status != 200 {
		t.Errorf("revoke answers %d, want 200", status)
	}
	p.end(t, syscall.SIGTERM)

	p = start(t, again...)
	if byToken, byJWT := p.authenticate(t, kept); byToken != 200 || byJWT != 200 {
		t.Errorf("after two restarts, authenticate answers %d and %d, want 200 twice", byToken, byJWT)
	}
	if byToken, byJWT := p.authenticate(t, revoked); byToken != 404 || byJWT != 404 {
		t.Errorf("for a revoked session, authenticate answers %d and %d, want 404 twice", byToken, byJWT)
	}
	left, err := filepath.Glob(state + ".*")
	if err != nil || len(left) > 0 {
		t.Errorf("next to the state there is %v (%v), want nothing", left, err)
	}
}

func TestBadStart(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(broken, []byte("not JSON"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"a broken state":           {"-addr", "127.0.0.1:0", "-control", "127.0.0.1:0", "-state", broken},
		"a state nobody can write": {"-addr", "127.0.0.1:0", "-control", "127.0.0.1:0", "-state", filepath.Join(broken, "x")},
		"a public API":             {"-addr", "0.0.0.0:0", "-control", "127.0.0.1:0"},
		"a public control":         {"-addr", "127.0.0.1:0", "-control", "0.0.0.0:0"},
	} {
		t.Run(name+" is exit status 1", func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			output, err := demotest.Program(ctx, nil, args...).CombinedOutput()
			if err == nil || err.Error() != "exit status 1" {
				t.Errorf("it ended with %v, want exit status 1\n%s", err, output)
			}
			if lines := strings.Count(string(output), "\n"); lines > 2 { // the stand-in may have said that it listens
				t.Errorf("it says %d lines:\n%s", lines, output)
			}
		})
	}
}
