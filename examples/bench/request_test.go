package bench_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// contender is one way to know who sends a request, on one framework.
type contender struct {
	framework string
	name      string
	// client sends what is presented to an application whose handler counts in seen the requests
	// that it found to be the member's.
	client func(tb testing.TB, x *experiment, c credential, seen *int) client
}

// experiment is what all contenders share.
type experiment struct {
	*crowd.Crowd
	member crowd.Member
}

func newExperiment(tb testing.TB, members int) *experiment {
	tb.Helper()
	gathered, err := crowd.Gather(members)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(gathered.Server.Close)
	return &experiment{Crowd: gathered, member: gathered.Members[0]}
}

func (x *experiment) cookies() credential { return credential{"Cookie", x.member.Cookie()} }
func (x *experiment) bearer() credential  { return credential{"Authorization", x.member.Bearer()} }

// saw counts a request that was found to be the member's.
func (x *experiment) saw(seen *int, memberID string) {
	if memberID == x.member.ID {
		*seen++
	}
}

// BenchmarkRequest is framework/who authenticates/by what. The order is another one in each run, so
// that nobody profits from its place.
func BenchmarkRequest(b *testing.B) {
	x := newExperiment(b, 1)
	type row struct {
		contender
		by         string
		credential credential
	}
	var rows []row
	for _, c := range append(kitContenders(), otherContenders()...) {
		rows = append(rows, row{c, "bearer", x.bearer()})
		if c.name == "none" || c.name == "stytchkit" {
			rows = append(rows, row{c, "cookies", x.cookies()})
		}
	}
	rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for _, row := range rows {
		b.Run(row.framework+"/"+row.name+"/"+row.by, func(b *testing.B) {
			seen := 0
			measure(b, row.client(b, x, row.credential, &seen), &seen)
		})
	}
}
