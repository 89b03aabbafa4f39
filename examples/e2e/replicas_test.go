package e2e

import (
	"context"
	"net"
	"regexp"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// TestTwoReplicas signs out at one of two demos that share an engine, while a page of the other is open in
// another browser, which has the same cookies.
func TestTwoReplicas(t *testing.T) {
	dir := t.TempDir()
	if err := process.Build(t.Context(), dir, "gin", "sandbox"); err != nil {
		t.Fatal(err)
	}
	s := &suite{browser: startBrowser(t), dir: dir, demo: "gin"}
	engine := "REPLICAS_URL=" + startRedis(t)
	stytch := s.startSandbox(t)
	here, there := s.visit(t, s.start(t, stytch, engine).URL), s.visit(t, s.start(t, stytch, engine).URL)
	here.mint(stytch, "member=mona@acme.example")
	here.open("/profile")
	there.present(here.cookies("/"))
	there.open("/profile")
	there.sees("mona@acme.example")
	page := here.tab("/")
	page.evaluate(listening)

	there.press("Sign out")
	if denied := page.evaluate("await window.denied"); denied != `{"code":"session_ended"}` {
		t.Errorf("the stream at the other replica ends with %s", denied)
	}
	here.press("Profile")
	here.at("/login?reason=session_ended&return_to=%2Fprofile", "Your session has ended")
}

// startRedis is where an engine listens until the test ends, Debian's.
func startRedis(t *testing.T) (url string) {
	t.Helper()
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	log := &process.Journal{}
	p, err := process.Launch(context.WithoutCancel(t.Context()), log, nil, []*regexp.Regexp{regexp.MustCompile("(Ready to accept connections)")},
		"redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", t.TempDir())
	if err != nil {
		t.Fatalf("%v (install Debian's redis-server)", err)
	}
	t.Cleanup(p.Kill)
	return "redis://" + address
}
