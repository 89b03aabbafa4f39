package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// message is what was posted. Only [message.isSignedWith] says whose it is.
type message struct {
	id, timestamp, signatures string
	body                      []byte
}

// messageOf reads Svix's headers or, where there are none, those of Standard Webhooks.
func messageOf(h http.Header, body []byte) message {
	for _, prefix := range []string{"Svix-", "Webhook-"} {
		if m := (message{h.Get(prefix + "Id"), h.Get(prefix + "Timestamp"), h.Get(prefix + "Signature"), body}); m.signatures != "" {
			return m
		}
	}
	return message{}
}

// isSignedWith reports whether one of the signatures is right. Those of unknown versions are none.
func (m message) isSignedWith(key []byte) bool {
	if m.id == "" || m.timestamp == "" {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(m.id + "." + m.timestamp + "."))
	mac.Write(m.body)
	want := mac.Sum(nil)
	for signature := range strings.FieldsSeq(m.signatures) {
		encoded, known := strings.CutPrefix(signature, "v1,")
		if got, err := base64.StdEncoding.DecodeString(encoded); known && err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

// isOf reports whether the message was sent about now.
func (m message) isOf(now time.Time) bool {
	seconds, err := strconv.ParseInt(m.timestamp, 10, 64)
	return err == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= tolerance
}
