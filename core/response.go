package stytchkit

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/response"
)

// ResponseHeader is what an adapter shows of a response's headers; net/http.Header is one.
type ResponseHeader interface {
	Values(name string) []string
	Set(name, value string)
	Add(name, value string)
	Del(name string)
}

var _ ResponseHeader = http.Header(nil)

// Response is what is owed to one response: the cookies that guards refresh or clear and that sessions
// saved or ended set, and what is to be said to caches. An adapter meets it when the headers go out,
// at the outermost guard; see [Writer], or call Leave where a framework sends later. It is safe for
// concurrent use.
type Response struct{ response response.Response }

// Leave puts what is owed on the headers, when the outermost guard's next has returned, or when a stream
// is about to send them. What is saved later is set at once. It may be called again.
func (r *Response) Leave(h ResponseHeader) { r.response.Leave(h) }

// PrivateNoStore is the Cache-Control of every response that sets a session cookie.
const PrivateNoStore = "private, no-store"

// varyCredentials is the Vary of every response that depends on whose it is.
const varyCredentials = response.VaryCredentials

// SetCookies sets cookies on a response at once, each in the place of an earlier one with the same
// name, domain and path, and keeps the response out of caches. Without cookies it does nothing.
// Behind a guard, [Exchange] keeps them from what would copy them.
func SetCookies(h ResponseHeader, cookies []*http.Cookie) { response.SetCookies(h, cookies) }

// SetHeader puts what clients are to know of a denial on the response, but for what describes the
// body; see [Denial.SetContent].
func (d *Denial) SetHeader(h ResponseHeader) {
	for name, values := range d.Header {
		if name != "Content-Type" && name != "Location" {
			setHeader(h, name, values[0])
		}
	}
}

// SetContent sets the headers that describe the denial's body, and a redirect's Location, for the one who
// writes it.
func (d *Denial) SetContent(h ResponseHeader) {
	for _, name := range []string{"Content-Type", "Location"} {
		h.Del(name)
		if value := d.Header.Get(name); value != "" {
			h.Set(name, value)
		}
	}
}

// setHeader sets a header of ours; Vary is added to what stands there.
func setHeader(h ResponseHeader, name, value string) {
	if name == "Vary" {
		response.AddVary(h)
		return
	}
	h.Set(name, value)
}

// Exchange is a request and its response as an adapter's SaveSession, EndSession and ServeSignOut show them.
type Exchange struct {
	Context context.Context //nolint:containedctx // the request's, for as long as a call takes
	Request Request
	Header  ResponseHeader
	Written bool // the framework knows that the headers have gone out
	// Watch puts a writer around the framework's that meets what is owed, where no guard has. Nil: a
	// framework's handlers cannot.
	Watch func(*Response)
}

// ErrWritten answers an attempt to save or end a session when the headers have gone out.
var ErrWritten = errors.New("stytchkit: the response has been written already, cookies cannot be set any more")

// SaveSession stores a session that a login got from Stytch, as [Authenticator.SessionCookies] says.
func (x Exchange) SaveSession(a *Authenticator, token, jwt string, expires time.Time) error {
	owed := x.response()
	if x.isWritten(owed) {
		return ErrWritten
	}
	cookies, err := a.SessionCookies(x.Request, token, jwt, expires)
	x.save(owed, cookies)
	return err
}

// EndSession signs out, as [Authenticator.EndSession] says.
func (x Exchange) EndSession(a *Authenticator) error {
	owed := x.response()
	if x.isWritten(owed) {
		return ErrWritten
	}
	cookies, err := a.EndSession(x.Context, x.Request)
	x.save(owed, cookies)
	return err
}

// SetCookies sets cookies that something inside may not copy: with the headers, where a guard stands
// before, else at once.
func (x Exchange) SetCookies(cookies []*http.Cookie) { x.save(x.response(), cookies) }

// response is what the cookies are owed to: nil where no guard stands before this very request.
func (x Exchange) response() *Response { return innermost(x.Context).responseTo(x.Request) }

func (x Exchange) isWritten(owed *Response) bool {
	return x.Written || owed != nil && owed.response.Sent()
}

func (x Exchange) save(owed *Response, cookies []*http.Cookie) {
	if owed != nil {
		owed.response.Save(x.Header, cookies)
		return
	}
	SetCookies(x.Header, cookies)
	if x.Watch != nil && len(cookies) > 0 {
		owed = new(Response)
		owed.response.KeepPrivate()
		x.Watch(owed)
	}
}

// RouteAnswer is the ready answer of a whole route, the same on every framework.
type RouteAnswer struct {
	Status int
	Header http.Header // all headers of the response but cookies; see SetHeader
	Body   []byte      // nil where there is none
}

// SetHeader puts the answer's headers on the response.
func (r *RouteAnswer) SetHeader(h ResponseHeader) {
	for name, values := range r.Header {
		setHeader(h, name, values[0])
	}
}

// show makes it a page with HTML at its end.
func (r *RouteAnswer) show(title, detail, next string) {
	r.Header.Set("Content-Type", "text/html; charset=utf-8")
	r.Body = pageOf(title, detail, next)
}
