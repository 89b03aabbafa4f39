package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// returnTo puts core's table through the sign-in form, and signs in with each value that could lead
// away or is to be led to, and holds where the browser is then.
func (s *suite) returnTo(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("..", "..", "core", "internal", "navigation", "testdata", "return_to.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Value    string `json:"value"`
		Accepted bool   `json:"accepted"`
		Why      string `json:"why"`
	}
	if err := json.Unmarshal(table, &rows); err != nil || len(rows) < 40 {
		t.Fatalf("%d values, want at least 40: %v", len(rows), err)
	}
	script, err := os.ReadFile(filepath.Join("testdata", "return_to.js"))
	if err != nil {
		t.Fatal(err)
	}
	v := s.visit(t, s.embedded.URL)
	// The demo's pages may not fetch anything; the script has to.
	if _, err := chromedp.Call(v.ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	v.open("/login")
	signedIn := 0
	for _, row := range rows {
		argument, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		link := v.evaluate(fmt.Sprintf("await (%s)(%s)", script, argument))
		if strings.HasPrefix(link, "wrong") {
			t.Errorf("%q (%s): %s", row.Value, row.Why, link)
			continue
		}
		if link == "" {
			continue
		}
		signedIn++
		want := "/profile"
		if row.Accepted {
			want = row.Value
		}
		v.follow(link)
		v.follow(v.evaluate(`[...document.querySelectorAll('a')].find(a => a.textContent.startsWith('Mona Miller')).href`))
		if got := v.location(); got != want {
			t.Errorf("%q (%s): the sign-in ends at %s, want %s", row.Value, row.Why, got, want)
		}
	}
	if signedIn < 40 {
		t.Errorf("%d of %d values were signed in with, want at least 40", signedIn, len(rows))
	}
}
