package stytchtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
)

const maxBody = 1 << 20

// answer is a response, ready to be sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// envelope is part of every response of Stytch.
type envelope struct {
	StatusCode int    `json:"status_code"`
	RequestID  string `json:"request_id"`
}

func ok() envelope { return envelope{http.StatusOK, newID("request-id-test")} }

type errorBody struct {
	envelope
	ErrorType    string `json:"error_type"`
	ErrorMessage string `json:"error_message"`
	ErrorURL     string `json:"error_url"`
}

func (h handler) answer(r *http.Request) answer {
	body, err := h(r)
	if whole, ok := body.(answer); ok && err == nil {
		return whole
	}
	if err == nil {
		return jsonAnswer(http.StatusOK, body)
	}
	var oauth2 oauth2Error
	if errors.As(err, &oauth2) {
		return oauth2.answer()
	}
	var refusal apiError
	if !errors.As(err, &refusal) {
		refusal = errInternal
		refusal.Message += " " + err.Error()
	}
	return refusal.answer()
}

func (e apiError) answer() answer {
	return jsonAnswer(e.Status, errorBody{
		envelope:     envelope{e.Status, newID("request-id-test")},
		ErrorType:    e.Type,
		ErrorMessage: e.Message,
		ErrorURL:     "https://stytch.com/docs/api/errors/" + strconv.Itoa(e.Status),
	})
}

// answer has the form of RFC 6749 §5.2.
func (e oauth2Error) answer() answer {
	return jsonAnswer(e.Status, struct {
		envelope
		Error            string `json:"error"`
		ErrorDescription string `json:"error_description"`
		ErrorURI         string `json:"error_uri"`
	}{envelope{e.Status, newID("request-id-test")}, e.Type, e.Message, "https://stytch.com/docs/api/errors/" + strconv.Itoa(e.Status)})
}

func jsonAnswer(status int, body any) answer {
	data, err := json.Marshal(body)
	if err != nil {
		return errInternal.answer()
	}
	return answer{status, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, data}
}

// write sends the answer. It announces the whole body and sends the first n bytes of it.
func (a answer) write(w http.ResponseWriter, n int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body[:n]) // the caller may be gone
}

// buffer reads the body whole: only then does the server notice a caller who hangs up.
func buffer(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return errTooLarge
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// decode reads the request's JSON; no body at all is an empty object.
func decode[T any](r *http.Request) (T, error) {
	var params T
	err := json.NewDecoder(r.Body).Decode(&params)
	if err != nil && !errors.Is(err, io.EOF) {
		return params, errInvalidArgument
	}
	return params, nil
}

// orEmpty writes an empty list as [], never as null.
func orEmpty[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}
