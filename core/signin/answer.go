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
		v.said.Error("signin: an answer cannot be encoded", "error", err)
		status, data = http.StatusInternalServerError, nil
	}
	v.w.Header().Set("Content-Type", contentType)
	v.commit(status)
	_, _ = v.w.Write(data) // a client that is gone needs no answer
}
