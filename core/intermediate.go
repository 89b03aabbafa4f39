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

// IntermediateSession is the intermediate session token that the request's cookie holds; empty when
// there is none. Nothing is known of it: only Stytch can say whether it is good.
func (a *Authenticator) IntermediateSession(r Request) string {
	name := a.cfg.Cookies.Intermediate
	var p presented.Credentials
	p.ReadCookies(r, &presented.Names{Token: name, JWT: name})
	p.Settle()
	for _, token := range p.JWTs.All() {
		if len(token) >= presented.MinTokenLength && len(token) <= presented.MaxTokenLength {
			return strings.Clone(token)
		}
	}
	return ""
}
