package stytchtest

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Message is an e-mail that the server would have sent: with a link, or with a code.
type Message struct {
	To        string
	TokenType string // stytch_token_type
	Token     string
	// Link is where the browser arrives: the redirect URL with stytch_token_type and token.
	Link string
	// LoginLink is, in the mail of a password reset, the one that logs in without a new password;
	// "" when no login_redirect_url was given.
	LoginLink string
	Code      string // the one-time passcode
	Used      bool   // the link has been used
	SentAt    time.Time
}

// Mail returns the e-mails sent so far, oldest first, as many as Options.Limits.Messages keeps.
func (s *Server) Mail() []Message {
	messages, _ := locked(s, func(st *state) ([]Message, error) {
		sent := slices.Collect(st.mail.all())
		for i, m := range sent {
			link, known := st.links.get(m.Token)
			sent[i].Used = known && link.Used
		}
		return sent, nil
	})
	return messages
}

// send mails a link with a new token to the redirect URL.
func (st *state) send(link linkRecord, redirect *url.URL, lifetime time.Duration, now time.Time) Message {
	link, target := st.issue(link, redirect, lifetime, now)
	message := Message{To: link.Email, TokenType: link.wireType(), Token: link.Token, Link: target, SentAt: now}
	st.keepMail(message)
	return message
}

func (st *state) keepMail(message Message) {
	st.sent++
	st.mail.put(strconv.Itoa(st.sent), message)
}

func checkEmail(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return errInvalidEmail
	}
	return nil
}

// mailing checks to whom a link is to be mailed, where it leads and how long it lives.
func mailing(to, redirect string, missing error, lifetime time.Duration, minutes int32) (*url.URL, time.Duration, error) {
	if err := checkEmail(to); err != nil {
		return nil, 0, err
	}
	target, err := redirectURL(missing, redirect)
	if err != nil {
		return nil, 0, err
	}
	lifetime, err = minutesOr(lifetime, minutes)
	return target, lifetime, err
}

// minutesOr are the minutes that a request wants a link to live, between 5 and 10,080.
func minutesOr(fallback time.Duration, minutes int32) (time.Duration, error) {
	switch {
	case minutes == 0:
		return fallback, nil
	case minutes < 5 || minutes > 10080:
		return 0, errInvalidExpiration
	}
	return time.Duration(minutes) * time.Minute, nil
}
