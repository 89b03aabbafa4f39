package stytchkit

import (
	"fmt"
	"os"
)

// ConfigFromEnv reads a Config from the environment: STYTCH_PROJECT_ID, STYTCH_SECRET,
// STYTCH_BASE_URL, STYTCH_VERTICAL (b2b, as when unset, or consumer) and STYTCH_COOKIES (backend,
// browser-sdk or stytch-domain). What else is unset stays empty for [New] to complain about; an unknown
// kind or owner is an error here.
func ConfigFromEnv() (Config, error) {
	owner, err := parseCookieOwner(os.Getenv("STYTCH_COOKIES"))
	if err != nil {
		return Config{}, err
	}
	vertical, err := ParseVertical(os.Getenv("STYTCH_VERTICAL"))
	if err != nil {
		return Config{}, fmt.Errorf("STYTCH_VERTICAL: %w", err)
	}
	return Config{
		ProjectID: os.Getenv("STYTCH_PROJECT_ID"),
		Secret:    os.Getenv("STYTCH_SECRET"),
		Vertical:  vertical,
		BaseURL:   os.Getenv("STYTCH_BASE_URL"),
		Cookies:   Cookies{Owner: owner},
	}, nil
}

func parseCookieOwner(name string) (CookieOwner, error) {
	switch name {
	case "":
		return 0, nil
	case "backend":
		return Backend, nil
	case "browser-sdk":
		return BrowserSDK, nil
	case "stytch-domain":
		return StytchDomain, nil
	}
	return 0, fmt.Errorf("stytchkit: STYTCH_COOKIES is %q (want backend, browser-sdk or stytch-domain)", name)
}
