package stytchtest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and what authenticator apps speak
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	totpStep      = 30 * time.Second // RFC 6238 §4.1
	recoveryCodes = 10
)

// TOTP is the code that the member's authenticator app shows now. Each works once and for about
// half a minute, by the server's clock; empty for a member without MFA.
func (m *Member) TOTP() string {
	record := m.record("TOTP")
	if record.Authenticator == nil {
		return ""
	}
	return totp(record.Authenticator, stepAt(m.server.now()))
}

// withAuthenticator gives a member with MFA an authenticator app, unless they have one.
func (m memberRecord) withAuthenticator() memberRecord {
	if !m.MFA || m.Authenticator != nil {
		return m
	}
	m.Authenticator = make([]byte, sha1.Size)
	_, _ = rand.Read(m.Authenticator) // never fails
	for range recoveryCodes {
		var b [6]byte
		_, _ = rand.Read(b[:])
		code := hex.EncodeToString(b[:])
		m.RecoveryCodes = append(m.RecoveryCodes, code[:4]+"-"+code[4:8]+"-"+code[8:])
	}
	return m
}

func (m memberRecord) totpRegistration() string {
	if m.Authenticator == nil {
		return ""
	}
	return totpRegistration(m.ID)
}

func (m memberRecord) defaultMFAMethod() string {
	switch {
	case m.Authenticator != nil:
		return "totp"
	case m.Phone != "":
		return "sms_otp"
	}
	return ""
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(totpStep.Seconds()) }

// totp is RFC 6238 with its defaults: SHA-1 and six digits.
func totp(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:])&0x7fffffff%1_000_000)
}

// checkTOTP accepts the code of now and its neighbours, each once.
func (st *state) checkTOTP(m memberRecord, code string, now time.Time) (memberRecord, factor, error) {
	switch {
	case m.Authenticator == nil:
		return m, factor{}, errTOTPNotFound
	case !isSixDigits(code):
		return m, factor{}, errInvalidTOTPCode
	}
	for step := stepAt(now) - 1; step <= stepAt(now)+1; step++ {
		if totp(m.Authenticator, step) != code {
			continue
		}
		if step <= m.AuthenticatorStep {
			return m, factor{}, errTOTPCodeUsed
		}
		m.AuthenticatorStep = step
		return m, totpFactor(m.ID, now), nil
	}
	return m, factor{}, errUnableToAuthTOTP
}

func isSixDigits(code string) bool {
	_, err := strconv.ParseUint(code, 10, 32)
	return err == nil && len(code) == 6
}

func (s *Server) authenticateTOTP(r *http.Request) (any, error) {
	body, _, err := s.secondStep(r, func(st *state, m memberRecord, p mfaFields, now time.Time) (memberRecord, factor, error) {
		return st.checkTOTP(m, p.Code, now)
	})
	return body, err
}
