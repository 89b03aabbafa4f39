package signin

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// encode writes a value for a cookie.
func encode(value any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // a path's & would take six bytes
	if e.Encode(value) != nil {
		return "" // plain structs of strings always encode
	}
	return string(bytes.TrimSpace(out.Bytes()))
}

// decode reads what encode wrote, and nothing else: another version may have written it.
func decode(raw string, into any) bool {
	d := json.NewDecoder(strings.NewReader(raw))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		return false
	}
	_, err := d.Token()
	return err == io.EOF
}
