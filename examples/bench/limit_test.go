package bench_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"hash/maphash"
	"testing"
	"time"
)

// BenchmarkLimit is what nothing that verifies a JWT, or recognizes one, can do without.
func BenchmarkLimit(b *testing.B) {
	token := newExperiment(b, 1).member.JWT
	b.Run("rsa-2048-verify", func(b *testing.B) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			b.Fatal(err)
		}
		sum := sha256.Sum256([]byte(token[:1024]))
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		signed := []byte(token[:1024])
		b.ReportAllocs()
		for b.Loop() {
			sum := sha256.Sum256(signed)
			if err := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("maphash-of-jwt", func(b *testing.B) {
		seed := maphash.MakeSeed()
		b.ReportAllocs()
		for b.Loop() {
			maphash.String(seed, token)
		}
	})
	b.Run("time.Now", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			time.Now()
		}
	})
}
