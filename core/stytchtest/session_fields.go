package stytchtest

import (
	"encoding/json"
	"time"
)

// sessionFields name a session in a request.
type sessionFields struct {
	SessionToken string `json:"session_token"`
	SessionJWT   string `json:"session_jwt"`
}

// termsFields shape the session that a request begins or extends.
type termsFields struct {
	SessionDurationMinutes int32          `json:"session_duration_minutes"`
	SessionCustomClaims    map[string]any `json:"session_custom_claims"`
}

// terms are such fields, checked.
type terms struct {
	lifetime time.Duration // 0: as it is, or the default
	claims   map[string]any
}

const maxClaims = 4 << 10

func (f termsFields) terms() (terms, error) {
	if f.SessionDurationMinutes != 0 && (f.SessionDurationMinutes < 5 || f.SessionDurationMinutes > 527040) {
		return terms{}, errInvalidSessionDuration
	}
	if data, err := json.Marshal(f.SessionCustomClaims); err != nil || len(data) > maxClaims {
		return terms{}, errCustomClaimsTooLarge
	}
	return terms{time.Duration(f.SessionDurationMinutes) * time.Minute, f.SessionCustomClaims}, nil
}

// credential takes the one that is given, and verifies a JWT.
func (s *Server) credential(f sessionFields) (credential, error) {
	switch {
	case f.SessionToken != "" && f.SessionJWT != "":
		return credential{}, errTooManySessionArguments
	case f.SessionToken != "":
		return credential{token: f.SessionToken}, nil
	case f.SessionJWT != "":
		id, err := s.verify(f.SessionJWT)
		return credential{id: id}, err
	}
	return credential{}, errNoSessionArguments
}

// basisFields are what a login takes beside the factor that it shows.
type basisFields struct {
	sessionFields
	termsFields
	IntermediateSessionToken string `json:"intermediate_session_token"`
}

func (s *Server) basis(f basisFields) (basis, error) {
	terms, err := f.terms()
	if err != nil {
		return basis{}, err
	}
	b := basis{terms: terms, intermediate: f.IntermediateSessionToken}
	switch bySession := f.SessionToken != "" || f.SessionJWT != ""; {
	case bySession && b.intermediate != "":
		return basis{}, errTooManySessionArguments
	case bySession:
		b.session, err = s.credential(f.sessionFields)
	}
	return b, err
}
