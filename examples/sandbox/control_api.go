package main

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

func (c *control) fail(f *form) (any, error) {
	endpoint, err := endpointOf(f.text("endpoint"))
	if err != nil {
		return nil, err
	}
	fault := f.fault()
	if f.err != nil {
		return nil, f.err
	}
	if fault == (stytchtest.Fault{}) {
		return nil, errors.New("the fault is empty (want one of its fields, such as status=503; GET /help lists them)")
	}
	c.sandbox.Fail(endpoint, fault)
	return c.sandbox.CountCalls(), nil
}

func endpointOf(name string) (stytchtest.Endpoint, error) {
	if name == "" {
		return stytchtest.All, nil
	}
	for _, e := range sandbox.Endpoints() {
		if e.Name == name {
			return e.Endpoint, nil
		}
	}
	return "", fmt.Errorf("the API has no endpoint %q (GET /help lists them)", name)
}

func (c *control) changeKeys(f *form) (any, error) {
	switch action := f.text("action"); action {
	case "rotate":
		c.sandbox.RotateKeys()
	case "rotate-hidden":
		c.sandbox.RotateKeysHidden()
	case "publish":
		c.sandbox.PublishKeys()
	case "drop-old":
		c.sandbox.DropOldKeys()
	default:
		return nil, fmt.Errorf("action is %q (want rotate, rotate-hidden, publish or drop-old)", action)
	}
	return map[string]string{"kid": c.sandbox.KeyID()}, nil
}

func (c *control) sendWebhooks(f *form) (any, error) {
	to, err := url.Parse(f.text("url"))
	if err != nil || to.Host == "" || !demo.IsLoopback(to.Host) {
		return nil, errors.New("url is not that of a demo on this machine (want one such as http://127.0.0.1:8080/webhooks/stytch)")
	}
	if err := c.sandbox.SendWebhooks(to.String(), f.text("secret")); err != nil {
		return nil, err
	}
	return "webhooks are sent to " + to.String() + "\n", nil
}
