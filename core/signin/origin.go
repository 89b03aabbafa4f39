package signin

import (
	"errors"
)

var errOrigin = errors.New("nothing says what the request's Host is to this application")

// origin is where browsers reach this application.
func (v *visit) origin() (string, error) {
	switch own := v.cfg.own.Of(v.r.Host); {
	case own != "":
		return own, nil
	case v.cfg.own.HasTenants(), v.in.Secure(v.r.Host):
		return "", errOrigin
	}
	return "http://" + v.r.Host, nil
}

// callbackURL is the callback for Stytch to come back to; without one, the request is answered.
func (v *visit) callbackURL() (string, bool) {
	origin, err := v.origin()
	if err != nil {
		v.said.Error("signin: a login cannot begin; set Config.Origin to where browsers reach the application", "error", err)
		v.refuse(reasonUnknownOrigin)
		return "", false
	}
	return origin + v.path(pathCallback), true
}

// ownCallback is the callback's URL, or its path where the origin is not known.
func (v *visit) ownCallback() string {
	origin, _ := v.origin() // said elsewhere
	return origin + v.path(pathCallback)
}
