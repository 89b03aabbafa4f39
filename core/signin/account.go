package signin

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// The changes of an account, as change names them.
const (
	changeSignOut     = "sign_out_everywhere"
	changeAddTOTP     = "add_totp"
	changeRemoveTOTP  = "remove_totp"
	changeAddPhone    = "add_phone"
	changeRemovePhone = "remove_phone"
	changeCodes       = "rotate_recovery_codes"
)

// Account is what whoever is signed in signs in with, for its page.
type Account struct {
	Changes     []string // what they can change, as forms name it
	TOTP        bool     // they have an authenticator app
	Phone       string   // where codes are sent, but for its last digits; empty: nowhere
	Password    bool     // they have one
	PasswordURL string   // where it is changed, or set
	PasskeysURL string   // empty where there are none

	// Of what is being added: a change, and the number that a code was sent to.
	Adding   string
	NewPhone string

	// Of an authenticator app that is being set up, or of new recovery codes; told once.
	QRCode        template.URL // a data URL of an image
	Secret        string
	RecoveryCodes []string
}

// Can reports whether they can make this change.
func (a *Account) Can(change string) bool { return slices.Contains(a.Changes, change) }

func (v *visit) accountOf(p *stytch.Person) *Account {
	a := &Account{TOTP: p.TOTP, Phone: masked(p.Phone), Password: p.Password, Changes: []string{changeSignOut}}
	for _, c := range []struct {
		change string
		can    bool
	}{
		{changeAddTOTP, !p.TOTP},
		{changeRemoveTOTP, p.TOTP},
		{changeCodes, p.TOTP && v.project.rotateCodes != nil},
		{changeAddPhone, p.Phone == ""},
		{changeRemovePhone, p.Phone != "" && p.Mailbox != ""}, // who has nothing else signs in with it
	} {
		if c.can {
			a.Changes = append(a.Changes, c.change)
		}
	}
	page := pathNewPassword
	if p.Password {
		page = pathChange
	}
	a.PasswordURL = v.path(page) + "?" + url.Values{"return_to": {v.path(pathAccount)}}.Encode()
	if v.passkeyDomain() != "" {
		a.PasskeysURL = v.path(pathPasskeys)
	}
	return a
}

// askAccount shows what there is to change.
func (v *visit) askAccount() {
	p, ok := v.themself(pathAccount)
	if !ok {
		return
	}
	v.showAccount(v.accountOf(p), v.r.URL.Query().Get("reason"))
}

// showAccount shows the page; after a POST a reason is why what was entered is refused.
func (v *visit) showAccount(a *Account, reason string) {
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", accountAnswer{
			a.Changes, a.TOTP, a.Phone, a.Password, a.Adding, string(a.QRCode), a.Secret, a.RecoveryCodes,
		})
		return
	}
	page := Page{
		Name: PageAccount, Status: http.StatusOK, Title: "Your account", Action: v.path(pathAccount),
		Reason: reason, Detail: Message(reason), BackURL: v.cfg.AfterLogin, Account: a,
	}
	switch {
	case a.Adding == changeAddTOTP:
		page.Title = "Set up an authenticator app"
	case a.Adding == changeAddPhone:
		page.Title = "Confirm your phone"
	case a.RecoveryCodes != nil:
		page.Title = "Your new recovery codes"
	}
	if a.Adding != "" || a.RecoveryCodes != nil {
		page.BackURL = v.path(pathAccount)
	}
	if reason != "" && v.r.Method == http.MethodPost {
		page.Status = meanings()[reason].status
	}
	v.show(page)
}

// accountAnswer is an account for a client.
type accountAnswer struct {
	Changes       []string `json:"changes"`
	TOTP          bool     `json:"totp"`
	Phone         string   `json:"phone,omitempty"`
	Password      bool     `json:"password"`
	Adding        string   `json:"adding,omitempty"`
	QRCode        string   `json:"qr_code,omitempty"`
	Secret        string   `json:"secret,omitempty"`
	RecoveryCodes []string `json:"recovery_codes,omitempty"`
}
