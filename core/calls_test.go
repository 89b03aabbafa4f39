package stytchkit_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// The dimensions of the table of calls.
type (
	credential struct {
		name    string
		request func(w *world, s *stytchtest.Session) *http.Request
	}
	ownership struct {
		name string
		of   stytchkit.CookieOwner
	}
	recency struct {
		name  string
		rules []stytchkit.Rule
		long  time.Duration // beyond this, it is past
	}
	leniency struct {
		name string
		rule stytchkit.Rule
	}
	pause struct {
		name string
		past bool
	}
	weather struct {
		name string
		sets func(w *world, s *stytchtest.Session)
	}
)

// recordCalls names the variable that writes the table anew.
const recordCalls = "STYTCHKIT_RECORD_CALLS"

// What each request costs, and what becomes of it: two requests of one client, the first while all is
// well, the second later. Every pair of values of two columns stands in some row. The table is
// testdata/calls.txt, to be read by people: each of its changes is one of the contract.
func TestTheTableOfCalls(t *testing.T) {
	cookie := request
	credentials := []credential{
		{"JWT, live", func(_ *world, s *stytchtest.Session) *http.Request { return cookie(jwtCookie(s.JWT())) }},
		{"JWT, 2 minutes old", func(_ *world, s *stytchtest.Session) *http.Request {
			return bearer(s.JWT(stytchtest.Age(2 * time.Minute)))
		}},
		{"JWT, expired", func(_ *world, s *stytchtest.Session) *http.Request {
			return cookie(jwtCookie(s.JWT(stytchtest.Age(10 * time.Minute))))
		}},
		{"JWT, early", func(_ *world, s *stytchtest.Session) *http.Request {
			return bearer(s.JWT(stytchtest.Age(-time.Minute)))
		}},
		{"opaque cookie", func(_ *world, s *stytchtest.Session) *http.Request { return cookie(tokenCookie(s.Token)) }},
		{"opaque bearer", func(_ *world, s *stytchtest.Session) *http.Request { return bearer(s.Token) }},
		{"JWT and opaque", func(_ *world, s *stytchtest.Session) *http.Request {
			return cookie(tokenCookie(s.Token), jwtCookie(s.JWT(stytchtest.Age(10*time.Minute))))
		}},
		{"three opaque", func(_ *world, s *stytchtest.Session) *http.Request {
			return cookie(tokenCookie("dead-token-number-one"), tokenCookie("dead-token-number-two"), tokenCookie(s.Token))
		}},
	}
	owners := []ownership{{"Backend", stytchkit.Backend}, {"BrowserSDK", stytchkit.BrowserSDK}, {"StytchDomain", stytchkit.StytchDomain}}
	recencies := []recency{
		{"default", nil, 5 * time.Minute}, {"Fresh(1m)", rules(stytchkit.Fresh(time.Minute)), time.Minute},
		{"Fresh(0)", rules(stytchkit.Fresh(0)), time.Minute},
	}
	leniencies := []leniency{{"", stytchkit.Rule{}}, {"Stale(10m)", stytchkit.Stale(10 * time.Minute)}}
	pauses := []pause{{"inside", false}, {"past", true}}
	weathers := []weather{
		{"well", func(*world, *stytchtest.Session) {}},
		{"down", func(w *world, _ *stytchtest.Session) {
			w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
		}},
		{"session over", func(_ *world, s *stytchtest.Session) { s.End() }},
	}
	sizes := []int{len(credentials), len(owners), len(recencies), len(leniencies), len(pauses), len(weathers)}
	var table strings.Builder
	line := func(columns ...string) {
		text := fmt.Sprintf("%-18s | %-12s | %-9s | %-10s | %-6s | %-12s | %-40s | %s", columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6], columns[7])
		table.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	line("credential", "owner", "freshness", "stale", "time", "Stytch then", "first: answer, calls, cookies", "then: answer, calls, cookies")
	for _, row := range pairwise(sizes, func(row []int) bool { return row[2] == 2 && row[3] == 1 }) { // Fresh(0) and Stale contradict each other
		c, o, fresh, stale, p, sky := credentials[row[0]], owners[row[1]], recencies[row[2]], leniencies[row[3]], pauses[row[4]], weathers[row[5]]
		w := newWorld(t, func(cfg *stytchkit.Config) { cfg.Cookies.Owner = o.of })
		s := w.member("alice@example.com")
		needs := fresh.rules
		if stale.name != "" {
			needs = append(rules(stale.rule), needs...)
		}
		guard, r := w.auth.Require(needs...), c.request(w, s)
		answer := func() string {
			w.srv.ResetCalls()
			d := check(guard, r)
			w.idle()
			who := code(d)
			if d.Session.ID() == s.ID {
				who = "alice by " + string(d.Source)
			}
			return fmt.Sprintf("%s, %d, %s", who, w.asked(), setCookies(d))
		}
		first := answer()
		if p.past {
			w.clock.Advance(fresh.long + 10*time.Second)
		} else {
			w.clock.Advance(10 * time.Second)
		}
		sky.sets(w, s)
		line(c.name, o.name, fresh.name, stale.name, p.name, sky.name, first, answer())
	}
	const file = "testdata/calls.txt"
	if os.Getenv(recordCalls) != "" {
		if err := os.WriteFile(file, []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if table.String() != string(want) {
		t.Errorf("the table of calls is\n%s\nwant %s as it is, or read the change and write it anew with %s=1:\n%s", table.String(), file, recordCalls, want)
	}
}

// pairwise are rows in which each value of a column meets each of another one, but for forbidden ones;
// the same rows each time.
func pairwise(sizes []int, forbidden func(row []int) bool) (rows [][]int) {
	type pair struct{ a, va, b, vb int }
	open := map[pair]bool{}
	each(sizes, func(row []int) {
		if forbidden(row) {
			return
		}
		for a := range row {
			for b := a + 1; b < len(row); b++ {
				open[pair{a, row[a], b, row[b]}] = true
			}
		}
	})
	for len(open) > 0 {
		var best []int
		most := 0
		each(sizes, func(row []int) {
			if forbidden(row) {
				return
			}
			covers := 0
			for a := range row {
				for b := a + 1; b < len(row); b++ {
					if open[pair{a, row[a], b, row[b]}] {
						covers++
					}
				}
			}
			if covers > most {
				best, most = append([]int(nil), row...), covers
			}
		})
		for a := range best {
			for b := a + 1; b < len(best); b++ {
				delete(open, pair{a, best[a], b, best[b]})
			}
		}
		rows = append(rows, best)
	}
	return rows
}

// each calls f with every row; f keeps none.
func each(sizes []int, f func(row []int)) {
	row := make([]int, len(sizes))
	for {
		f(row)
		i := len(row) - 1
		for ; i >= 0; i-- {
			if row[i]++; row[i] < sizes[i] {
				break
			}
			row[i] = 0
		}
		if i < 0 {
			return
		}
	}
}
