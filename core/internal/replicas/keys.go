package replicas

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

const (
	version = 1
	info    = "stytchkit replicas v1"

	// A record is sealed from version | kind | about | unix ms | length | id, padded to one size so that
	// its length tells nothing.
	headSize  = 12
	plainSize = 128
	// maxID is the longest ID that a record has room for; Stytch's have some 60 bytes.
	maxID = plainSize - headSize

	cipherKeySize = 32
	digestSize    = 16
)

// Keys seal facts, and name opaque tokens by digests that say nothing to whoever has no key. They are safe
// for concurrent use.
type Keys struct {
	of   []key
	also []byte // what is authenticated beside a record: another version's and another project's do not open
}

type key struct {
	cipher cipher.AEAD
	digest []byte
}

// NewKeys derives keys of a project from secrets: the first seals, all of them open.
func NewKeys(projectID string, secrets ...[]byte) (*Keys, error) {
	k := &Keys{also: append([]byte{version}, projectID...)}
	for _, secret := range secrets {
		derived, err := hkdf.Key(sha256.New, secret, []byte(projectID), info, 2*cipherKeySize)
		if err != nil {
			return nil, fmt.Errorf("stytchkit: the keys of the replicas cannot be derived: %w", err)
		}
		block, err := aes.NewCipher(derived[:cipherKeySize])
		if err != nil {
			return nil, fmt.Errorf("stytchkit: the keys of the replicas cannot be derived: %w", err)
		}
		sealer, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("stytchkit: the keys of the replicas cannot be derived: %w", err)
		}
		k.of = append(k.of, key{cipher: sealer, digest: derived[cipherKeySize:]})
	}
	return k, nil
}

// digests name an opaque token, the first as this replica tells it, the others as replicas with an older key do.
func (k *Keys) digests(token string) []string {
	digests := make([]string, len(k.of))
	for i := range k.of {
		mac := hmac.New(sha256.New, k.of[i].digest)
		_, _ = mac.Write([]byte(token)) // a hash takes everything
		digests[i] = string(mac.Sum(nil)[:digestSize])
	}
	return digests
}

// Seal makes a fact a record, no two of which are alike.
func (k *Keys) Seal(f Fact, at time.Time) []byte {
	plain := make([]byte, plainSize)
	plain[0], plain[1], plain[2] = version, byte(f.Kind), byte(f.About)
	binary.BigEndian.PutUint64(plain[3:], uint64(at.UnixMilli()))
	plain[headSize-1] = byte(copy(plain[headSize:], f.ID)) //nolint:gosec // maxID fits
	return k.of[0].cipher.Seal(nil, nil, plain, k.also)    //nolint:gosec // the cipher draws its own nonces, see NewKeys
}

// Open is the fact of a record; false where no key opens it, and where this version does not understand it.
func (k *Keys) Open(record []byte) (f Fact, at time.Time, ok bool) {
	for i := range k.of {
		plain, err := k.of[i].cipher.Open(nil, nil, record, k.also)
		if err != nil || len(plain) != plainSize || plain[0] != version {
			continue
		}
		length := int(plain[headSize-1])
		if length > maxID {
			return Fact{}, time.Time{}, false
		}
		f = Fact{Kind: Kind(plain[1]), About: About(plain[2]), ID: string(plain[headSize : headSize+length])}
		at = time.UnixMilli(int64(binary.BigEndian.Uint64(plain[3:]))) //nolint:gosec // as it was sealed
		return f, at, f.isKnown()
	}
	return Fact{}, time.Time{}, false
}
