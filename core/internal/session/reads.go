package session

import (
	"bytes"
	"sync/atomic"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/copies"
)

// Reads keep what was made of a session's facts when it was first asked for: the custom claims, the
// JSON, and the SDK's type without the claims, each once. All are in proportion to what the facts are
// from. Safe for concurrent use; the zero value keeps nothing.
type Reads struct {
	claims atomic.Pointer[[]byte]
	json   atomic.Pointer[[]byte]
	member atomic.Pointer[sessions.MemberSession]
	user   atomic.Pointer[consumer.Session]
}

// Claims is [Facts.Claims], not to be changed.
func (r *Reads) Claims(f *Facts) ([]byte, error) { return once(&r.claims, f.Claims) }

// JSON is [Facts.JSON], the caller's own.
func (r *Reads) JSON(f *Facts) ([]byte, error) {
	written, err := once(&r.json, f.JSON)
	return bytes.Clone(written), err
}

// MemberSession is [Facts.MemberSession], the caller's own.
func (r *Reads) MemberSession(f *Facts) *sessions.MemberSession {
	ms := copyOf(&r.member, f.plainMember)
	if ms != nil {
		claims, _ := r.Claims(f)
		ms.CustomClaims = f.claimsMap(claims)
	}
	return ms
}

// UserSession is [Facts.UserSession], the caller's own.
func (r *Reads) UserSession(f *Facts) *consumer.Session {
	s := copyOf(&r.user, f.plainUser)
	if s != nil {
		claims, _ := r.Claims(f)
		s.CustomClaims = f.claimsMap(claims)
	}
	return s
}

// copyOf is a copy of what is kept, or is built and kept now; nil where there is nothing to build.
func copyOf[T any](kept *atomic.Pointer[T], build func() *T) *T {
	known := kept.Load()
	if known == nil {
		if known = build(); known == nil {
			return nil
		}
		kept.Store(known)
	}
	return copies.Of(known)
}

// once is what is kept, or is built and kept now, to its length. An error is not kept.
func once(kept *atomic.Pointer[[]byte], build func() ([]byte, error)) ([]byte, error) {
	if known := kept.Load(); known != nil {
		return *known, nil
	}
	made, err := build()
	if err == nil {
		made = bytes.Clone(made)
		kept.Store(&made)
	}
	return made, err
}
