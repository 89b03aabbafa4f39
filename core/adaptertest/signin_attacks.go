package adaptertest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// mounted builds an application with the adapter's Optional in front of everything, and h mounted.
type mounted func(auth *stytchkit.Authenticator, h stytchkit.Mountable) Server

// oneNoisySignIn: the sign-ins of one address keep no other's waiting, and no member's step.
func oneNoisySignIn(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build, func(c *stytchkit.Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = ration, ration
	})
	here := s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"}).SignIn()
	there := s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "globex"})
	begin := func(address string) int {
		return s.posts("/auth/magic-link", `{"email":"alice@acme.example"}`, from(address))
	}
	asked, refused := 0, 0
	for quarter := range 32 { // of a second
		s.clock.Advance(time.Second / 4)
		for range ration {
			begin("192.0.2.1")
		}
		status := begin("192.0.2.2")
		if quarter < 8 {
			continue // it has not been seen before
		}
		if asked++; status == http.StatusServiceUnavailable {
			refused++
		}
	}
	if refused*20 > asked {
		t.Errorf("%d of %d sign-ins of an address within its share were refused, want less than 5 %%", refused, asked)
	}
	if status := begin("192.0.2.1"); status != http.StatusServiceUnavailable {
		t.Errorf("the noisy address is answered %d, want it to have spent its share", status)
	}
	if status := s.posts("/auth/switch", `{"organization":"`+there.OrganizationID+`"}`, from("192.0.2.1"), tokenCookie(here.Token)); status != http.StatusOK {
		t.Errorf("a member's switch, behind the same address: got %d, want 200", status)
	}
}

// forgedFlows: what a browser cannot have begun here costs no call.
func forgedFlows(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	var flows []string
	for i := range 8 {
		flows = append(flows, fmt.Sprintf("stytchkit_flow_ABCDEFGHI%d=%s", i, strings.Repeat("A", 120)))
	}
	s.stytch.ResetCalls()
	for range 3 {
		s.sends("GET /auth/callback?stytch_token_type=discovery&token=abcdefghijklmnop HTTP/1.1", s.host(), "", cookies(flows...))
	}
	if n := s.stytch.Calls(stytchtest.All); n != 0 {
		t.Errorf("forged flows cost %d calls", n)
	}
}

// lookalikeLinks: no link is made of a Host that only looks like this machine.
func lookalikeLinks(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	for _, host := range []string{"localhost:80@evil.example", "[::1].evil.example", "[::1]evil.example", "127.0.0.1.evil.example", "localhost:x"} {
		s.sends("POST /auth/magic-link HTTP/1.1", host, `{"email":"alice@acme.example"}`, "Content-Type: application/json")
		if mail := s.stytch.Mail(); len(mail) > 0 {
			t.Fatalf("Host %q: the link is %q", host, mail[0].Link)
		}
	}
	if status := s.posts("/auth/magic-link", `{"email":"alice@acme.example"}`); status >= 300 || len(s.stytch.Mail()) != 1 {
		t.Errorf("its own host: got %d and %d mails", status, len(s.stytch.Mail()))
	}
}

// hugeBodies: of a body that is too large no more is waited for than the limit, and the connection ends.
func hugeBodies(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	for _, target := range []string{"/auth/magic-link", "/auth/logout"} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", s.host())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second)) // reading fails where this does
		go func() {
			_, _ = io.WriteString(conn, "POST "+target+" HTTP/1.1\r\nHost: "+s.host()+"\r\nContent-Type: application/json\r\nContent-Length: 268435456\r\n\r\n"+strings.Repeat("a", 1<<16))
		}()
		answered := bufio.NewReader(conn)
		res, err := http.ReadResponse(answered, nil)
		if err != nil {
			t.Fatalf("POST %s: 64 KB of 256 MB are not answered: %v", target, err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close() // it has been read to its end
		if target == "/auth/magic-link" && res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("POST %s: got %d, want 413", target, res.StatusCode)
		}
		if _, more := answered.ReadByte(); err == nil && (more == nil || errors.Is(more, os.ErrDeadlineExceeded)) {
			t.Errorf("POST %s: the connection stays open: %v", target, more)
		}
		_ = conn.Close() // nothing is lost with it
	}
}

func (s *signInStage) host() string { return strings.TrimPrefix(s.address, "http://") }

// posts sends JSON.
func (s *signInStage) posts(target, body string, lines ...string) (status int) {
	s.t.Helper()
	return s.sends("POST "+target+" HTTP/1.1", s.host(), body, append(lines, "Content-Type: application/json")...)
}

// sends sends a request as it goes over the wire, over the same connection as long as it lasts.
func (s *signInStage) sends(line, host, body string, lines ...string) (status int) {
	s.t.Helper()
	if s.conn == nil {
		conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", s.host())
		if err != nil {
			s.t.Fatal(err)
		}
		s.conn, s.reader = conn, bufio.NewReader(conn)
		s.t.Cleanup(func() { _ = conn.Close() })
	}
	all := append([]string{line, "Host: " + host, fmt.Sprint("Content-Length: ", len(body))}, lines...)
	_ = s.conn.SetDeadline(time.Now().Add(patience)) // the write fails where this does
	if _, err := io.WriteString(s.conn, strings.Join(all, "\r\n")+"\r\n\r\n"+body); err != nil {
		s.t.Fatal(err)
	}
	res, err := http.ReadResponse(s.reader, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		s.t.Fatal(err)
	}
	_ = res.Body.Close() // it has been read to its end
	if res.Close {
		_ = s.conn.Close() // nothing is lost with it
		s.conn = nil
	}
	return res.StatusCode
}
