// Package strict reads what strangers wrote: JSON and base64url that have one meaning only. Names
// match exactly, none stands twice in an object at any depth, text is valid UTF-8, and bytes have
// one spelling. Its errors quote nothing of what was read.
package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Unmarshal reads one JSON value into the fields with these very names; null is their zero value.
func Unmarshal(data []byte, into any) error { return quiet(json.Unmarshal(data, into)) }

// Members cuts those members out of a JSON object whose names are kept, as an object of their own
// in which each stands as it was written; nil when there are none.
func Members(object []byte, keep func(name string) bool) ([]byte, error) {
	in := jsontext.NewDecoder(bytes.NewBuffer(object))
	if open, err := in.ReadToken(); err != nil || open.Kind() != '{' {
		return nil, errors.New("not a JSON object")
	}
	var kept []byte
	for in.PeekKind() != '}' {
		quoted, err := in.ReadValue()
		if err != nil {
			return nil, quiet(err)
		}
		name, err := jsontext.AppendUnquote(nil, quoted)
		if err != nil {
			return nil, quiet(err)
		}
		if !keep(string(name)) {
			if err := in.SkipValue(); err != nil {
				return nil, quiet(err)
			}
			continue
		}
		kept = append(append(append(kept, ','), quoted...), ':') // at once: the next read overwrites it
		value, err := in.ReadValue()
		if err != nil {
			return nil, quiet(err)
		}
		kept = append(kept, value...)
	}
	if _, err := in.ReadToken(); err != nil {
		return nil, quiet(err)
	}
	if _, err := in.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind the JSON object")
	}
	if len(kept) == 0 {
		return nil, nil
	}
	kept[0] = '{'
	return append(kept, '}'), nil
}

// quiet tells what is wrong with JSON, and where, without a word of it.
func quiet(err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jsontext.ErrDuplicateName):
		return errors.New("a name stands twice in a JSON object")
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d", syntax.ByteOffset)
	case errors.As(err, &meaning):
		return fmt.Errorf("JSON of another type than expected at byte %d", meaning.ByteOffset)
	}
	return errors.New("not valid JSON")
}
