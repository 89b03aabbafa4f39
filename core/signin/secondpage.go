package signin

import (
	"html/template"
	"net/http"
)

// Second is what the page for a second factor is about.
type Second struct {
	TOTP   bool   // codes of an authenticator app are taken
	Phone  string // where codes are sent, but for its last digits; empty: nowhere
	Sent   bool   // one is on its way
	Enrols bool   // the member has no second factor yet, and chooses one

	// Of an authenticator app that is being set up; Stytch tells them once.
	QRCode        template.URL // a data URL of an image
	Secret        string
	RecoveryCodes []string
}

// secondOf is what a login still needs, for its page.
func secondOf(m *MFA) *Second {
	return &Second{TOTP: m.TOTPRegistrationID != "", Phone: masked(m.PhoneNumber), Sent: m.Initiated != "", Enrols: m.Enrols}
}

// masked leaves the last two digits of a phone number.
func masked(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return "•••" + phone[len(phone)-2:]
}

// askSecond shows what a login still needs.
func (v *visit) askSecond() {
	if p, _, ok := v.pendingSecond(); ok {
		v.showSecond(secondOf(p.MFA), "")
	}
}

func (v *visit) showSecond(s *Second, reason string) {
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", factorsOf(s))
		return
	}
	p := Page{
		Name: PageSecond, Status: http.StatusOK, Title: "Confirm that it is you", Action: v.path(pathMFA),
		Reason: reason, Detail: Message(reason), Second: s,
	}
	switch {
	case reason != "":
		p.Status = meanings()[reason].status
	case s.Secret != "":
		p.Title = "Set up an authenticator app"
	case s.Enrols && !s.Sent:
		p.Title = "Set up a second step"
	}
	v.show(p)
}

// factors is what a client is told.
type factors struct {
	Methods       []string `json:"methods"`
	Phone         string   `json:"phone,omitempty"`
	Sent          bool     `json:"sent"`
	Enrols        bool     `json:"enrols"`
	QRCode        string   `json:"qr_code,omitempty"`
	Secret        string   `json:"secret,omitempty"`
	RecoveryCodes []string `json:"recovery_codes,omitempty"`
}

func factorsOf(s *Second) factors {
	f := factors{Phone: s.Phone, Sent: s.Sent, Enrols: s.Enrols, QRCode: string(s.QRCode), Secret: s.Secret, RecoveryCodes: s.RecoveryCodes, Methods: []string{}}
	if s.TOTP || s.Enrols {
		f.Methods = append(f.Methods, methodTOTP)
	}
	if s.Phone != "" || s.Enrols {
		f.Methods = append(f.Methods, methodText)
	}
	if s.TOTP && !s.Enrols {
		f.Methods = append(f.Methods, methodRecovery)
	}
	return f
}
