package stytchtest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and what authenticator apps speak
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
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

// RecoveryCodes are those that the member has not used yet; none for a member without MFA.
func (m *Member) RecoveryCodes() []string {
	return slices.Clone(m.record("RecoveryCodes").RecoveryCodes)
}

// record is the member as the server knows them now.
func (m *Member) record(method string) memberRecord {
	if m.server == nil {
		panic("stytchtest: " + method + " of a Member that no server knows (want the *Member that Server.AddMember returned)")
	}
	record, err := locked(m.server, func(st *state) (memberRecord, error) {
		found, ok := st.member(m.ID)
		if !ok {
			return memberRecord{}, errMemberNotFound
		}
		return found, nil
	})
	if err != nil {
		panic("stytchtest: " + method + " of " + m.Email + ", who is not a member any more (Options.Limits.Members is too small, or the organization is gone)")
	}
	return record
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

// checkRecoveryCode uses a recovery code up.
func (st *state) checkRecoveryCode(m memberRecord, code string, now time.Time) (memberRecord, factor, error) {
	if m.Authenticator == nil {
		return m, factor{}, errRecoveryCodesNotFound
	}
	i := slices.Index(m.RecoveryCodes, code)
	if i < 0 {
		return m, factor{}, errUnableToAuthRecoveryCode
	}
	m.RecoveryCodes = slices.Delete(slices.Clone(m.RecoveryCodes), i, i+1)
	f := recoveryFactor(now)
	return m, f, nil
}
