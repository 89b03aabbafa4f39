package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// stytch is the one stand-in for Stytch. Each replica asks it by an address of its own, so that it is known
// who asks about whom.
type stytch struct {
	*stytchtest.Server
	servers []*http.Server

	mu    sync.Mutex
	about map[string]*event // by the credentials of its session
}

func startStytch() (*stytch, error) {
	server, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	for _, slug := range organizations() {
		server.AddOrganization(stytchtest.Organization{Slug: slug})
	}
	return &stytch{Server: server, about: map[string]*event{}}, nil
}

func organizations() []string { return []string{"acme", "globex"} }

func (s *stytch) close() {
	for _, server := range s.servers {
		_ = server.Close() // all ends here
	}
	s.Close()
}

// watch counts from now on who asks about the credentials of an event's session.
func (s *stytch) watch(e *event, credentials ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, credential := range credentials {
		s.about[credential] = e
	}
}

// desk is where one replica asks.
func (s *stytch) desk(ctx context.Context, replica int) (at string, err error) {
	to, err := url.Parse(s.URL())
	if err != nil {
		return "", err
	}
	on := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }, ErrorHandler: unreachable}
	return s.serve(ctx, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/b2b/sessions/authenticate" {
			s.count(r, replica)
		}
		on.ServeHTTP(w, r)
	})
}

// balance is where webhooks are sent: to one replica after the other, as a load balancer does.
func (s *stytch) balance(ctx context.Context, to []*replica) (at string, err error) {
	var turn atomic.Uint64
	on := &httputil.ReverseProxy{ErrorHandler: unreachable, Rewrite: func(r *httputil.ProxyRequest) {
		if u, err := url.Parse(to[turn.Add(1)%uint64(len(to))].URL); err == nil {
			r.SetURL(u)
		}
	}}
	return s.serve(ctx, on.ServeHTTP)
}

func unreachable(w http.ResponseWriter, _ *http.Request, _ error) {
	w.WriteHeader(http.StatusBadGateway)
}

func (s *stytch) serve(ctx context.Context, handle http.HandlerFunc) (at string, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handle, ReadHeaderTimeout: 5 * time.Second}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(l) }() // until it is closed
	return "http://" + l.Addr().String(), nil
}

// count notes who is asked about.
func (s *stytch) count(r *http.Request, replica int) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var asked struct {
		Token string `json:"session_token"`
		JWT   string `json:"session_jwt"`
	}
	_ = json.Unmarshal(body, &asked) // then it is about nobody
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, credential := range []string{asked.Token, asked.JWT} {
		if e := s.about[credential]; e != nil {
			e.calls[replica].Add(1)
		}
	}
}

// remove deletes a member, as an application's backend does.
func (s *stytch) remove(ctx context.Context, m *stytchtest.Member) error {
	at := s.URL() + "/v1/b2b/organizations/" + m.OrganizationID + "/members/" + m.ID
	r, err := http.NewRequestWithContext(ctx, http.MethodDelete, at, http.NoBody)
	if err != nil {
		return err
	}
	r.SetBasicAuth(s.ProjectID(), s.Secret())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	_ = res.Body.Close() // only its status counts
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the stand-in answers the deletion of a member with %d", res.StatusCode)
	}
	return nil
}
