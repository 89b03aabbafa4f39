package stytchtest

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// codeLifetime is Stytch's, of a one-time passcode.
const codeLifetime = 2 * time.Minute

// Text is a text message that the server would have sent.
type Text struct {
	To     string
	Code   string
	SentAt time.Time
}

// Texts returns the text messages sent so far, oldest first, as many as Options.Limits.Messages keeps.
func (s *Server) Texts() []Text {
	texts, _ := locked(s, func(st *state) ([]Text, error) { return slices.Collect(st.texts.all()), nil })
	return texts
}

// codeRecord is the one-time passcode last sent to a member.
type codeRecord struct {
	Code      string
	ExpiresAt time.Time
	Used      bool
}

// text sends a one-time passcode to a member, in place of an earlier one.
func (st *state) text(m memberRecord, now time.Time) {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	code := fmt.Sprintf("%06d", binary.BigEndian.Uint32(b[:])%1_000_000)
	st.codes.put(m.ID, codeRecord{Code: code, ExpiresAt: now.Add(codeLifetime)})
	st.sent++
	st.texts.put(strconv.Itoa(st.sent), Text{m.Phone, code, now})
}

func (st *state) checkSMS(m memberRecord, code string, now time.Time) (memberRecord, factor, error) {
	sent, found := st.codes.get(m.ID)
	switch {
	case !found || sent.Code != code:
		return m, factor{}, errOTPCodeNotFound
	case sent.Used || !now.Before(sent.ExpiresAt):
		return m, factor{}, errUnableToAuthOTPCode
	}
	sent.Used = true
	st.codes.put(m.ID, sent)
	m.PhoneUnverified = false
	return m, smsFactor(m.ID, m.Phone, now), nil
}
