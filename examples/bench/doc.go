// Package bench holds stytchkit beside what it replaces: the same token, the same machine, one run.
//
//	make bench                               # at the root: interleaved runs, ratios, the limits, and RESULTS.md
//	make bench BENCHFLAGS='-against DIR'     # beside another checkout's core and adapters: before and after
//	GOWORK=off go run ./load -profile DIR    # here: pprof's profiles of the applications under load
//
// It is a module of its own, outside go.work, so that the libraries it compares with change
// nobody's dependencies. Requests are handed to each framework in process; only ./load has a
// network in it. Absolute figures belong to one machine, ratios travel.
package bench
