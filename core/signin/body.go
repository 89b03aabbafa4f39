package signin

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds what a POST may send.
const maxBody = 16 << 10

// fields are what a POST sent, as a form or a JSON object of strings.
type fields map[string]string

// fields reads the body; without a good one, the request is answered.
func (v *visit) fields() (fields, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(v.w, v.r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		v.refuse(reasonTooLarge)
		return nil, false
	case err != nil:
		v.refuse(reasonInvalid)
		return nil, false
	}
	contentType := v.r.Header.Get("Content-Type")
	switch {
	case isJSON(contentType):
		return v.parsed(parseJSON(body))
	case isForm(contentType), contentType == "" && len(body) == 0:
		return v.parsed(parseForm(body))
	}
	v.refuse(reasonMediaType)
	return nil, false
}

func (v *visit) parsed(f fields, ok bool) (fields, bool) {
	if !ok {
		v.refuse(reasonInvalid)
	}
	return f, ok
}

func parseJSON(body []byte) (fields, bool) {
	f := fields{}
	if strings.TrimSpace(string(body)) == "" {
		return f, true
	}
	err := json.Unmarshal(body, &f)
	return f, err == nil
}

// parseForm takes the first value of each field.
func parseForm(body []byte) (fields, bool) {
	values, err := url.ParseQuery(string(body))
	f := fields{}
	for name := range values {
		f[name] = values.Get(name)
	}
	return f, err == nil
}

func isJSON(contentType string) bool { return isMedia(contentType, "application/json") }

func isForm(contentType string) bool {
	return isMedia(contentType, "application/x-www-form-urlencoded")
}

func isMedia(contentType, want string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == want
}
