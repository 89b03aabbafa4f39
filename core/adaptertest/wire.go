package adaptertest

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// request is a request as it goes over the wire, byte for byte.
type request struct {
	method, target, host string
	lines                []string // of the header, beside Host
}

func get(target string, lines ...string) request {
	return request{method: http.MethodGet, target: target, host: host, lines: lines}
}

func post(target string, lines ...string) request {
	return request{method: http.MethodPost, target: target, host: host, lines: append(lines, "Content-Length: 0")}
}

func (r request) by(method string) request { r.method = method; return r }
func (r request) to(host string) request   { r.host = host; return r }

func (r request) String() string {
	lines := append([]string{r.method + " " + r.target + " HTTP/1.1", "Host: " + r.host}, r.lines...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

func cookies(pairs ...string) string  { return "Cookie: " + strings.Join(pairs, "; ") }
func jwtPair(value string) string     { return "stytch_session_jwt=" + value }
func tokenPair(value string) string   { return "stytch_session=" + value }
func jwtCookie(value string) string   { return cookies(jwtPair(value)) }
func tokenCookie(value string) string { return cookies(tokenPair(value)) }
func bearer(value string) string      { return "Authorization: Bearer " + value }
func (p person) live() string         { return jwtCookie(p.jwt) }
func (p person) byToken() string      { return tokenCookie(p.Token) }
func (p person) stale() string        { return cookies(tokenPair(p.Token), jwtPair(p.expired())) }

// wire is one client, who keeps the connection as long as the server does.
type wire struct {
	stage    *stage
	conn     net.Conn // nil once the server has closed it
	address  string   // its own, of the last connection
	reader   *bufio.Reader
	answered []exchanged
	unnoted  bool // what is answered is not recorded
}

// exchanged is one request and the answer it got.
type exchanged struct {
	request request
	answer  *answer
}

func (s *stage) newWire() *wire { return &wire{stage: s} }

// connect is another client.
func (s *stage) connect() *wire {
	w := s.newWire()
	s.wires = append(s.wires, w)
	return w
}

// stranger is a client whose many requests are not recorded.
func (s *stage) stranger() *wire {
	w := s.connect()
	w.unnoted = true
	return w
}

// send sends a request over the case's first connection.
func (s *stage) send(r request) *answer {
	s.t.Helper()
	return s.wires[0].send(r)
}

// patience is how long an answer may take; no case needs a thousandth of it.
const patience = 20 * time.Second

// send sends a request and reads the whole answer.
func (w *wire) send(r request) *answer {
	w.stage.t.Helper()
	a := w.open(r)
	a.readAll()
	return a
}

// open sends a request and reads the answer's headers; the body follows.
func (w *wire) open(r request) *answer {
	w.stage.t.Helper()
	a := &answer{stage: w.stage, wire: w, request: r}
	res, err := w.roundTrip(r) //nolint:bodyclose // the answer's readAll does
	if err != nil {
		w.stage.t.Errorf("no answer: %v\n%s", err, r)
		res = &http.Response{Header: http.Header{}, Body: http.NoBody}
	}
	a.status, a.header, a.body = res.StatusCode, res.Header, res.Body
	a.closes = res.Close || err != nil
	if !w.unnoted {
		w.answered = append(w.answered, exchanged{r, a})
	}
	return a
}

// roundTrip leaves the body to the caller.
func (w *wire) roundTrip(r request) (*http.Response, error) {
	if w.conn == nil {
		conn, err := (&net.Dialer{}).DialContext(w.stage.t.Context(), "tcp", w.stage.address)
		if err != nil {
			return nil, err
		}
		w.conn, w.address, w.reader = conn, conn.LocalAddr().String(), bufio.NewReader(conn)
	}
	if err := w.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w.conn, r.String()); err != nil {
		return nil, err
	}
	return http.ReadResponse(w.reader, &http.Request{Method: r.method})
}

func (w *wire) hangUp() {
	if w.conn != nil {
		_ = w.conn.Close() // nothing is lost with it
		w.conn = nil
	}
}

// overwrite sends a request that fills a server's reused buffers, and is not recorded.
func (w *wire) overwrite() {
	if w.conn == nil {
		return
	}
	filler := strings.Repeat("z", 3000)
	res, err := w.roundTrip(get("/"+filler[:100], cookies("filler="+filler), "Authorization: Basic "+filler))
	if err != nil {
		w.stage.t.Errorf("the connection did not survive the case: %v", err)
		return
	}
	_, err = io.Copy(io.Discard, res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		w.stage.t.Errorf("the connection did not survive the case: %v", err)
	}
}
