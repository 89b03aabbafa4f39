package signin

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// visit is one request and its answer.
type visit struct {
	*Handler
	w       http.ResponseWriter
	r       *http.Request
	json    bool           // the client wants JSON
	cookies []*http.Cookie // to be set with the answer

	chooser bool   // the step began at the list of organizations
	to      string // return_to, for the login page
}

func (v *visit) request() stytchkit.Request { return stytchkit.HTTPRequest{R: v.r} }

// secureHeaders are those of every answer. strict-origin keeps paths and queries, where a token
// might be, out of every Referer, and leaves forms their Origin header, which no-referrer would not.
func (v *visit) secureHeaders() {
	h := v.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", defaultPolicy)
	h.Add("Vary", "Accept, Sec-Fetch-Mode")
}

// defaultPolicy is for answers without a page.
const defaultPolicy = "default-src 'none'; frame-ancestors 'none'"

func (v *visit) commit(status int) {
	stytchkit.Exchange{Context: v.r.Context(), Request: v.request(), Header: v.w.Header()}.SetCookies(v.cookies)
	v.w.WriteHeader(status)
}

// redirect sends a browser on. The Location is written as it is: http.Redirect would clean the path.
func (v *visit) redirect(to string) {
	v.w.Header().Set("Location", to)
	v.commit(http.StatusSeeOther)
}

// redirectOr sends a browser on, and tells a client where to.
func (v *visit) redirectOr(to string, body answer) {
	if !v.json {
		v.redirect(to)
		return
	}
	body.Next = to
	v.writeJSON(http.StatusOK, "application/json", body)
}

// answer is how a step ended, for a client.
type answer struct {
	Authenticated  bool     `json:"member_authenticated"`
	MemberID       string   `json:"member_id,omitempty"`
	OrganizationID string   `json:"organization_id,omitempty"`
	MFARequired    bool     `json:"mfa_required"`
	Primary        []string `json:"primary_required"`
	Next           string   `json:"next"` // where a browser would be sent
}

func (v *visit) writeJSON(status int, contentType string, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		v.in.Log.Error("signin: an answer cannot be encoded", "error", err)
		status, data = http.StatusInternalServerError, nil
	}
	v.w.Header().Set("Content-Type", contentType)
	v.commit(status)
	_, _ = v.w.Write(data) // a client that is gone needs no answer
}

// fail answers with what a failure at Stytch means.
func (v *visit) fail(err error) {
	f := stytch.FailureOf(err)
	reason := reasonOf(f)
	switch reason {
	case reasonMisconfigured:
		v.in.Log.Error("signin: Stytch refuses this application's settings; check the project's credentials and that its redirect URLs list the callback", "error", err)
	case reasonUnavailable, reasonRateLimited:
		v.in.Log.Warn("signin: Stytch could not be asked", "error", err)
	default:
		v.in.Log.Debug("signin: Stytch refused a step", "reason", reason, "error", err)
	}
	if reason == reasonUnavailable || reason == reasonRateLimited {
		v.w.Header().Set("Retry-After", strconv.Itoa(v.in.RetrySeconds(f.RetryAfter)))
	}
	v.refuse(reason)
}

// refuse answers with a reason.
func (v *visit) refuse(reason string) {
	m := meanings()[reason]
	switch {
	case v.json:
		v.writeJSON(m.status, "application/problem+json", struct {
			Type   string `json:"type"`
			Title  string `json:"title"`
			Status int    `json:"status"`
			Code   string `json:"code"`
			Detail string `json:"detail"`
		}{"urn:stytchkit:" + reason, m.title, m.status, reason, m.detail})
	case m.at == here:
		passes := m.status == http.StatusServiceUnavailable || m.status == http.StatusTooManyRequests
		v.show(Page{
			Name: PageNotice, Status: m.status, Reason: reason, Title: m.title, Detail: m.detail,
			Retry: passes && v.r.Method != http.MethodPost, // a link sends no form again
		})
	case m.at == back && v.chooser:
		v.redirect(v.in.AddQuery(v.path(pathOrganizations), v.query(reason)))
	default:
		v.redirect(v.in.AddQuery(v.cfg.LoginURL, v.query(reason)))
	}
}

func (v *visit) query(reason string) url.Values {
	query := url.Values{"reason": {reason}}
	if v.to != "" {
		query.Set("return_to", v.to)
	}
	return query
}

// path is the path of a step.
func (h *Handler) path(step string) string { return h.cfg.Prefix + "/" + step }

var errOrigin = errors.New("signin.Config.Origin is empty, and the request's Host is not loopback")

// origin is where browsers reach this application.
func (v *visit) origin() (string, error) {
	switch {
	case v.cfg.Origin != "":
		return v.cfg.Origin, nil
	case v.in.Secure(v.r.Host):
		return "", errOrigin
	}
	return "http://" + v.r.Host, nil
}

// callbackURL is the callback for Stytch to come back to; without one, the request is answered.
func (v *visit) callbackURL() (string, bool) {
	origin, err := v.origin()
	if err != nil {
		v.in.Log.Error("signin: a login cannot begin; set Config.Origin to where browsers reach the application", "error", err)
		v.refuse(reasonUnknownOrigin)
		return "", false
	}
	return origin + v.path(pathCallback), true
}

// decodedPath is a URL's path without its query, percent-decoded until nothing is left to decode.
func decodedPath(raw string) string {
	path, _, _ := strings.Cut(raw, "?")
	for {
		decoded, err := url.PathUnescape(path)
		if err != nil || decoded == path {
			return path
		}
		path = decoded
	}
}
