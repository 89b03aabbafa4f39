package process

import (
	"context"
	"path/filepath"
	"regexp"
)

// Demo is one of the example applications as a process.
type Demo struct {
	*Process
	URL     string
	Metrics string // Go's runtime metrics
}

// StartDemo starts the demo that [Build] has built into dir, on free ports. It talks to s, or to the
// sandbox in its own process when s is nil. What more it finds in its environment goes before that.
func StartDemo(ctx context.Context, dir, name string, s *Sandbox, log *Journal, more ...string) (*Demo, error) {
	if s == nil {
		s = &Sandbox{}
	}
	env := []string{
		"ADDR=127.0.0.1:0", "DEBUG_ADDR=127.0.0.1:0", "ORIGIN=", "STYTCH_PUBLIC_TOKEN=" + s.PublicToken,
		"STYTCH_PROJECT_ID=" + s.Project, "STYTCH_SECRET=" + s.Secret, "STYTCH_BASE_URL=" + s.URL,
		"STYTCH_VERTICAL=" + s.Vertical, "STYTCH_ISSUERS=", "STYTCH_COOKIES=", "COOKIE_DOMAIN=", "FRONTEND_ORIGIN=",
	}
	looked := []*regexp.Regexp{regexp.MustCompile(`metrics: (http://\S+)`), regexp.MustCompile(`demo on .*: (http://\S+)`)}
	p, err := Launch(ctx, log, append(env, more...), looked, filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	return &Demo{Process: p, URL: p.Said[1], Metrics: p.Said[0]}, nil
}
