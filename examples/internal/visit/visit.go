// Package visit makes requests to a demo as browsers and programs do, and says what was answered: for the
// tests that run demos as processes of their own.
package visit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Patience is longer than any answer may take: the deadline of a call to Stytch is 3 seconds, and
// one request makes two at most.
const Patience = 20 * time.Second

// The session's cookies.
const (
	TokenCookie = "stytch_session"
	JWTCookie   = "stytch_session_jwt"
)

// Client asks one demo. It follows no redirects, and is safe for concurrent use.
type Client struct {
	URL  string // of the demo
	HTTP *http.Client
}

// New is a client of the demo at a URL.
func New(at string) *Client {
	return &Client{URL: at, HTTP: &http.Client{
		Timeout:       Patience,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Header is one line of a request.
type Header struct{ Name, Value string }

// Bearer presents a token as a program does.
func Bearer(token string) Header { return Header{"Authorization", "Bearer " + token} }

// Cookies present name=value pairs as a browser does.
func Cookies(pairs ...string) Header { return Header{"Cookie", strings.Join(pairs, "; ")} }

// Get asks for a path. A request that has begun is answered, or it is a failure.
func (c *Client) Get(path string, h Header) Answer {
	return c.do(http.MethodGet, path, http.NoBody, h)
}

// Post sends a form, as a page of the demo's own does.
func (c *Client) Post(path string, form url.Values, h Header) Answer {
	return c.do(http.MethodPost, path, strings.NewReader(form.Encode()), h)
}

func (c *Client) do(method, path string, body io.Reader, h Header) Answer {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, c.URL+path, body)
	if err != nil {
		return Answer{Err: err}
	}
	r.Header.Set(h.Name, h.Value)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", c.URL)
	}
	res, err := c.HTTP.Do(r)
	if err != nil {
		return Answer{Err: err}
	}
	return Read(res)
}

// Ready waits until the demo has its keys.
func (c *Client) Ready(ctx context.Context) error {
	for range 200 {
		if c.Get("/readyz", Header{"Accept", "*/*"}).Status == http.StatusOK {
			return nil
		}
		if err := Wait(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("/readyz is not 200 after 10 seconds")
}

// Answer is what a demo answered.
type Answer struct {
	Status  int
	Code    string // of a denial
	Header  http.Header
	Cookies []*http.Cookie
	Body    []byte
	Err     error // there was none
}

// Read reads an answer to its end, and closes it.
func Read(res *http.Response) Answer {
	defer res.Body.Close() //nolint:errcheck // it has been read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return Answer{Err: err}
	}
	a := Answer{Status: res.StatusCode, Header: res.Header, Cookies: res.Cookies(), Body: body}
	if res.StatusCode >= http.StatusBadRequest {
		var problem struct{ Code string }
		if err := json.Unmarshal(body, &problem); err == nil {
			a.Code = problem.Code
		}
	}
	return a
}

// Sort names the answer in a table.
func (a Answer) Sort() string {
	switch {
	case a.Err != nil:
		return "none"
	case a.Code != "":
		return fmt.Sprint(a.Status, " ", a.Code)
	}
	return fmt.Sprint(a.Status)
}

// Cookie is the value of a cookie that the answer sets; cleared says that it takes one away.
func (a Answer) Cookie(name string) (value string, cleared bool) {
	for _, c := range a.Cookies {
		if c.Name == name {
			return c.Value, c.MaxAge < 0 || c.Value == ""
		}
	}
	return "", false
}

// Wait returns early, with an error, when ctx ends.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
