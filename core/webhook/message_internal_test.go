package webhook

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"
)

// svixExample is from Svix's own documentation.
func svixExample() (http.Header, []byte, string) {
	h := http.Header{}
	h.Set("Svix-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	h.Set("Svix-Timestamp", "1614265330")
	h.Set("Svix-Signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	return h, []byte(`{"test": 2432232314}`), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
}

func TestSvixsOwnExample(t *testing.T) {
	h, body, secret := svixExample()
	key, err := keyOf(secret)
	if err != nil {
		t.Fatal(err)
	}
	if !messageOf(h, body).isSignedWith(key) {
		t.Error("its signature is refused")
	}
	standard := http.Header{}
	for _, name := range []string{"Id", "Timestamp", "Signature"} {
		standard.Set("Webhook-"+name, h.Get("Svix-"+name))
	}
	if !messageOf(standard, body).isSignedWith(key) {
		t.Error("it is refused with the names of Standard Webhooks")
	}
	for name, row := range map[string]struct {
		change func(http.Header)
		body   string
		signed bool
	}{
		"another body":             {func(http.Header) {}, `{"test": 2432232315}`, false},
		"another ID":               {func(h http.Header) { h.Set("Svix-Id", "msg_other") }, string(body), false},
		"another time":             {func(h http.Header) { h.Set("Svix-Timestamp", "1614265331") }, string(body), false},
		"no ID":                    {func(h http.Header) { h.Del("Svix-Id") }, string(body), false},
		"no time":                  {func(h http.Header) { h.Del("Svix-Timestamp") }, string(body), false},
		"no signature":             {func(h http.Header) { h.Del("Svix-Signature") }, string(body), false},
		"an empty signature":       {func(h http.Header) { h.Set("Svix-Signature", "v1,") }, string(body), false},
		"a signature of version 2": {func(h http.Header) { h.Set("Svix-Signature", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") }, string(body), false},
		"no version":               {func(h http.Header) { h.Set("Svix-Signature", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") }, string(body), false},
		"the second of several": {func(h http.Header) {
			h.Set("Svix-Signature", "v1,AAAA v2,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
		}, string(body), true},
		"half of it": {func(h http.Header) {
			h.Set("Svix-Signature", "v1,"+base64.StdEncoding.EncodeToString(make([]byte, 16)))
		}, string(body), false},
	} {
		h, _, _ := svixExample()
		row.change(h)
		if got := messageOf(h, []byte(row.body)).isSignedWith(key); got != row.signed {
			t.Errorf("%s: signed: %v, want %v", name, got, row.signed)
		}
	}
}

func TestAMessageIsOfAboutNow(t *testing.T) {
	now := time.Unix(1614265330, 0)
	for timestamp, want := range map[string]bool{
		"1614265330": true, "1614265030": true, "1614265029": false, "1614265630": true, "1614265631": false,
		"": false, "soon": false, "1614265330.5": false, "99999999999999999999": false, "-1": false,
		"9223372036854775807": false, "-9223372036854775808": false,
	} {
		if got := (message{timestamp: timestamp}).isOf(now); got != want {
			t.Errorf("%q: %v, want %v", timestamp, got, want)
		}
	}
}

func TestWhatWasSeenIsBounded(t *testing.T) {
	s := newSeen()
	for i := range 3 * mostSeen {
		id := string(rune(i))
		if s.begin(id) != unseen {
			continue // not every number is a character of its own
		}
		s.end(id, true)
	}
	if len(s.messages) > mostSeen {
		t.Errorf("%d messages are remembered, want at most %d", len(s.messages), mostSeen)
	}
}

// Any bytes as headers and body: no panic, and nothing is signed that the key has not signed.
func FuzzMessage(f *testing.F) {
	h, body, secret := svixExample()
	f.Add(h.Get("Svix-Id"), h.Get("Svix-Timestamp"), "v1,"+"AAAA", body)
	f.Add("", "1", "v1, v1,", []byte(`{"id":"a","object_type":"member","action":"DELETE","member":{"roles":3}}`))
	key, err := keyOf(secret)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id, timestamp, signatures string, body []byte) {
		m := message{id, timestamp, signatures, body}
		m.isOf(time.Unix(1614265330, 0))
		if e, err := eventOf(m); err == nil {
			e.announces()
		}
		if m.isSignedWith(key) && (id != h.Get("Svix-Id") || timestamp != h.Get("Svix-Timestamp")) {
			t.Errorf("%q is taken for signed", signatures)
		}
	})
}
