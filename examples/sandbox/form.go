package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// form reads a request's fields. The first that cannot be read is err; it reads as zero.
type form struct {
	request *http.Request
	err     error
}

// takesOnly refuses a field that means nothing here: it would be a mistake that nobody sees.
func (f *form) takesOnly(fields []string) error {
	if err := f.request.ParseForm(); err != nil {
		return err
	}
	for name := range f.request.Form {
		if !slices.Contains(fields, name) {
			return fmt.Errorf("there is no field %q here (want %s; GET /help says more)", name, cmp.Or(strings.Join(fields, ", "), "none"))
		}
	}
	return nil
}

func (f *form) text(name string) string { return f.request.FormValue(name) }

func (f *form) duration(name string) time.Duration {
	return parse(f, name, "a duration such as 90s or 6m", time.ParseDuration)
}

func (f *form) number(name string) int {
	return parse(f, name, "a number", strconv.Atoi)
}

func (f *form) flag(name string) bool {
	return parse(f, name, "true or false", strconv.ParseBool)
}

func parse[T any](f *form, name, want string, read func(string) (T, error)) T {
	var value T
	text := f.text(name)
	if text == "" {
		return value
	}
	value, err := read(text)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%s is %q (want %s)", name, text, want)
	}
	return value
}

// session is what a new session and its JWT are to be like.
func (f *form) session() ([]stytchtest.SessionOption, []stytchtest.JWTOption) {
	var options []stytchtest.SessionOption
	if d := f.duration("lifetime"); d != 0 {
		options = append(options, stytchtest.WithLifetime(d))
	}
	custom := map[string]any{}
	for _, claim := range f.request.Form["custom_claim"] {
		name, text, _ := strings.Cut(claim, "=")
		custom[name] = valueOf(text)
	}
	if len(custom) > 0 {
		options = append(options, stytchtest.WithClaims(custom))
	}
	for _, kind := range f.request.Form["factor"] {
		options = append(options, stytchtest.WithFactor(stytchkit.FactorType(kind), 0))
	}
	if token := f.text("token"); token != "" {
		options = append(options, stytchtest.WithToken(token))
	}
	return options, f.jwt()
}

// jwt is what a JWT is to be like.
func (f *form) jwt() []stytchtest.JWTOption {
	shape := []stytchtest.JWTOption{stytchtest.Age(f.duration("jwt_age"))}
	if d := f.duration("jwt_lifetime"); d != 0 {
		shape = append(shape, stytchtest.Lifetime(d))
	}
	for _, claim := range f.request.Form["claim"] {
		name, text, _ := strings.Cut(claim, "=")
		shape = append(shape, stytchtest.Claim(name, valueOf(text)))
	}
	for _, name := range f.request.Form["without"] {
		shape = append(shape, stytchtest.WithoutClaim(name))
	}
	return shape
}

// valueOf is JSON as it is, and all else as a string.
func valueOf(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

// person is whom a request means: a member, or a user in a consumer project.
func (f *form) person() string { return cmp.Or(f.text("member"), f.text("user")) }

func (f *form) fault() stytchtest.Fault {
	return stytchtest.Fault{
		Status:     f.number("status"),
		ErrorType:  f.text("error_type"),
		Message:    f.text("message"),
		RetryAfter: f.duration("retry_after"),
		NotJSON:    f.flag("not_json"),
		Body:       f.text("body"),
		Latency:    f.duration("latency"),
		Hang:       f.flag("hang"),
		Reset:      f.flag("reset"),
		Truncate:   f.flag("truncate"),
		Times:      f.number("times"),
	}
}
