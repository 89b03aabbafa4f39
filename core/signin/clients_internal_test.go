package signin

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/fair"
)

func clientNumber(i int) fair.Key {
	return fair.OfAddress(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
}

func TestAClientIsBoundedOverAllAddresses(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	c := newClients(func() time.Time { return now })
	one := clientNumber(0)
	for i := range perClient {
		if err := c.take(one); err != nil {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if c.take(one) == nil {
		t.Error("one more is taken")
	}
	now = now.Add(clientAgainAfter)
	if err := c.take(one); err != nil {
		t.Errorf("later: %v", err)
	}
	if c.take(one) == nil {
		t.Error("later two more are taken")
	}
	c.give(one)
	if err := c.take(one); err != nil {
		t.Errorf("what was given back: %v", err)
	}
	for range 2 * perClient {
		if err := c.take(fair.Key{}); err != nil { // everybody whose address is not known
			t.Fatal(err)
		}
	}
}

// However many others there are, nothing is forgotten; and hardly anybody is taken for another.
func TestNoFloodForgetsWhatAClientTried(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	c := newClients(func() time.Time { return now })
	for range perClient {
		_ = c.take(clientNumber(0))
	}
	for i := range 200_000 {
		_ = c.take(clientNumber(i + 1))
		_ = c.take(clientNumber(i + 1))
	}
	if c.take(clientNumber(0)) == nil {
		t.Error("a flood made it forgotten")
	}

	c = newClients(func() time.Time { return now })
	for i := range 600 {
		for range perClient {
			_ = c.take(clientNumber(i))
		}
	}
	refused := 0
	for i := range 10_000 {
		if c.take(clientNumber(1_000+i)) != nil {
			refused++
		}
	}
	if refused > 200 { // 1 in 109 is to be expected
		t.Errorf("of 10,000 others %d are refused", refused)
	}
}
