package adaptertest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// mounted builds an application with the adapter's Optional in front of everything, and h mounted.
type mounted func(auth *stytchkit.Authenticator, h stytchkit.Mountable) Server

// forgedFlows: what a browser cannot have begun here costs no call, however much it looks like it.
func forgedFlows(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	s.step("a link is asked for", "POST", "/auth/magic-link", "email=alice%40acme.example", "303 /auth/magic-link private, no-store", flowCookie)
	var begun string
	for _, value := range s.stored {
		begun = value
	}
	cost := func(flows ...string) int {
		s.stytch.ResetCalls()
		s.sends("GET "+s.link()+" HTTP/1.1", s.host(), "", cookies(flows...))
		return s.stytch.Calls(stytchtest.All)
	}
	var forged []string
	for i := range 8 {
		forged = append(forged, fmt.Sprintf("stytchkit_flow_ABCDEFGHI%d=%s", i, forgedFlow(begun, i)))
	}
	for range 3 {
		if n := cost(forged...); n != 0 {
			t.Errorf("forged flows cost %d calls", n)
		}
	}
	if n := cost("stytchkit_flow_ABCDEFGHIJ=" + begun); n != 1 {
		t.Errorf("the flow that they are made after costs %d calls, want 1", n)
	}
}

// forgedFlow is a flow that has begun, but for one character.
func forgedFlow(begun string, i int) string {
	at := i * len(begun) / 8
	changed := byte('A')
	if begun[at] == changed {
		changed = 'Q'
	}
	return begun[:at] + string(changed) + begun[at+1:]
}

// lookalikeLinks: no link is asked for, let alone sent, to a Host that only looks like this machine.
func lookalikeLinks(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	for _, host := range []string{"localhost:80@evil.example", "[::1].evil.example", "[::1]evil.example", "127.0.0.1.evil.example", "localhost:x"} {
		s.stytch.ResetCalls()
		status := s.sends("POST /auth/magic-link HTTP/1.1", host, `{"email":"alice@acme.example"}`, "Content-Type: application/json")
		if n, mail := s.stytch.Calls(stytchtest.All), s.stytch.Mail(); n > 0 || len(mail) > 0 {
			t.Errorf("Host %q: got %d, %d calls and the mails %v, want none", host, status, n, mail)
		}
	}
	if status := s.posts("/auth/magic-link", `{"email":"alice@acme.example"}`); status >= 300 || len(s.stytch.Mail()) != 1 {
		t.Errorf("its own host: got %d and %d mails", status, len(s.stytch.Mail()))
	}
}

// contradictingSignOut: the guard in front denies every page but the way out.
func contradictingSignOut(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	jwtOf := func(email string) string { return s.stytch.AddMember(stytchtest.Member{Email: email}).SignIn().JWT() }
	both := cookies(jwtPair(jwtOf("alice@acme.example")), jwtPair(jwtOf("bob@acme.example")))
	for _, row := range []struct {
		line string
		want int
	}{
		{"GET /auth/session HTTP/1.1", http.StatusBadRequest},
		{"GET /auth/logout/ HTTP/1.1", http.StatusBadRequest},
		{"GET /auth/logout HTTP/1.1", http.StatusMethodNotAllowed},
		{"POST /auth/logout HTTP/1.1", http.StatusNoContent},
		{"GET /auth/session HTTP/1.1", http.StatusOK},
	} {
		if status := s.sends(row.line, s.host(), "", both, "Accept: application/json"); status != row.want {
			t.Errorf("%s: got %d, want %d", row.line, status, row.want)
		}
	}
}

// bodiless: a POST without any body is answered as an empty form is.
func bodiless(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.B2B, build)
	for _, row := range []struct {
		target string
		want   int
	}{
		{"/auth/magic-link", http.StatusBadRequest},
		{"/auth/switch", http.StatusBadRequest},
		{"/auth/organizations", http.StatusBadRequest},
		{"/auth/callback", http.StatusBadRequest},
		{"/auth/logout", http.StatusNoContent},
	} {
		for _, framing := range []string{"Content-Length: 0", "X-Nothing: 0", "Transfer-Encoding: chunked"} {
			body := ""
			if strings.HasPrefix(framing, "Transfer") {
				body = "0\r\n\r\n"
			}
			if status := s.sendsAs("POST "+row.target+" HTTP/1.1", s.host(), framing, body, "Accept: application/json"); status != row.want {
				t.Errorf("POST %s, %s: got %d, want %d", row.target, framing, status, row.want)
			}
		}
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
	return s.sendsAs(line, host, fmt.Sprint("Content-Length: ", len(body)), body, lines...)
}

// sendsAs is sends with a body that is framed so.
func (s *signInStage) sendsAs(line, host, framing, body string, lines ...string) (status int) {
	s.t.Helper()
	status, _ = s.answersAs(line, host, framing, body, lines...)
	return status
}

// answers is sends with the answer's headers.
func (s *signInStage) answers(line, host, body string, lines ...string) (status int, header http.Header) {
	s.t.Helper()
	return s.answersAs(line, host, fmt.Sprint("Content-Length: ", len(body)), body, lines...)
}

func (s *signInStage) answersAs(line, host, framing, body string, lines ...string) (status int, header http.Header) {
	s.t.Helper()
	if s.conn == nil {
		conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", s.host())
		if err != nil {
			s.t.Fatal(err)
		}
		s.conn, s.reader = conn, bufio.NewReader(conn)
		s.t.Cleanup(func() { _ = conn.Close() })
	}
	all := append([]string{line, "Host: " + host, framing}, lines...)
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
	return res.StatusCode, res.Header
}
