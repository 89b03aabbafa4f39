package demotest

import (
	"embed"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// accessFiles are who may do what in every example, one for each kind of project. Set recordAccessTo to
// the path of testdata and run one example's tests to write them anew; then read the difference.
//
//go:embed testdata
var accessFiles embed.FS

const recordAccessTo = "DEMOTEST_RECORD"

func (s suite) access(t *testing.T) {
	b := s.inSandbox(t)
	do := func(r *http.Request) (*http.Response, error) {
		r.URL.Host = strings.TrimPrefix(b.base, "http://")
		return b.client.Do(r) //nolint:gosec // the host is the example's own
	}
	as := func(name, member string, options ...stytchtest.SessionOption) stytchtest.Persona {
		found, err := b.app.Sandbox.Find(member)
		if err != nil {
			t.Fatal(err)
		}
		return found.SignIn(options...).Persona(name)
	}
	machine := b.app.Sandbox.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents"}})
	personas := []stytchtest.Persona{
		{Name: "anonymous"},
		as("a member", s.reader),
		as("an editor", s.editor),
		as("an admin", s.admin),
	}
	if s.elsewhere != "" {
		personas = append(personas, as("another organization's admin", s.elsewhere))
	}
	personas = append(personas,
		as("support, as the admin", s.admin, stytchtest.ImpersonatedBy("support@example.com")),
		as("an admin who signed in an hour ago", s.admin, stytchtest.AuthenticatedAgo(time.Hour)),
		stytchtest.Bearer("a machine", machine.Token()),
	)
	for i := range personas {
		personas[i] = personas[i].With("org", "acme")
		personas[i].Unsafe = true
	}
	b.client.Jar = nil
	access, err := stytchtest.Matrix(do, b.routes, personas...)
	if err != nil {
		t.Fatal(err)
	}
	got := access.String()
	if dir := os.Getenv(recordAccessTo); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, s.accessFile), []byte(got), 0o600); err != nil { //nolint:gosec // the path is the developer's own
			t.Fatal(err)
		}
		return
	}
	want, err := accessFiles.ReadFile("testdata/" + s.accessFile)
	if err != nil || got != string(want) {
		t.Errorf("who may do what has changed (%v); it is\n%s\n(%s=<path of testdata> writes it anew)", err, got, recordAccessTo)
	}
}
