package main

import (
	"bytes"
	"net/http"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// newRole is what a changed member is given.
const newRole = "editor"

func toldEnded(_ *event, a visit.Answer) (heard bool, wrong string) {
	switch {
	case a.Status == http.StatusUnauthorized && a.Code == "session_ended":
		return true, ""
	case a.Status != http.StatusOK:
		return false, "neither 200 nor 401 session_ended"
	}
	return false, ""
}

// toldReplaced is told by a replica that sets no cookies of the old session any more; it clears none either,
// as the new one's are there.
func toldReplaced(_ *event, a visit.Answer) (heard bool, wrong string) {
	token, noToken := a.Cookie(visit.TokenCookie)
	jwt, noJWT := a.Cookie(visit.JWTCookie)
	switch {
	case noToken || noJWT:
		return false, "cookies are cleared"
	case a.Status != http.StatusOK:
		return false, "not 200"
	}
	return token == "" && jwt == "", ""
}

func toldChanged(_ *event, a visit.Answer) (heard bool, wrong string) {
	if a.Status != http.StatusOK {
		return false, "not 200"
	}
	return bytes.Contains(a.Body, []byte(newRole)), ""
}
