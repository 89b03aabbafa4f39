package process

import "testing"

func TestPanicsAreSeenInALog(t *testing.T) {
	for log, want := range map[string]int{
		"INFO stytchkit: signing keys fetched\n":                                0,
		"http: panic serving 127.0.0.1:1: runtime error\ngoroutine 7:\n":        1,
		"ERROR a handler panicked panic=oops\n":                                 1,
		"fatal error: concurrent map writes\n":                                  1,
		"ERROR stytchkit: Config.Observer panicked panic=a\npanic: b\nINFO c\n": 2,
	} {
		j := &Journal{}
		_, _ = j.Write([]byte(log)) // it never fails
		if got := j.Panics(); got != want {
			t.Errorf("%q: %d lines of panics, want %d", log, got, want)
		}
	}
}
