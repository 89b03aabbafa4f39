package signin

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
)

// maxBody bounds what a POST may send.
const maxBody = 16 << 10

// fields are what a POST sent, as a form or as a flat JSON object.
type fields map[string]string

// fields reads the body; without a good one, the request is answered.
func (v *visit) fields() (fields, bool) {
	contentType := v.r.Header.Get("Content-Type")
	media, params, _ := mime.ParseMediaType(contentType)
	if read := v.alreadyRead(media); read != nil {
		return firstOf(read), true
	}
	body, reason := v.body()
	switch {
	case reason != "":
	case media == mediaJSON:
		return v.parsed(parseJSON(body))
	case media == mediaForm, contentType == "" && len(body) == 0:
		return v.parsed(parseForm(body))
	case media == mediaMultipart:
		return v.parsed(parseMultipart(body, params["boundary"]))
	default:
		reason = reasonMediaType
	}
	v.refuse(reason)
	return nil, false
}

// alreadyRead is the form that a middleware has read out of the body, with net/http's own means; nil
// where the body is still there.
func (v *visit) alreadyRead(media string) url.Values {
	switch {
	case media == mediaForm && v.r.PostForm != nil:
		return v.r.PostForm
	case media == mediaMultipart && v.r.MultipartForm != nil:
		return v.r.MultipartForm.Value
	}
	return nil
}

// body is the whole body, or why it is not taken. Of one that is too large no more than the limit is
// read, and the connection is not used again.
func (v *visit) body() (body []byte, reason string) {
	if v.r.Body == nil { // a request that no server made
		return nil, ""
	}
	if v.r.ContentLength > maxBody {
		v.w.Header().Set("Connection", "close")
		return nil, reasonTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(v.w, v.r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		v.w.Header().Set("Connection", "close")
		return nil, reasonTooLarge
	case err != nil:
		return nil, reasonInvalid
	}
	return body, ""
}

func (v *visit) parsed(f fields, ok bool) (fields, bool) {
	if !ok {
		v.refuse(reasonInvalid)
	}
	return f, ok
}

func parseForm(body []byte) (fields, bool) {
	values, err := url.ParseQuery(string(body))
	return firstOf(values), err == nil
}

// parseMultipart takes the fields, and leaves files alone. All of it is in memory already.
func parseMultipart(body []byte, boundary string) (fields, bool) {
	if boundary == "" {
		return nil, false
	}
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(maxBody)
	if err != nil {
		return nil, false
	}
	return firstOf(form.Value), true
}

// firstOf takes the first value of each field.
func firstOf(values url.Values) fields {
	f := fields{}
	for name := range values {
		f[name] = values.Get(name)
	}
	return f
}

const (
	mediaJSON      = "application/json"
	mediaForm      = "application/x-www-form-urlencoded"
	mediaMultipart = "multipart/form-data"
)

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == mediaJSON
}
