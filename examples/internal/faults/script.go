package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// trouble is one way in which Stytch goes wrong for a while.
type trouble struct {
	name    string
	begin   func(ctx context.Context, s *process.Sandbox) error
	end     func(ctx context.Context, s *process.Sandbox) error // nil: there is nothing to end
	rotates bool
}

// mostRotations is how many keys come in one trial; the stand-in keeps eight, and so every JWT's.
const mostRotations = 6

// troubles is the deck: each happens before one happens again.
func troubles() []trouble {
	recovered := func(ctx context.Context, s *process.Sandbox) error { return s.Do(ctx, http.MethodDelete, "/faults") }
	failing := func(name string, fields ...string) trouble {
		begin := func(ctx context.Context, s *process.Sandbox) error {
			return s.Do(ctx, http.MethodPost, "/faults", fields...)
		}
		return trouble{name: name, begin: begin, end: recovered}
	}
	keys := func(action string) func(context.Context, *process.Sandbox) error {
		return func(ctx context.Context, s *process.Sandbox) error {
			return s.Do(ctx, http.MethodPost, "/keys", "action="+action)
		}
	}
	killed := func(_ context.Context, s *process.Sandbox) error { s.Kill(); return nil }
	return []trouble{
		{name: "killed", begin: killed, end: func(ctx context.Context, s *process.Sandbox) error { return s.Start(ctx) }},
		{name: "killed, and rotated when it is back", rotates: true, begin: killed, end: func(ctx context.Context, s *process.Sandbox) error {
			return cmp.Or(s.Start(ctx), keys("rotate")(ctx, s))
		}},
		{
			name:  "suspended",
			begin: func(_ context.Context, s *process.Sandbox) error { s.Suspend(); return nil },
			end:   func(_ context.Context, s *process.Sandbox) error { s.Resume(); return nil },
		},
		{
			name:  "refusing connections",
			begin: func(ctx context.Context, s *process.Sandbox) error { return s.Do(ctx, http.MethodPost, "/stop") },
			end:   func(ctx context.Context, s *process.Sandbox) error { return s.Do(ctx, http.MethodPost, "/restart") },
		},
		failing("hanging", "hang=true"),
		failing("slow", "latency=300ms"),
		failing("slower than the deadline", "latency=4s"),
		failing("answering 500", "status=500"),
		failing("answering 503", "status=503", "retry_after=5s"),
		failing("answering 429", "status=429", "retry_after=30s"),
		failing("refusing the project", "status=401", "error_type=unauthorized_credentials"),
		failing("behind a proxy's 502", "not_json=true"),
		failing("behind a proxy's 404", "not_json=true", "status=404"),
		failing("behind a proxy's 200", "not_json=true", "status=200"),
		failing("answering {}", "body={}"),
		failing("answering null", "body=null"),
		failing("answering another shape", `body={"keys":[{"kid":"a"}],"member_session":{},"session_jwt":"a.b.c"}`),
		failing("cutting answers off", "truncate=true"),
		failing("resetting connections", "reset=true"),
		{name: "rotated", rotates: true, begin: keys("rotate")},
		{name: "rotated, and the key published late", rotates: true, begin: keys("rotate-hidden"), end: keys("publish")},
		{name: "rotated while the keys cannot be fetched", rotates: true, end: recovered, begin: func(ctx context.Context, s *process.Sandbox) error {
			return cmp.Or(s.Do(ctx, http.MethodPost, "/faults", "endpoint=jwks", "status=500"), keys("rotate")(ctx, s))
		}},
	}
}

// play deals troubles for so long, each for at most longest, with calm between. It leaves Stytch
// well, and returns what it did.
func play(ctx context.Context, s *process.Sandbox, random *rand.Rand, lasting, longest time.Duration, say func(string)) ([]string, error) {
	between := func(least, most time.Duration) time.Duration {
		return least + time.Duration(random.Int64N(int64(most-least)))
	}
	var played []string
	var deck []trouble
	rotations := 0
	began := time.Now()
	for time.Since(began) < lasting {
		if len(deck) == 0 {
			deck = troubles()
			random.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		}
		next := deck[0]
		deck = deck[1:]
		if next.rotates {
			if rotations++; rotations > mostRotations {
				continue
			}
		}
		calm, trouble := between(longest/10, longest/3), between(longest/3, longest)
		if err := visit.Wait(ctx, calm); err != nil {
			return played, err
		}
		line := fmt.Sprintf("%5.1fs  %s for %v", time.Since(began).Seconds(), next.name, trouble.Round(time.Millisecond))
		played = append(played, line)
		say(line)
		if err := next.happen(ctx, s, trouble); err != nil {
			return played, fmt.Errorf("the sandbox, %s: %w", next.name, err)
		}
	}
	return played, nil
}

func (t trouble) happen(ctx context.Context, s *process.Sandbox, lasting time.Duration) error {
	if err := t.begin(ctx, s); err != nil {
		return err
	}
	if err := visit.Wait(ctx, lasting); err != nil {
		return err
	}
	if t.end == nil {
		return nil
	}
	return t.end(ctx, s)
}
