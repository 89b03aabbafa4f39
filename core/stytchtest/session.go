package stytchtest

import (
	"net/http"
	"net/http/httptest"
	"time"
)

// The cookies' names at Stytch.
const (
	sessionCookie = "stytch_session"
	jwtCookie     = "stytch_session_jwt"
)

// Session is a member's or a user's session at the server.
type Session struct {
	ID    string // the member_session_id or session_id
	Token string // the opaque session token

	server *Server
	begun  grant // how it began, for what is still asked of it when it is over
}

// SignIn begins a session, without asking a member with MFA for a second factor.
func (m *Member) SignIn(options ...SessionOption) *Session {
	member := m.record("SignIn")
	s := m.server
	now := s.now()
	begun, _ := locked(s, func(st *state) (grant, error) {
		return st.begin(member, begin(memberPerson(member.Member), member.MFA, now, options), now), nil
	})
	return s.session(begun)
}

func (s *Server) session(begun grant) *Session {
	return &Session{ID: begun.Session.ID, Token: begun.Session.Token, server: s, begun: begun}
}

// End ends the session, as a revocation does.
func (s *Session) End() {
	_, _ = locked(s.server, func(st *state) (any, error) {
		st.sessions.remove(s.ID)
		return nil, nil
	})
}

// ExpiresAt is when the session ends; when it has ended, when it would have at its beginning.
func (s *Session) ExpiresAt() time.Time { return s.grant().Session.ExpiresAt }

// Cookies are the session's two cookies, as a backend sets them. The options shape the JWT.
func (s *Session) Cookies(options ...JWTOption) []*http.Cookie {
	return []*http.Cookie{
		s.cookie(sessionCookie, s.Token),
		s.cookie(jwtCookie, s.JWT(options...)),
	}
}

func (s *Session) cookie(name, value string) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", Expires: s.ExpiresAt(),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Request is a request for a handler, as by httptest.NewRequest, with the session's cookies.
func (s *Session) Request(method, target string, options ...JWTOption) *http.Request {
	r := httptest.NewRequest(method, target, http.NoBody)
	for _, cookie := range s.Cookies(options...) {
		r.AddCookie(cookie)
	}
	return r
}

// BearerRequest is such a request with a JWT of the session as its bearer token instead.
func (s *Session) BearerRequest(method, target string, options ...JWTOption) *http.Request {
	r := httptest.NewRequest(method, target, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+s.JWT(options...))
	return r
}

// grant is the session as the server knows it now.
func (s *Session) grant() grant {
	current, err := locked(s.server, func(st *state) (grant, error) { return st.grant(s.ID) })
	if err != nil {
		return s.begun
	}
	return current
}
