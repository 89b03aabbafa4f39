package stytchtest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// linkLifetime is Stytch's default: 60 minutes.
const linkLifetime = time.Hour

// The values of stytch_token_type in a link.
const (
	tokenTypeLogin     = "multi_tenant_magic_links"
	tokenTypeDiscovery = "discovery"
)

// Message is an e-mail that the server would have sent.
type Message struct {
	To        string
	TokenType string // stytch_token_type
	Token     string
	// Link is where the browser arrives: the redirect URL with stytch_token_type and token.
	Link   string
	SentAt time.Time
}

// Mail returns the e-mails sent so far, oldest first, as many as Options.Limits.Messages keeps.
func (s *Server) Mail() []Message {
	messages, _ := locked(s, func(st *state) ([]Message, error) { return slices.Collect(st.mail.all()), nil })
	return messages
}

type linkRecord struct {
	Token     string
	Type      string
	Email     string
	MemberID  string // "" for discovery
	Challenge string // "" without PKCE
	ExpiresAt time.Time
	Used      bool
}

// send mails a link with a new token to the redirect URL.
func (st *state) send(link linkRecord, redirect *url.URL, now time.Time) {
	link.Token = newToken()
	link.ExpiresAt = now.Add(linkLifetime)
	st.links.put(link.Token, link)

	target := *redirect
	query := target.Query()
	query.Set("stytch_token_type", link.Type)
	query.Set("token", link.Token)
	target.RawQuery = query.Encode()
	st.sent++
	st.mail.put(strconv.Itoa(st.sent), Message{link.Email, link.Type, link.Token, target.String(), now})
}

// link finds a link that can be opened: of that type, not used, not too old, by that verifier.
func (st *state) link(token, tokenType, verifier string, now time.Time) (linkRecord, error) {
	link, ok := st.links.get(token)
	switch {
	case !ok || link.Type != tokenType:
		return linkRecord{}, errMagicLinkNotFound
	case link.Used || !now.Before(link.ExpiresAt):
		return linkRecord{}, errUnableToAuthMagicLink
	}
	return link, checkPKCE(link.Challenge, verifier)
}

func (st *state) use(link linkRecord) {
	link.Used = true
	st.links.put(link.Token, link)
}

// checkPKCE compares by RFC 7636 §4.6, method S256.
func checkPKCE(challenge, verifier string) error {
	switch {
	case challenge == "" && verifier == "":
		return nil
	case challenge == "":
		return errPKCEUnexpected
	case verifier == "":
		return errPKCEExpected
	}
	sum := sha256.Sum256([]byte(verifier))
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) != 1 {
		return errPKCEMismatch
	}
	return nil
}

// redirectURL takes the first URL that is given.
func redirectURL(missing error, candidates ...string) (*url.URL, error) {
	for _, raw := range candidates {
		if raw == "" {
			continue
		}
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, errInvalidRedirectURL
		}
		return u, nil
	}
	return nil, missing
}

func checkEmail(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return errInvalidEmail
	}
	return nil
}
