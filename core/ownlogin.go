package stytchkit

import (
	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// CrossOrigin reports whether a page of another origin than Config.Origin, and of none in
// Config.TrustedOrigins, made this unsafe request, by the rules that guards apply to session cookies. It is for what an
// application answers without a guard, such as its own sign-in form.
func (a *Authenticator) CrossOrigin(r Request) bool {
	cross := origin.IsCross(r, a.cfg.own.Origin, a.cfg.TrustedOrigins)
	if cross {
		a.hintCross(r)
	}
	return cross
}

// ReturnTo is raw when it is a path, with or without a query, that every browser resolves to the
// same origin, else empty. It refuses more than the URL standard demands: a path that, once or more
// often percent-decoded, holds an empty or a dot segment, a backslash, a control character or a
// look-alike of those is refused as well, as the next redirect might resolve it. So are fragments,
// which no server is asked for, and what is longer than 2048 bytes.
func ReturnTo(raw string) string { return navigation.ReturnTo(raw) }
