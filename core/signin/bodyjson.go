package signin

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"
)

// parseJSON reads a flat object: strings as they are, numbers and booleans as they are written, null as
// absent. What is nested, said twice or no UTF-8 is refused. An empty body is an empty object.
func parseJSON(body []byte) (fields, bool) {
	f := fields{}
	if len(bytes.TrimSpace(body)) == 0 {
		return f, true
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if start, err := d.Token(); err != nil || start != json.Delim('{') || !utf8.Valid(body) {
		return nil, false
	}
	for seen := map[string]bool{}; d.More(); {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok || seen[name] {
			return nil, false
		}
		seen[name] = true
		value, err := d.Token()
		if err != nil || !f.put(name, value) {
			return nil, false
		}
	}
	if _, err := d.Token(); err != nil { // the object's end
		return nil, false
	}
	_, err := d.Token()
	return f, err == io.EOF //nolint:errorlint // the decoder returns it as it is
}

// put keeps a value as text; false for what is none.
func (f fields) put(name string, value json.Token) bool {
	switch value := value.(type) {
	case string:
		f[name] = value
	case json.Number:
		f[name] = value.String()
	case bool:
		f[name] = strconv.FormatBool(value)
	case nil:
	default:
		return false
	}
	return true
}
