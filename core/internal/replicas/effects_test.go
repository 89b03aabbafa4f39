package replicas_test

import (
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

func TestWhatAFactChanges(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	alice := &session.Facts{ID: "s", Subject: "alice", OrganizationID: "acme", VouchedAt: now}
	k := keys(t, "p", "secret")
	token := k.OfToken(replicas.Replaced, replicas.Token, "token")
	type changed struct {
		session, token endings.Ending
		doubt          doubts.Doubt
		doubted        endings.Key
		policy         int
	}
	over, replaced := endings.Ending{Over: true, Here: true}, endings.Ending{Here: true}
	for name, row := range map[string]struct {
		fact replicas.Fact
		want changed
	}{
		"a session is over":       {ended("s"), changed{session: over}},
		"a session was replaced":  {replicas.Fact{Kind: replicas.Replaced, About: replicas.Session, ID: "s"}, changed{session: replaced}},
		"a token is over":         {k.OfToken(replicas.Ended, replicas.Token, "token"), changed{token: over}},
		"a token was replaced":    {token, changed{token: replaced}},
		"a session is in doubt":   {replicas.Fact{Kind: replicas.Recheck, About: replicas.Session, ID: "s"}, changed{doubt: doubts.Hard, doubted: endings.Session("s")}},
		"a member has ended":      {replicas.Fact{Kind: replicas.Recheck, About: replicas.Subject, ID: "alice"}, changed{doubt: doubts.Hard, doubted: endings.Subject("alice")}},
		"a member has changed":    {replicas.Fact{Kind: replicas.Changed, About: replicas.Subject, ID: "alice"}, changed{doubt: doubts.Soft, doubted: endings.Subject("alice")}},
		"an organization changed": {replicas.Fact{Kind: replicas.Changed, About: replicas.Organization, ID: "acme"}, changed{doubt: doubts.Soft, doubted: endings.Organization("acme")}},
		"the policy is another":   {replicas.Fact{Kind: replicas.Policy, About: replicas.Project}, changed{policy: 1}},
	} {
		var got changed
		e := replicas.Effects{
			Endings: endings.New(still{now}, 8, func(endings.Key) {}), Doubts: doubts.New(still{now}, 8, 0),
			Doubted: func(key endings.Key) { got.doubted = key }, Policy: func() { got.policy++ },
		}
		e.Take(row.fact, now)
		got.session, got.token, got.doubt = e.Endings.Of(endings.Session("s")), e.Endings.Of(k.Names("token")[0]), e.Doubts.Of(alice)
		if got != row.want {
			t.Errorf("%s: got %+v, want %+v", name, got, row.want)
		}
	}
}

// While keys are changed, a token that a replica with the older key names is the same token.
func TestATokenHasANameByEachKey(t *testing.T) {
	both, old := keys(t, "p", "new", "old"), keys(t, "p", "old")
	if names := both.Names("token"); len(names) != 2 || names[1] != old.Names("token")[0] || names[0] == names[1] {
		t.Errorf("%d names, want one by each key", len(names))
	}
	var alone *replicas.Keys
	if alone.Names("token")[0] != endings.Token("token") || alone.OfToken(replicas.Ended, replicas.Token, "token") != (replicas.Fact{}) {
		t.Error("without keys a token has another name than endings give it, or is told")
	}
}

func TestWhatIsRevokedIsOver(t *testing.T) {
	k := keys(t, "p", "secret")
	got := k.Revoked([]stytch.Credential{{Kind: stytch.SessionID, Value: "s"}, {Kind: stytch.Token, Value: "token"}})
	if len(got) != 2 || got[0] != ended("s") || got[1] != k.OfToken(replicas.Ended, replicas.Token, "token") {
		t.Errorf("got %v", got)
	}
}
