package client_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/client"
)

// request is one from a connection, with lines of X-Forwarded-For.
type request struct {
	from  string
	lines []string
}

func (r request) RemoteAddr() string { return r.from }

func (r request) Header(name string, i int) (string, bool) {
	if http.CanonicalHeaderKey(name) != "X-Forwarded-For" || i >= len(r.lines) {
		return "", false
	}
	return r.lines[i], true
}

func proxies() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
}

func TestAddress(t *testing.T) {
	for _, row := range []struct {
		name, from string
		lines      []string
		want       string
	}{
		{"no proxy", "203.0.113.7:1234", nil, "203.0.113.7"},
		{"an IPv6 client", "[2001:db8::1]:1234", nil, "2001:db8::1"},
		{"an IPv4 client on an IPv6 socket", "[::ffff:203.0.113.7]:1234", nil, "203.0.113.7"},
		{"a zone", "[fe80::1%eth0]:1234", nil, "fe80::1"},
		{"who is no proxy says nothing", "203.0.113.7:1234", []string{"198.51.100.1"}, "203.0.113.7"},
		{"a Unix socket", "@", []string{"198.51.100.1"}, "invalid IP"},
		{"nothing", "", []string{"198.51.100.1"}, "invalid IP"},
		{"a proxy that says nothing", "10.0.0.1:80", nil, "10.0.0.1"},
		{"a proxy that says an empty line", "10.0.0.1:80", []string{""}, "10.0.0.1"},
		{"a proxy", "10.0.0.1:80", []string{"203.0.113.7"}, "203.0.113.7"},
		{"with a port", "10.0.0.1:80", []string{"203.0.113.7:5555"}, "203.0.113.7"},
		{"with IPv6", "[fd00::1]:80", []string{"2001:db8::1"}, "2001:db8::1"},
		{"with IPv6 in brackets", "[fd00::1]:80", []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"with IPv6 and a port", "[fd00::1]:80", []string{"[2001:db8::1]:5555"}, "2001:db8::1"},
		{"with spaces and tabs", "10.0.0.1:80", []string{" \t203.0.113.7\t , 10.0.0.2 "}, "203.0.113.7"},
		{"the last that is no proxy counts", "10.0.0.1:80", []string{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"on several lines", "10.0.0.1:80", []string{"198.51.100.1", "203.0.113.7", "10.0.0.2"}, "203.0.113.7"},
		{"proxies alone", "10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"garbage", "10.0.0.1:80", []string{"203.0.113.7, unknown"}, "10.0.0.1"},
		{"garbage behind a proxy", "10.0.0.1:80", []string{"203.0.113.7, _hidden, 10.0.0.2"}, "10.0.0.2"},
		{"an empty entry", "10.0.0.1:80", []string{"203.0.113.7,, 10.0.0.2"}, "10.0.0.2"},
		{"too many proxies", "10.0.0.1:80", []string{"203.0.113.7" + strings.Repeat(", 10.0.0.2", 20)}, "10.0.0.2"},
	} {
		if got := client.Address(request{row.from, row.lines}, proxies()).String(); got != row.want {
			t.Errorf("%s: from %q by %q: got %s, want %s", row.name, row.from, row.lines, got, row.want)
		}
	}
}

// Whatever a client writes, in front of what the proxy adds it changes nothing; and without a proxy
// nothing at all.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"", "198.51.100.1", "198.51.100.1, 10.0.0.2", ",,,", "unknown", "[::1", "a\nb", "10.0.0.1\n10.0.0.2, "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spoofed string) {
		lines := strings.Split(spoofed, "\n")
		if got := client.Address(request{"203.0.113.7:80", lines}, proxies()).String(); got != "203.0.113.7" {
			t.Errorf("X-Forwarded-For %q of no proxy: got %s", lines, got)
		}
		onItsLine := slices.Clone(lines)
		onItsLine[len(lines)-1] += ", 203.0.113.7"
		for _, lines := range [][]string{slices.Concat(lines, []string{"203.0.113.7"}), onItsLine, slices.Concat(lines, []string{"203.0.113.7, 10.0.0.9"})} {
			if got := client.Address(request{"10.0.0.1:80", lines}, proxies()).String(); got != "203.0.113.7" {
				t.Errorf("X-Forwarded-For %q: got %s", lines, got)
			}
		}
	})
}
