package demotest

import (
	_ "embed"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// accessFile is who may do what in every example. Set recordAccessTo to its path and run one example's
// tests to write it anew; then read the difference.
//
//go:embed testdata/access.txt
var accessFile string

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
		as("a member", mona),
		as("an editor", ed),
		as("an admin", ada),
		as("another organization's admin", abe),
		as("support, as the admin", ada, stytchtest.ImpersonatedBy("support@example.com")),
		as("an admin who signed in an hour ago", ada, stytchtest.AuthenticatedAgo(time.Hour)),
		stytchtest.Bearer("a machine", machine.Token()),
	}
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
	if path := os.Getenv(recordAccessTo); path != "" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil { //nolint:gosec // the path is the developer's own
			t.Fatal(err)
		}
		return
	}
	if got != accessFile {
		t.Errorf("who may do what has changed; it is\n%s\n(%s=<path of testdata/access.txt> writes it anew)", got, recordAccessTo)
	}
}
