package stytchtest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, and what authenticator apps speak
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"
)

const (
	totpStep        = 30 * time.Second // RFC 6238 §4.1
	totpConfirmance = 24 * time.Hour   // how long a new app waits for its first code: Stytch's default
	recoveryCodes   = 10
)

// authenticator is an app that shows codes, with the recovery codes that came with it. The zero
// value is none.
type authenticator struct {
	Secret        []byte
	Step          int64     // of the last code used
	RecoveryCodes []string  // those not used yet
	ConfirmBy     time.Time // until when a new one waits for its first code; zero when it has had that
}

func newAuthenticator() authenticator {
	a := authenticator{Secret: make([]byte, sha1.Size)}
	_, _ = rand.Read(a.Secret) // never fails
	a.RecoveryCodes = newRecoveryCodes()
	return a
}

func newRecoveryCodes() []string {
	var codes []string
	for range recoveryCodes {
		var b [6]byte
		_, _ = rand.Read(b[:])
		code := hex.EncodeToString(b[:])
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
	}
	return codes
}

func (a authenticator) exists() bool { return a.Secret != nil }

// active reports whether it counts as a factor: a code of it was shown.
func (a authenticator) active() bool { return a.exists() && a.ConfirmBy.IsZero() }

// code is what the app shows; empty without one.
func (a authenticator) code(now time.Time) string {
	if !a.exists() {
		return ""
	}
	return totp(a.Secret, stepAt(now))
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

// check accepts the code of now and its neighbours, each once. The first one makes the app active.
func (a authenticator) check(code string, now time.Time) (authenticator, error) {
	switch {
	case !a.exists():
		return a, errTOTPNotFound
	case !a.ConfirmBy.IsZero() && !now.Before(a.ConfirmBy):
		return a, errExpiredTOTP
	case !isSixDigits(code):
		return a, errInvalidTOTPCode
	}
	for step := stepAt(now) - 1; step <= stepAt(now)+1; step++ {
		if totp(a.Secret, step) != code {
			continue
		}
		if step <= a.Step {
			return a, errTOTPCodeUsed
		}
		a.Step, a.ConfirmBy = step, time.Time{}
		return a, nil
	}
	return a, errUnableToAuthTOTP
}

func isSixDigits(code string) bool {
	_, err := strconv.ParseUint(code, 10, 32)
	return err == nil && len(code) == 6
}

// recover uses a recovery code up.
func (a authenticator) recover(code string) (authenticator, error) {
	if !a.active() {
		return a, errRecoveryCodesNotFound
	}
	i := slices.Index(a.RecoveryCodes, code)
	if i < 0 {
		return a, errUnableToAuthRecoveryCode
	}
	a.RecoveryCodes = slices.Delete(slices.Clone(a.RecoveryCodes), i, i+1)
	return a, nil
}

// replaced is a new app in the place of one that was never confirmed.
func (a authenticator) replaced(minutes int32, now time.Time) (authenticator, error) {
	if a.active() {
		return a, errActiveTOTPExists
	}
	lifetime, err := minutesOr(totpConfirmance, minutes)
	if err != nil {
		return a, err
	}
	next := newAuthenticator()
	next.ConfirmBy = now.Add(lifetime)
	return next, nil
}

// secret is how the app is told what to show.
func (a authenticator) secret() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(a.Secret)
}

// qrCode has the form of Stytch's, an image as a data URL. It is a single transparent dot: whoever
// tests takes the secret.
func (a authenticator) qrCode() string {
	return "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
}
