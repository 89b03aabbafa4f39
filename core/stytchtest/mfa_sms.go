package stytchtest

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// codeLifetime is Stytch's, of a one-time passcode.
const codeLifetime = 2 * time.Minute

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

func (s *Server) authenticateSMS(r *http.Request) (any, error) {
	body, _, err := s.secondStep(r, func(st *state, m memberRecord, p mfaFields, now time.Time) (memberRecord, factor, error) {
		return st.checkSMS(m, p.Code, now)
	})
	return body, err
}

func (s *Server) sendSMS(r *http.Request) (any, error) {
	p, err := decode[struct {
		mfaFields
		MFAPhoneNumber string `json:"mfa_phone_number"`
	}](r)
	if err != nil {
		return nil, err
	}
	b, err := s.basis(p.basisFields)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(p.OrganizationID, p.MemberID)
		if err != nil {
			return nil, err
		}
		e, err := st.resume(b, m.Email, o.ID, now)
		if err != nil {
			return nil, err
		}
		if m, err = m.reachedAt(p.MFAPhoneNumber, e); err != nil {
			return nil, err
		}
		st.putMember(m)
		st.text(m, now)
		return memberResponse(o, m), nil
	})
}

// reachedAt is the member with a phone number: the known one, or a new one, which whoever has
// another second factor must show that first to add.
func (m memberRecord) reachedAt(number string, e earlier) (memberRecord, error) {
	factors := e.factors
	if e.session != nil {
		factors = e.session.Session.Factors
	}
	switch {
	case m.Phone != "" && (number == "" || number == m.Phone):
		return m, nil
	case m.Phone != "":
		return m, errOtherPhoneNumber
	case number == "":
		return m, errNoPhoneNumber
	case !regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`).MatchString(number):
		return m, errInvalidPhoneNumber
	case m.MFA && !hasSecondFactor(factors):
		return m, errInsufficientFactors
	}
	m.Phone, m.PhoneUnverified = number, true
	return m, nil
}
