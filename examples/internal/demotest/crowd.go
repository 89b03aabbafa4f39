package demotest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	crowdMembers       = 200
	crowdOrganizations = 8
	crowdAtOnce        = 48 // requests, over as many connections at most
	crowdRequests      = 2_000
	crowdUnknown       = 50 // opaque tokens that nobody has; far fewer than the kit asks about at once

	// crowdVariable asks for another number of requests, such as 20000.
	crowdVariable = "CROWD_REQUESTS"
)

// RunCrowd sends the mixed requests of many members to the example as a process of its own, over
// connections that they share, and holds every answer against who asked.
func RunCrowd(t *testing.T) {
	n := crowdRequests
	if asked := os.Getenv(crowdVariable); asked != "" {
		var err error
		if n, err = strconv.Atoi(asked); err != nil {
			t.Fatalf("%s is %q (want a number of requests, such as 20000)", crowdVariable, asked)
		}
	}
	stytch := stytchtest.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	p := startProcess(ctx, t, 1, "ADDR=127.0.0.1:0",
		"STYTCH_PROJECT_ID="+stytch.ProjectID(), "STYTCH_SECRET="+stytch.Secret(), "STYTCH_BASE_URL="+stytch.URL())
	c := newCrowd(stytch, p.urls[0])
	began := time.Now()
	c.run(ctx, n)
	took := time.Since(began).Round(time.Millisecond)
	c.client.CloseIdleConnections()
	p.end(t)
	c.report(t, took)
	if secret := c.secretIn(p.stderr.String()); secret != "" {
		t.Errorf("the example's log holds a token: %s", secret)
	}
}

// guest is a member, and what their requests present.
type guest struct {
	*stytchtest.Member
	session        *stytchtest.Session
	fresh, expired string          // JWTs
	forged         string          // a JWT with a signature of nothing
	own            map[string]bool // what may identify them in an answer
	colleagues     map[string]bool // the same of everybody in the organization
}

func (g *guest) token() string { return g.session.Token }

func (g *guest) may(role string) bool {
	for _, r := range g.Roles {
		if r == role {
			return true
		}
	}
	return false
}

type crowd struct {
	guests  []*guest
	unknown []string
	plan    []kind // of 100 requests
	base    string
	client  *http.Client
	dials   atomic.Int64

	mu              sync.Mutex
	asked           map[string]int // requests, by kind
	crossed, failed int
	examples        []string // the first that went wrong
}

func newCrowd(stytch *stytchtest.Server, base string) *crowd {
	c := &crowd{base: base, plan: planned(), asked: map[string]int{}}
	colleagues := map[string]map[string]bool{}
	for i := range crowdMembers {
		m := stytch.AddMember(stytchtest.Member{
			Organization: fmt.Sprintf("crowd-%d", i%crowdOrganizations),
			Email:        fmt.Sprintf("m%d@crowd.example", i),
			Roles:        [][]string{nil, {"editor"}, nil, {"stytch_admin"}}[i/crowdOrganizations%4],
		})
		if colleagues[m.OrganizationID] == nil {
			colleagues[m.OrganizationID] = map[string]bool{}
		}
		badge := stytchtest.WithClaims(map[string]any{"badge": m.Email}) // decoded when asked for, from the JWT kept
		g := &guest{Member: m, session: m.SignIn(badge), colleagues: colleagues[m.OrganizationID]}
		g.fresh, g.expired = g.session.JWT(), g.session.JWT(stytchtest.Age(10*time.Minute))
		g.forged = g.fresh[:len(g.fresh)-20] + strings.Repeat("A", 20)
		g.own = map[string]bool{m.ID: true, g.session.ID: true, m.OrganizationID: true, m.Email: true}
		for id := range g.own {
			g.colleagues[id] = true
		}
		c.guests = append(c.guests, g)
	}
	for range crowdUnknown {
		c.unknown = append(c.unknown, rand.Text()+rand.Text()[:18]) // as long as a real one
	}
	c.client = &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			MaxConnsPerHost:     crowdAtOnce,
			MaxIdleConnsPerHost: crowdAtOnce,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				c.dials.Add(1)
				return new(net.Dialer).DialContext(ctx, network, addr)
			},
		},
	}
	return c
}

// run sends n requests, and returns when all are answered.
func (c *crowd) run(ctx context.Context, n int) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range crowdAtOnce {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				c.send(ctx, i)
			}
		})
	}
	workers.Wait()
}

// send sends the i-th request. Kinds and members are strided so that neighbours differ, and so that
// each kind is asked by every member in turn.
func (c *crowd) send(ctx context.Context, i int) {
	round := i / len(c.plan)
	kind := c.plan[i*37%len(c.plan)]
	at := (i + round) % len(c.guests)
	q := kind.ask(&asker{
		guest:   c.guests[at],
		other:   c.guests[(at+1)%len(c.guests)],
		unknown: c.unknown[round%len(c.unknown)],
		nth:     i,
	})
	crossed, failed := c.exchange(ctx, q)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[kind.name]++
	for _, wrong := range []struct {
		what  string
		why   string
		count *int
	}{{"crossed", crossed, &c.crossed}, {"failed", failed, &c.failed}} {
		if wrong.why == "" {
			continue
		}
		*wrong.count++
		if *wrong.count <= 3 {
			c.examples = append(c.examples, fmt.Sprintf("request %d (%s: %s %s) %s: %s", i, kind.name, q.method, q.path, wrong.what, wrong.why))
		}
	}
}

// exchange sends one request, and says whether its answer is another member's, or wrong.
func (c *crowd) exchange(ctx context.Context, q *question) (crossed, failed string) {
	r, err := http.NewRequestWithContext(ctx, q.method, c.base+q.path, strings.NewReader(q.body))
	if err != nil {
		return "", err.Error()
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	res, err := c.client.Do(r)
	if err != nil {
		return "", err.Error()
	}
	defer res.Body.Close() //nolint:errcheck // it has been read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err.Error()
	}
	return q.crosses(res, string(body)), q.fails(res, string(body))
}

func (c *crowd) report(t *testing.T, took time.Duration) {
	t.Helper()
	total := 0
	for _, n := range c.asked {
		total += n
	}
	t.Logf("%d requests of %d members at concurrency %d over %d connections in %v: %d crossed, %d failed; by kind: %v",
		total, len(c.guests), crowdAtOnce, c.dials.Load(), took, c.crossed, c.failed, c.asked)
	if c.crossed+c.failed > 0 {
		t.Errorf("%d requests crossed and %d failed, want none; the first are\n%s", c.crossed, c.failed, strings.Join(c.examples, "\n"))
	}
}

// secretIn is the first token that a text holds, or a telling part of one.
func (c *crowd) secretIn(text string) string {
	secrets := c.unknown
	for _, g := range c.guests {
		secrets = append(secrets, g.token(), g.fresh, g.expired, g.forged)
	}
	for _, secret := range secrets {
		if part := secret[len(secret)/3 : len(secret)*2/3]; strings.Contains(text, part) {
			return part
		}
	}
	return ""
}
