package signin

import (
	"encoding/json"
	"net/http"
)

// redirectOr sends a browser on, and tells a client where to.
func (v *visit) redirectOr(to string, body answer) {
	if !v.json {
		v.redirect(to)
		return
	}
	body.Next = to
	if v.in.Consumer != nil {
		v.writeJSON(http.StatusOK, "application/json", userAnswer{body.Authenticated, body.UserID, to})
		return
	}
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

	UserID string `json:"-"` // in a consumer project; see userAnswer
}

// userAnswer is [answer] in a consumer project, where a login that ends needs nothing more.
type userAnswer struct {
	Authenticated bool   `json:"user_authenticated"`
	UserID        string `json:"user_id,omitempty"`
	Next          string `json:"next"`
}

func (v *visit) writeJSON(status int, contentType string, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		v.said.Error("signin: an answer cannot be encoded", "error", err)
		status, data = http.StatusInternalServerError, nil
	}
	v.w.Header().Set("Content-Type", contentType)
	v.commit(status)
	_, _ = v.w.Write(data) // a client that is gone needs no answer
}
