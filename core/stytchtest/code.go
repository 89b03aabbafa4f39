package stytchtest

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"
)

// How long a one-time passcode waits, at Stytch.
const (
	textedCodeLifetime = 2 * time.Minute
	mailedCodeLifetime = 10 * time.Minute
)

// codeRecord is the one-time passcode last sent, by what it was sent to.
type codeRecord struct {
	Code      string
	ExpiresAt time.Time
	Used      bool
}

// newCode makes a one-time passcode, in the place of an earlier one to the same key.
func (st *state) newCode(key string, lifetime time.Duration, now time.Time) string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	code := fmt.Sprintf("%06d", binary.BigEndian.Uint32(b[:])%1_000_000)
	st.codes.put(key, codeRecord{Code: code, ExpiresAt: now.Add(lifetime)})
	return code
}

// useCode uses the passcode up that was last sent to a key.
func (st *state) useCode(key, code string, now time.Time) error {
	sent, found := st.codes.get(key)
	switch {
	case !found || sent.Code != code:
		return errOTPCodeNotFound
	case sent.Used || !now.Before(sent.ExpiresAt):
		return errUnableToAuthOTPCode
	}
	sent.Used = true
	st.codes.put(key, sent)
	return nil
}

// text sends a one-time passcode to a phone.
func (st *state) text(key, phone string, lifetime time.Duration, now time.Time) {
	code := st.newCode(key, lifetime, now)
	st.keepText(Text{To: phone, Code: code, SentAt: now})
}

// mailCode sends a one-time passcode to an address.
func (st *state) mailCode(key, email string, lifetime time.Duration, now time.Time) {
	code := st.newCode(key, lifetime, now)
	st.keepMail(Message{To: email, Code: code, SentAt: now})
}

// codeMinutes are the minutes that a request wants a passcode to live, between 1 and 10.
func codeMinutes(fallback time.Duration, minutes int32) (time.Duration, error) {
	switch {
	case minutes == 0:
		return fallback, nil
	case minutes < 1 || minutes > 10:
		return 0, errInvalidExpiration
	}
	return time.Duration(minutes) * time.Minute, nil
}
