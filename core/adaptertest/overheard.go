package adaptertest

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// RunOverBus is [Run] with a bus for every Authenticator, on which each is alone: every answer is the same, and
// nothing that is handed to the bus holds a part of a credential, sealed or opened.
func RunOverBus(t *testing.T, build func(App) Server, limits ...Limit) {
	t.Helper()
	heard := new(overheard)
	run(t, build, heard, limits)
	t.Run("C54 what is told to other replicas holds no credential", heard.hasHeardAll)
}

// overheard is what the Authenticators of a run have told. A nil one gives them no bus. It is safe for
// concurrent use.
type overheard struct {
	mu   sync.Mutex
	told map[replicas.Fact]struct{} // without their IDs
}

// join gives an Authenticator a bus, and looks at what it has told once it is closed: said is what clients
// have sent and got by then.
func (o *overheard) join(t *testing.T, cfg *stytchkit.Config, said func() string) {
	t.Helper()
	if o == nil {
		return
	}
	keys, err := replicas.NewKeys(cfg.ProjectID, []byte(cfg.Secret))
	if err != nil {
		t.Fatal(err)
	}
	bus := stytchtest.NewBus()
	cfg.Replicas = bus
	t.Cleanup(func() {
		secrets := secretsIn(said())
		for _, record := range bus.Records() {
			fact, _, ok := keys.Open(record)
			if !ok || secrets.leakInto(string(record)) || secrets.leakInto(fact.ID) {
				t.Errorf("a record holds a part of a credential, or is none (opened: %v): %+v", ok, fact)
			}
			o.note(fact)
		}
	})
}

func (o *overheard) note(f replicas.Fact) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.told == nil {
		o.told = map[replicas.Fact]struct{}{}
	}
	f.ID = ""
	o.told[f] = struct{}{}
}

// hasHeardAll wants that every kind of event was told about what credentials stand for.
func (o *overheard) hasHeardAll(t *testing.T) {
	for _, want := range []replicas.Fact{
		{Kind: replicas.Ended, About: replicas.Session}, {Kind: replicas.Ended, About: replicas.Token},
		{Kind: replicas.Replaced, About: replicas.Session}, {Kind: replicas.Replaced, About: replicas.Token},
		{Kind: replicas.Recheck, About: replicas.Session},
	} {
		if _, ok := o.told[want]; !ok {
			t.Errorf("nobody has told %+v", want)
		}
	}
}

// secrets are the parts of credentials, of one length.
type secrets map[string]struct{}

// secretPart is as much of a credential as nothing else has by chance.
const secretPart = 16

// secretsIn finds the credentials in the header lines that carry some.
func secretsIn(said string) secrets {
	lines := regexp.MustCompile(`(?im)^(?:Cookie|Set-Cookie|Authorization):.*$`).FindAllString(said, -1)
	found := secrets{}
	for _, value := range regexp.MustCompile(`[\w-]{16,}`).FindAllString(strings.Join(lines, "\n"), -1) {
		for i := range len(value) - secretPart + 1 {
			found[value[i:i+secretPart]] = struct{}{}
		}
	}
	return found
}

func (s secrets) leakInto(text string) bool {
	for i := range len(text) - secretPart + 1 {
		if _, ok := s[text[i:i+secretPart]]; ok {
			return true
		}
	}
	return false
}
