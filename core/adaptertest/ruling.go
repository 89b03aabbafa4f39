package adaptertest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// ruling is one row of a rule's table: who asks, what the guard is, and the answer.
type ruling struct {
	says   string                     // the row, as a sentence
	guard  []stytchkit.Rule           // of the route
	roles  []string                   // of who asks, beside the one that everybody has
	by     []stytchtest.SessionOption // how they signed in
	nobody bool                       // who asks has no session
	code   string                     // of the denial; empty: the handler answers
	maxAge string                     // in its challenge; empty: none
}

func rules(list ...stytchkit.Rule) []stytchkit.Rule                           { return list }
func roles(list ...string) []string                                           { return list }
func signedIn(options ...stytchtest.SessionOption) []stytchtest.SessionOption { return options }

// secretReason is what a check of the application's own says, to logs and error handlers alone.
const secretReason = "what no client may learn"

// play plays a table: each row has a route, whose guard it is. A guard of several rules stands a
// second time with its rules the other way round: their order must not matter. The first denial of
// each kind is asked for in every form. No row costs a call about a session.
func (s *stage) play(rows ...ruling) {
	s.t.Helper()
	s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL = "/login" })
	var app App
	for i, row := range rows {
		app.Routes = append(app.Routes, s.ruled(rowPath(i), row.guard))
		if backwards := slices.Clone(row.guard); len(backwards) > 1 {
			slices.Reverse(backwards)
			app.Routes = append(app.Routes, s.ruled(rowPath(i)+"/backwards", backwards))
		}
	}
	s.serve(app)
	shown := map[string]bool{}
	for i, row := range rows {
		s.row(row.says, func() {
			kind := row.code + row.maxAge
			row.play(s, i, row.code == "" || shown[kind])
			shown[kind] = true
		})
	}
	s.asked(0)
}

func (s *stage) ruled(path string, guard []stytchkit.Rule) Route {
	return Route{Method: http.MethodGet, Path: path, Guards: []Guard{s.required(guard...)}, Handler: s.me}
}

// row is a subtest for a part of a case.
func (s *stage) row(says string, play func()) {
	s.t.Helper()
	outer := s.t
	outer.Run(says, func(t *testing.T) {
		s.t = t
		defer func() { s.t = outer }()
		play()
	})
}

// rowName and rowPath are who asks in a row, and where.
func rowName(i int) string { return fmt.Sprintf("row-%02d", i+1) }
func rowPath(i int) string { return "/" + rowName(i) }

// play asks for the row's page; in other forms too, unless they have been shown before.
func (r *ruling) play(s *stage, i int, shown bool) {
	s.t.Helper()
	name, path := rowName(i), rowPath(i)
	p := signInAs(s.srv, name, r.roles, r.by...)
	cookie := p.live()
	if r.nobody {
		cookie = "Cookie: theme=dark"
	}
	r.answers(s.send(get(path, cookie)), name)
	if len(r.guard) > 1 {
		r.answers(s.send(get(path+"/backwards", cookie)), name)
	}
	if shown || r.nobody {
		return
	}
	s.send(get(path, bearer(p.jwt))).deniedBy(r.code, r.challenge(true)).untouched().keepsSecret()
	page := s.send(get(path, navigation, cookie))
	if status, _ := denialOf(r.code); status == http.StatusUnauthorized {
		page.sentToLoginBy(r.code, r.challenge(false), "/login?reason="+r.code+"&return_to="+url.QueryEscape(path))
	} else {
		page.deniedAsPage(r.code, (&stytchkit.Denial{Code: r.code}).Title())
	}
	page.untouched().keepsSecret()
}

// answers wants the row's answer to a request by cookie.
func (r *ruling) answers(a *answer, name string) {
	a.stage.t.Helper()
	if r.code == "" {
		a.says(a.stage.kind.describedAs(name, r.roles...)).untouched()
		return
	}
	a.deniedBy(r.code, r.challenge(false)).untouched().keepsSecret()
}

// challenge is the denial's WWW-Authenticate.
func (r *ruling) challenge(bearer bool) string {
	_, challenge := denialOf(r.code)
	switch {
	case r.maxAge != "":
		return challenge + ", max_age=" + r.maxAge
	case r.code == "permission_denied" && bearer:
		return `Bearer error="insufficient_scope"`
	}
	return challenge
}

func (a *answer) keepsSecret() {
	a.stage.t.Helper()
	if strings.Contains(a.String(), secretReason) {
		a.fail("an answer without the application's own reason", "%q", a.text)
	}
}
