package signin

import (
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// fail answers with what a failure at Stytch means.
func (v *visit) fail(err error) {
	f := stytch.FailureOf(err)
	reason := reasonOf(f)
	switch reason {
	case reasonMisconfigured:
		check := "check the project's credentials and that its redirect URLs list the callback"
		switch {
		case f.OtherKind:
			check = f.Remedy()
		case f.ErrorType == errorDomain:
			check = "check that the host of Config.Origin is a domain of the project's passkeys"
		}
		v.said.Error("signin: Stytch refuses this application's settings; "+check, "callback", v.ownCallback(), "error", err)
	case reasonUnavailable, reasonRateLimited:
		state := reason
		if f.Cause == stytch.Rationed { // by us: somebody's flood, and no outage
			state = string(f.Cause)
		}
		v.said.Log(slog.LevelWarn, state, "signin: Stytch could not be asked", "error", err)
	default:
		v.in.Log.Debug("signin: Stytch refused a step", "reason", reason, "error", err)
	}
	if reason == reasonUnavailable || reason == reasonRateLimited {
		v.w.Header().Set("Retry-After", strconv.Itoa(v.in.RetrySeconds(f.RetryAfter)))
	}
	v.refuse(reason)
}

// refuse answers with a reason.
func (v *visit) refuse(reason string) { v.refuseWith(reason, nil) }

// refuseWith is refuse with advice, for a client.
func (v *visit) refuseWith(reason string, advice []string) {
	if v.in.Consumer != nil && reason == reasonNotAllowed {
		reason = reasonRefused
	}
	m := meanings()[reason]
	switch {
	case v.json:
		v.writeJSON(m.status, "application/problem+json", struct {
			Type   string   `json:"type"`
			Title  string   `json:"title"`
			Status int      `json:"status"`
			Code   string   `json:"code"`
			Detail string   `json:"detail"`
			Advice []string `json:"advice,omitempty"`
		}{"urn:stytchkit:" + reason, m.title, m.status, reason, m.detail, advice})
	case m.at == here:
		passes := m.status == http.StatusServiceUnavailable || m.status == http.StatusTooManyRequests
		v.show(Page{
			Name: PageNotice, Status: m.status, Reason: reason, Title: m.title, Detail: m.detail,
			Retry: passes && v.r.Method != http.MethodPost, // a link sends no form again
		})
	case m.at == back && v.page != "":
		v.redirect(v.in.AddQuery(v.path(v.page), v.query(reason)))
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
