package stytchtest

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// BreachedPassword is the one password that the stand-in knows from a breach: nobody can choose it, and
// whoever has it must reset it rather than sign in.
const BreachedPassword = "correct horse battery staple"

const (
	// minPassword stands for Stytch's strength policy, which is zxcvbn by default.
	minPassword = 8
	// resetWindow is how fresh a factor must be for its session to set a password.
	resetWindow = 5 * time.Minute
)

// checkPassword refuses a password that nobody should choose.
func checkPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return errWeakPassword
	case password == BreachedPassword:
		return errBreachedPassword
	}
	return nil
}

// strength is what both kinds of project say of a password, in their own form.
type strength struct {
	envelope
	ValidPassword           bool   `json:"valid_password"`
	Score                   int    `json:"score"`
	BreachedPassword        bool   `json:"breached_password"`
	StrengthPolicy          string `json:"strength_policy"`
	BreachDetectionOnCreate bool   `json:"breach_detection_on_create"`
}

func strengthOf(password string) strength {
	score := min(utf8.RuneCountInString(password)*3/minPassword, 4)
	return strength{ok(), checkPassword(password) == nil, score, password == BreachedPassword, "zxcvbn", true}
}

// advice is zxcvbn's.
type advice struct {
	Warning     string   `json:"warning"`
	Suggestions []string `json:"suggestions"`
}

func adviceOn(password string) advice {
	if utf8.RuneCountInString(password) < minPassword {
		return advice{"This is a short password.", []string{"Add another word or two. Uncommon words are better."}}
	}
	return advice{"", []string{}}
}

// luds counts lower case, upper case, digits and symbols.
type luds struct {
	HasLowerCase      bool `json:"has_lower_case"`
	HasUpperCase      bool `json:"has_upper_case"`
	HasDigit          bool `json:"has_digit"`
	HasSymbol         bool `json:"has_symbol"`
	MissingComplexity int  `json:"missing_complexity"`
	MissingCharacters int  `json:"missing_characters"`
}

func ludsOf(password string) luds {
	symbol := func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) }
	l := luds{
		HasLowerCase: strings.ContainsFunc(password, unicode.IsLower), HasUpperCase: strings.ContainsFunc(password, unicode.IsUpper),
		HasDigit: strings.ContainsFunc(password, unicode.IsDigit), HasSymbol: strings.ContainsFunc(password, symbol),
		MissingCharacters: max(0, minPassword-utf8.RuneCountInString(password)),
	}
	for _, has := range []bool{l.HasLowerCase, l.HasUpperCase, l.HasDigit, l.HasSymbol} {
		if !has {
			l.MissingComplexity++
		}
	}
	return l
}

// resetFields are what every way to mail a password reset takes.
type resetFields struct {
	ResetPasswordRedirectURL       string `json:"reset_password_redirect_url"`
	LoginRedirectURL               string `json:"login_redirect_url"`
	DiscoveryRedirectURL           string `json:"discovery_redirect_url"`
	ResetPasswordExpirationMinutes int32  `json:"reset_password_expiration_minutes"`
	CodeChallenge                  string `json:"code_challenge"`
	PKCECodeChallenge              string `json:"pkce_code_challenge"`
}

// resetMail is where the links of a reset's mail lead, and how long they live.
type resetMail struct {
	reset, login *url.URL // login is nil when no URL for it was given
	lifetime     time.Duration
}

func (p resetFields) mail(to string) (m resetMail, err error) {
	m.reset, m.lifetime, err = mailing(to, p.ResetPasswordRedirectURL, errNoPasswordResetRedirectURL, passwordResetLifetime, p.ResetPasswordExpirationMinutes)
	if err != nil {
		return m, err
	}
	if login := p.LoginRedirectURL + p.DiscoveryRedirectURL; login != "" {
		m.login, err = redirectURL(errNoLoginRedirectURL, login)
	}
	return m, err
}

// mailReset mails two links of one PKCE verifier: to a new password, and to a login without one.
func (st *state) mailReset(reset linkRecord, loginType string, m resetMail, now time.Time) {
	message := Message{To: reset.Email, TokenType: reset.wireType(), SentAt: now}
	if m.login != nil {
		login := reset
		login.Type = loginType
		_, message.LoginLink = st.issue(login, m.login, m.lifetime, now)
	}
	reset, message.Link = st.issue(reset, m.reset, m.lifetime, now)
	message.Token = reset.Token
	st.keepMail(message)
}

// maySetPassword asks a session for a fresh factor that proves the address, or the password.
func maySetPassword(factors []factor, now time.Time) error {
	for _, f := range factors {
		proves := f.EmailFactor != nil || f.Type == sessions.AuthenticationFactorTypeOAuth
		if proves && f.LastAuthenticatedAt != nil && now.Sub(*f.LastAuthenticatedAt) <= resetWindow {
			return nil
		}
	}
	return errSessionTooOldToReset
}

func (s *Server) checkUserPasswordStrength(r *http.Request) (any, error) {
	p, err := decode[struct {
		Password string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	type feedback struct {
		advice
		LUDSRequirements luds `json:"luds_requirements"`
	}
	return struct {
		strength
		Feedback feedback `json:"feedback"`
	}{strengthOf(p.Password), feedback{adviceOn(p.Password), ludsOf(p.Password)}}, nil
}

func (s *Server) checkPasswordStrength(r *http.Request) (any, error) {
	p, err := decode[struct {
		Password string `json:"password"`
	}](r)
	if err != nil {
		return nil, err
	}
	return struct {
		strength
		LUDSFeedback   luds   `json:"luds_feedback"`
		ZXCVBNFeedback advice `json:"zxcvbn_feedback"`
	}{strengthOf(p.Password), ludsOf(p.Password), adviceOn(p.Password)}, nil
}
