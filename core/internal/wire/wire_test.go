package wire_test

import (
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/wire"
)

func TestAMalformedEscapeStaysAsItIs(t *testing.T) {
	for value, want := range map[string]string{"acme": "acme", "%61cme": "acme", "%2561cme": "%61cme", "%zz": "%zz", "": ""} {
		if got := wire.Decoded(value); got != want {
			t.Errorf("%q is %q, want %q", value, got, want)
		}
	}
}

func TestAValueOfOneSegmentIsOneOfTheTarget(t *testing.T) {
	for _, test := range []struct{ value, target, want string }{
		{"acme", "/orgs/acme?acme", "acme"},
		{"acme", "/orgs/%61cme", "acme"},
		{"%61cme", "/orgs/%2561cme", "%61cme"},
		{"a/b", "/orgs/a%2Fb", "a/b"},
		{"a/b", "/orgs/a/b", ""},
		{"b", "/orgs/a%2Fb", ""},
		{"acme", "/orgs?x=/acme", ""},
		{"%zz", "/orgs/%zz", "%zz"},
	} {
		if got := wire.OfOneSegment(test.value, test.target); got != test.want {
			t.Errorf("%q of %q is %q, want %q", test.value, test.target, got, test.want)
		}
	}
}

func TestATargetIsSplitIntoPathAndHost(t *testing.T) {
	for target, want := range map[string][2]string{
		"/a?q":                       {"/a?q", "header.example"},
		"http://other.example/a%2Fb": {"/a%2Fb", "other.example"},
		"http://other.example?q=1":   {"/?q=1", "other.example"},
		"http://u@other.example":     {"/", "other.example"},
		"*":                          {"*", "header.example"},
	} {
		if path, host := wire.Split(target, "header.example"); [2]string{path, host} != want {
			t.Errorf("%q is %q at %q, want %q", target, path, host, want)
		}
	}
}
