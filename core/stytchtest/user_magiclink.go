package stytchtest

import (
	"net/http"
	"time"
)

// magicLinkFields are what both ways to mail a login link take.
type magicLinkFields struct {
	Email                   string `json:"email"`
	LoginMagicLinkURL       string `json:"login_magic_link_url"`
	SignupMagicLinkURL      string `json:"signup_magic_link_url"`
	LoginExpirationMinutes  int32  `json:"login_expiration_minutes"`
	SignupExpirationMinutes int32  `json:"signup_expiration_minutes"`
	CodeChallenge           string `json:"code_challenge"`
}

// mailMagicLink mails a user who is there already a link to log in, and a new one a link to sign up.
func (st *state) mailMagicLink(u userRecord, p magicLinkFields, isNew bool, now time.Time) error {
	redirect, err := redirectOf(!isNew, p.LoginMagicLinkURL, p.SignupMagicLinkURL)
	if err != nil {
		return err
	}
	minutes := p.LoginExpirationMinutes
	if isNew {
		minutes = p.SignupExpirationMinutes
	}
	lifetime, err := minutesOr(magicLinkLifetime, minutes)
	if err != nil {
		return err
	}
	st.send(linkRecord{Type: tokenTypeUserLogin, Email: u.Email, UserID: u.ID, Challenge: p.CodeChallenge}, redirect, lifetime, now)
	return nil
}

func (s *Server) loginOrCreate(r *http.Request) (any, error) {
	p, err := decode[struct {
		magicLinkFields
		CreateUserAsPending bool `json:"create_user_as_pending"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.Email); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		u, known := st.userWith(User{Email: p.Email}, p.CreateUserAsPending, now)
		isNew := !known || u.Status == statusPending
		// The mail is sent before anybody is kept, so that a refusal changes nothing.
		if err := st.mailMagicLink(u, p.magicLinkFields, isNew, now); err != nil {
			return nil, err
		}
		st.putUser(u)
		return mailedTo{ok(), u.ID, u.emailID(), !known}, nil
	})
}

// mailedTo answers that something was sent. It tells who has an account.
type mailedTo struct {
	envelope
	UserID      string `json:"user_id"`
	EmailID     string `json:"email_id"`
	UserCreated bool   `json:"user_created"`
}

// userWith is the user with that address or number, or a new one that the caller keeps.
func (st *state) userWith(u User, pending bool, now time.Time) (record userRecord, known bool) {
	if record, known = st.sameUser(u); known {
		return record, true
	}
	u.ID, u.Status, u.Roles = newID("user-test"), statusActive, []string{roleUser}
	if pending {
		u.Status = statusPending
	}
	return userRecord{User: u, CreatedAt: now, EmailUnverified: true, PhoneUnverified: true}, false
}

// sendMagicLink mails a link to a user who is known, and may so get the address.
func (s *Server) sendMagicLink(r *http.Request) (any, error) {
	p, err := decode[struct {
		magicLinkFields
		sessionFields
		UserID string `json:"user_id"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.Email); err != nil {
		return nil, err
	}
	now := s.now()
	owner, err := s.selected(p.UserID, p.sessionFields, now)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		u, err := st.withEmail(owner, p.Email)
		if err != nil {
			return nil, err
		}
		if err := st.mailMagicLink(u, p.magicLinkFields, false, now); err != nil {
			return nil, err
		}
		st.putUser(u)
		return struct {
			envelope
			UserID  string `json:"user_id"`
			EmailID string `json:"email_id"`
		}{ok(), u.ID, u.emailID()}, nil
	})
}

// selected is the user whom a request means, by ID or by session; without either, nobody in
// particular.
func (s *Server) selected(id string, f sessionFields, now time.Time) (string, error) {
	if id == "" && f == (sessionFields{}) {
		return "", nil
	}
	if _, err := one(errNoUserSelection, errTooManySessionArguments, id, f.SessionToken, f.SessionJWT); err != nil || id != "" {
		return id, err
	}
	named, err := s.credential(f)
	if err != nil {
		return "", err
	}
	return locked(s, func(st *state) (string, error) {
		g, err := st.live(named, now)
		return g.User.ID, err
	})
}

// withEmail is the user with an address: the owner, who gets it when they have none; without an
// owner, whoever has it.
func (st *state) withEmail(owner, email string) (userRecord, error) {
	known, found := st.user(email)
	if owner == "" {
		if !found {
			return userRecord{}, errEmailNotFound
		}
		return known, nil
	}
	u, err := st.userOr404(owner)
	switch {
	case err != nil:
		return userRecord{}, err
	case found && known.ID != u.ID:
		return userRecord{}, errDuplicateEmail
	case u.Email == "":
		u.Email, u.EmailUnverified = email, true
	}
	return u, nil
}

func (s *Server) authenticateUserMagicLink(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		Token        string `json:"token"`
		CodeVerifier string `json:"code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	g, _, err := s.openUserLink(p.userLoginFields, p.Token, p.CodeVerifier, tokenTypeUserLogin, tokenTypeUserResetLogin)
	if err != nil {
		return nil, err
	}
	return struct {
		userLoginBody
		MethodID      string `json:"method_id"`
		ResetSessions bool   `json:"reset_sessions"`
	}{s.userLoginResponse(g), g.User.emailID(), false}, nil
}

// authenticateUserImpersonation always ends in a session, of an hour, which nothing prolongs.
func (s *Server) authenticateUserImpersonation(r *http.Request) (any, error) {
	p, err := decode[struct {
		ImpersonationToken string `json:"impersonation_token"`
	}](r)
	if err != nil {
		return nil, err
	}
	hour := userLoginFields{termsFields: termsFields{SessionDurationMinutes: int32(time.Hour.Minutes())}}
	g, _, err := s.openUserLink(hour, p.ImpersonationToken, "", tokenTypeUserImpersonation)
	if err != nil {
		return nil, err
	}
	return s.userLoginResponse(g), nil
}
