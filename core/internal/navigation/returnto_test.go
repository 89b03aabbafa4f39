package navigation_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/navigation"
)

// returnToRow is a value that somebody may put into return_to. The browser test reads the same table.
type returnToRow struct {
	Value    string `json:"value"`
	Accepted bool   `json:"accepted"`
	Why      string `json:"why"`
}

func returnToTable(t testing.TB) []returnToRow {
	t.Helper()
	data, err := os.ReadFile("testdata/return_to.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []returnToRow
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestReturnToTakesOnlyPathsOnThisOrigin(t *testing.T) {
	hostile := 0
	for _, row := range returnToTable(t) {
		want := ""
		if row.Accepted {
			want = row.Value
		} else {
			hostile++
		}
		if got := navigation.ReturnTo(row.Value); got != want {
			t.Errorf("%s: ReturnTo(%q) is %q, want %q", row.Why, row.Value, got, want)
		}
	}
	if hostile < 40 {
		t.Errorf("the table has %d hostile values, want at least 40", hostile)
	}
	escapedAgain := "/a%41"
	for range 6 {
		escapedAgain = strings.ReplaceAll(escapedAgain, "%", "%25")
	}
	for _, value := range []string{escapedAgain, "/a?b=\x7f", "/\xff", "/\xc0\xaf", "/%80", "/\x80"} { // not expressible in JSON
		if got := navigation.ReturnTo(value); got != "" {
			t.Errorf("ReturnTo(%q) is %q, want nothing", value, got)
		}
	}
}

// Whatever ReturnTo lets through stays on the origin, for net/url, for a browser, and for whoever
// cleans or decodes the path on the way.
func FuzzReturnTo(f *testing.F) {
	for _, row := range returnToTable(f) {
		f.Add(row.Value)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		to := navigation.ReturnTo(raw)
		if to == "" {
			return
		}
		if to != raw {
			t.Fatalf("ReturnTo(%q) is %q: it changed the value", raw, to)
		}
		base, err := url.Parse("https://app.example.com/auth/callback")
		if err != nil {
			t.Fatal(err)
		}
		u, err := base.Parse(to)
		if err != nil || u.Scheme != "https" || u.Host != "app.example.com" || u.User != nil {
			t.Fatalf("net/url resolves %q to %v (%v)", to, u, err)
		}
		for _, variant := range variants(to) {
			if host := browserHost(variant, "app.example.com"); host != "app.example.com" {
				t.Fatalf("a browser resolves %q, from %q, to the host %q", variant, to, host)
			}
		}
	})
}

// variants are what others on the way make of a path: http.Redirect cleans it, a careless proxy or
// page decodes it.
func variants(to string) []string {
	all := []string{to}
	only, query, _ := strings.Cut(to, "?")
	all = append(all, path.Clean(only)+"?"+query)
	for range 4 {
		decoded, err := url.PathUnescape(only)
		if err != nil {
			break
		}
		only = decoded
		all = append(all, only, path.Clean(only))
	}
	return all
}

// browserHost is the host that the URL standard's parser finds in a reference relative to an https
// URL: it trims C0 controls and spaces, drops tabs and newlines, takes a scheme, reads \ as /, and
// after two slashes a host.
func browserHost(reference, base string) string {
	reference = strings.TrimFunc(reference, func(r rune) bool { return r <= ' ' })
	reference = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(reference)
	if regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.\-]*:`).MatchString(reference) {
		return "(a scheme)"
	}
	reference = strings.ReplaceAll(reference, `\`, "/")
	if !strings.HasPrefix(reference, "//") {
		return resolvedAgain(reference, base)
	}
	host := strings.TrimLeft(reference, "/")
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	return host[strings.LastIndexByte(host, '@')+1:]
}

// resolvedAgain is the host when a page takes the resolved path for a reference once more: dot
// segments may have left two slashes in front.
func resolvedAgain(reference, base string) string {
	only, _, _ := strings.Cut(reference, "?")
	only, _, _ = strings.Cut(only, "#")
	var kept []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(only, "/"), "/") {
		switch strings.ToLower(strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")) {
		case ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, segment)
		}
	}
	if len(kept) > 1 && kept[0] == "" {
		return "(two slashes: " + strings.Join(kept, "/") + ")"
	}
	return base
}

// The test's own resolver knows the ways out that ReturnTo must close.
func TestTheResolverOfTheTestSeesWhereHostileValuesLead(t *testing.T) {
	for _, leaves := range []string{
		"//evil.example", `/\evil.example`, "/\t/evil.example", " //evil.example", "https:evil.example",
		"/.//evil.example", "/a/..//evil.example", "/%2e//evil.example", "//user@evil.example/",
	} {
		if host := browserHost(leaves, "app.example.com"); host == "app.example.com" {
			t.Errorf("%q is taken for a path of this origin", leaves)
		}
	}
}
