package e2e

import (
	"context"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// demos are the directories of the example applications.
func demos() []string { return []string{"gin", "echo", "echo5", "fiber", "fiber3", "nethttp"} }

func TestDemos(t *testing.T) {
	dir := t.TempDir()
	if err := process.Build(t.Context(), dir, append(demos(), "sandbox")...); err != nil {
		t.Fatal(err)
	}
	browser := startBrowser(t)
	for _, name := range demos() {
		t.Run(name, func(t *testing.T) {
			s := &suite{browser: browser, dir: dir, demo: name}
			s.embedded = s.start(t, nil)
			cases := s.cases()
			if name == pagesOn {
				cases = append(cases, s.casesOfPages()...)
			}
			for _, c := range cases {
				t.Run(c.name, c.run)
			}
		})
	}
}

// suite is what every demo has to do in a browser.
type suite struct {
	browser  context.Context
	dir      string // of the programs
	demo     string
	embedded *process.Demo // with the sandbox in its own process
}

type testCase struct {
	name string
	run  func(*testing.T)
}

func (s *suite) cases() []testCase {
	return []testCase{
		{"a magic link signs in, once, and leads to the page asked for", s.magicLink},
		{"a member of two organizations chooses one, and switches", s.twoOrganizations},
		{"who has no organization founds one", s.newOrganization},
		{"a magic link opened in another browser", s.otherBrowser},
		{"a magic link opened from another site's page", s.fromElsewhere},
		{"an invitation is confirmed first", s.invitation},
		{"sign-in by password and a code, and a new password", s.passwords},
		{"sign-in by a code that was mailed", s.mailedCode},
		{"a page that wants a recent proof leads to it and back", s.stepUp},
		{"sign-in by OAuth", s.oauth},
		{"sign-in by SSO", s.singleSignOn},
		{"another site's page begins a sign-in", s.anotherSite},
		{"a sign-in leads to the page asked for", s.returnsToThePage},
		{"a sign-in never leads to another origin", s.returnTo},
		{"signing out ends the session", s.signOut},
		{"every tab shows who is signed in, and the seed's sample leads to the sign-in page", s.tabsAgree},
		{"a page's stream of events ends when another tab signs out", s.streamEnds},
		{"a user of a consumer project signs in by magic link, and out", s.user},
		{"the sign-in page works by keyboard alone", s.keyboard},
		{"a forged cookie asks for a sign-in", s.forgedCookie},
		{"a dead cookie with another path does not hide the live one", s.deadCookieOfAPath},
		{"a dead cookie with another domain does not hide the live one", s.deadCookieOfADomain},
		{"a session that Stytch ends while its page is open", s.endsAtStytch},
		{"a session that ends while its page is open in another browser", s.endsElsewhere},
		{"Stytch down during navigation signs nobody out", s.outage},
		{"beside Stytch's own browser SDK", s.besideSDK},
		{"beside its browser SDK of consumer projects", s.besideUserSDK},
	}
}

// pagesOn is the demo that shows what is core's or the demos' own, page by page: no framework has a part in it.
const pagesOn = "nethttp"

func (s *suite) casesOfPages() []testCase {
	return []testCase{
		{"what people do with forms that nobody had in mind", s.traps},
		{"a passkey is made, signs in, steps up and is removed", s.passkeys},
		{"what an account signs in with is changed, and it is signed out everywhere", s.account},
		{"every page can be read, light and dark, on a phone and on a desktop", s.pages},
		{"and so can those between them", s.pagesOnTheWay},
		{"and so can those during an outage", s.pagesOfAnOutage},
	}
}

// start starts the demo until the test ends, with Stytch in s or, when that is nil, in its own process,
// and with more of its environment.
func (s *suite) start(t *testing.T, stytch *process.Sandbox, env ...string) *process.Demo {
	t.Helper()
	log := &process.Journal{}
	d, err := process.StartDemo(context.WithoutCancel(t.Context()), s.dir, s.demo, stytch, log, env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Stop(); err != nil {
			t.Error(err)
		}
		if log.Panics() > 0 || t.Failed() {
			t.Errorf("the demo logged:\n%s", log)
		}
	})
	return d
}
