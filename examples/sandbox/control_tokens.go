package main

import (
	"fmt"
	"strings"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// mint begins a session and answers its tokens.
func (c *control) mint(f *form) (any, error) {
	who, err := c.sandbox.Find(f.person())
	if err != nil {
		return nil, err
	}
	options, shape := f.session()
	if f.err != nil {
		return nil, f.err
	}
	s := sandbox.Begin(who, options, shape...)
	pairs := make([]string, 0, 2)
	for _, cookie := range s.Cookies() {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	cookie := strings.Join(pairs, "; ")
	if f.text("format") == "cookie" {
		return cookie + "\n", nil
	}
	return struct {
		*sandbox.Session
		Cookie string `json:"cookie"`
	}{s, cookie}, nil
}

// token mints an access token: a machine's own, or one that a Connected App holds for somebody.
func (c *control) token(f *form) (any, error) {
	mint, err := c.minter(f)
	if err != nil {
		return nil, err
	}
	shape := f.jwt()
	if scopes := f.request.Form["scope"]; len(scopes) > 0 {
		shape = append(shape, stytchtest.Scopes(scopes...))
	}
	forged := f.flag("forged")
	if f.err != nil {
		return nil, f.err
	}
	token := mint(shape...)
	if forged {
		token = token[:len(token)-20] + strings.Repeat("A", 20)
	}
	if f.text("format") == "text" {
		return token + "\n", nil
	}
	return map[string]string{"access_token": token, "token_type": "bearer"}, nil
}

func (c *control) minter(f *form) (func(...stytchtest.JWTOption) string, error) {
	if who := f.person(); who != "" {
		p, err := c.sandbox.Find(who)
		if err != nil {
			return nil, err
		}
		return p.AccessToken, nil
	}
	id := f.text("client")
	for _, client := range c.sandbox.M2MClients() {
		if client.ID == id || id == "" {
			return client.Token, nil
		}
	}
	return nil, fmt.Errorf("the sandbox has no M2M client %q (GET /clients lists them)", id)
}
