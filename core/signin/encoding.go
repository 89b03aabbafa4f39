package signin

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
)

// encode writes a value for a cookie.
func encode(value any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false) // a path's & would take six bytes
	if e.Encode(value) != nil {
		return "" // plain structs of strings always encode
	}
	return base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(out.Bytes()))
}

// decode reads what encode wrote, and nothing else: a cookie is what anybody may have written.
func decode(raw string, into any) bool {
	if raw == "" || len(raw) > maxCookie {
		return false
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(raw)
	if err != nil {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if d.Decode(into) != nil {
		return false
	}
	_, err = d.Token()
	return err == io.EOF //nolint:errorlint // the decoder returns it as it is
}
