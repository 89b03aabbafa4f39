package stytchkit

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/presented"
)

// intermediateLife is how long Stytch keeps an intermediate session.
const intermediateLife = 10 * time.Minute

// IntermediateCookies are the cookies that store an intermediate session between two steps of a
// login, for as long as Stytch keeps one: 10 minutes. core/signin stores those that it is given; an
// application's own page needs this for a step that ends with another one. [Authenticator.SessionCookies]
// and [Authenticator.ClearCookies] remove it.
func (a *Authenticator) IntermediateCookies(r Request, token string) ([]*http.Cookie, error) {
	switch {
	case a.cfg.Cookies.Owner == StytchDomain:
		return nil, errStytchOwnsCookies
	case token == "":
		return nil, errors.New("stytchkit: there is no intermediate session to save: intermediate_session_token is empty")
	case !presented.IsCookieValue(token) || len(token) > presented.MaxTokenLength:
		return nil, errors.New("stytchkit: intermediate_session_token holds bytes that no cookie can carry, or too many")
	}
	return a.jar.StoreIntermediate(r.Host(), token, a.clock.Now().Add(intermediateLife)), nil
}

// ClearIntermediateCookies are the cookies that remove an unfinished login from the browser, and leave
// a session alone.
func (a *Authenticator) ClearIntermediateCookies(r Request) []*http.Cookie {
	return a.jar.ClearIntermediate(r.Host())
}

// ErrIntermediateAmbiguous is the error of [Authenticator.IntermediateSession] for a request with
// several different intermediate sessions.
var ErrIntermediateAmbiguous = errors.New("stytchkit: the request presents several different intermediate sessions (want one; a page of a sibling domain may have set another, so the login has to begin again)")

// IntermediateSession is the intermediate session token that the request's cookie holds; empty when
// there is none. Nothing is known of it: only Stytch can say whether it is good. Of several different
// ones nobody can tell which is the person's, so none is taken: [ErrIntermediateAmbiguous].
func (a *Authenticator) IntermediateSession(r Request) (string, error) {
	token, several := presented.Sole(r, a.cfg.Cookies.Intermediate)
	if several {
		return "", ErrIntermediateAmbiguous
	}
	return strings.Clone(token), nil
}
