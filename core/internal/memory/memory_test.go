package memory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/memory"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

func one[V any](*V) int { return 1 }

func always[V any](*memory.Entry[V]) memory.Finding { return memory.Holding }

func TestOnlyTheExactCredentialIsRecalled(t *testing.T) {
	m := memory.New(10, one, always[string])
	good := strings.Repeat("a", 200)
	m.Remember(memory.NewEntry(good, "alice"), m.Epoch())
	if got := m.Recall(good); got == nil || got.Value != "alice" {
		t.Errorf("got %v, want alice", got)
	}
	for _, other := range []string{"b" + good[1:], good[1:], good + "a", good[:199] + "b", ""} { // the first two end alike
		if got := m.Recall(other); got != nil {
			t.Errorf("%s: got %v", other, got.Value)
		}
	}
	m.Forget(good)
	if m.Recall(good) != nil {
		t.Error("it is recalled after it was forgotten")
	}
}

func TestAMemoryIsBoundedAndCanBeTurnedOff(t *testing.T) {
	m := memory.New(10, one, always[int])
	for i := range 200 {
		m.Remember(memory.NewEntry(fmt.Sprint(i), i), m.Epoch())
	}
	m.CleanUp()
	if got := m.Size(); got > 10 || got < 1 || !m.Remembers() {
		t.Errorf("%d are remembered, want at most 10", got)
	}
	off := memory.New(-1, one, always[int])
	off.Remember(memory.NewEntry("a", 1), off.Epoch())
	off.Forget("a")
	off.CleanUp()
	if off.Recall("a") != nil || off.Size() != 0 || off.Remembers() {
		t.Error("a memory that is turned off remembers")
	}
}

func TestADoubtedMemoryIsLookedAtAgainOnce(t *testing.T) {
	found, looked := memory.Holding, 0
	m := memory.New(10, one, func(*memory.Entry[int]) memory.Finding { looked++; return found })
	m.Remember(memory.NewEntry("a", 1), m.Epoch())
	recall := func(known bool, looks int) {
		t.Helper()
		if got := m.Recall("a"); (got != nil) != known || looked != looks {
			t.Errorf("recalled: %v after %d looks, want %v after %d", got != nil, looked, known, looks)
		}
	}
	recall(true, 0)
	m.Doubt()
	recall(true, 1)
	recall(true, 1)
	found = memory.Serving
	m.Doubt()
	recall(true, 2)
	recall(true, 3) // until it is settled
	found = memory.Gone
	recall(false, 4)
	recall(false, 5) // whose it was is still known
	if past := m.Past("a"); past == nil || past.Value != 1 {
		t.Errorf("what it stood for: got %v", past)
	}
}

// What was found out before a doubt may be what is doubted.
func TestWhatWasFoundOutBeforeADoubtIsLookedAtAgain(t *testing.T) {
	m := memory.New(10, one, func(*memory.Entry[int]) memory.Finding { return memory.Gone })
	epoch := m.Epoch()
	m.Doubt()
	m.Remember(memory.NewEntry("a", 1), epoch)
	if m.Recall("a") != nil {
		t.Error("it is recalled unseen")
	}
}

func TestRefusalsHoldForAMinuteAndAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := memory.NewRefusals(&clock.System{}, 10)
		cred := stytch.Credential{Kind: stytch.Token, Value: "a"}
		failure := stytch.FailureOf(errors.New("refused"))
		r.Add(cred, failure)
		if r.Of(cred) != failure || r.Of(stytch.Credential{Kind: stytch.JWT, Value: "a"}) != nil {
			t.Error("want this credential's refusal, and none of another kind's")
		}
		<-time.After(time.Minute - time.Nanosecond)
		if r.Of(cred) != failure {
			t.Error("within a minute it is forgotten")
		}
		<-time.After(time.Nanosecond)
		if r.Of(cred) != nil {
			t.Error("after a minute it holds")
		}
		for i := range 200 {
			r.Add(stytch.Credential{Kind: stytch.Token, Value: fmt.Sprint(i)}, failure)
		}
		r.CleanUp()
		if got := r.Size(); got > 10 {
			t.Errorf("%d are remembered, want at most 10", got)
		}
	})
}

func TestATokenIsProvenOnceItWasSeen(t *testing.T) {
	p := memory.NewProven(10)
	p.Add("a")
	p.Add("")
	for cred, want := range map[stytch.Credential]bool{
		{Kind: stytch.Token, Value: "a"}: true, {Kind: stytch.Token, Value: "b"}: false, {Kind: stytch.Token}: false,
		{Kind: stytch.JWT, Value: "c"}: true,
	} {
		if got := p.Has(cred); got != want {
			t.Errorf("%v is proven: %v, want %v", cred, got, want)
		}
	}
}
