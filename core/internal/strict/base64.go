package strict

import (
	"encoding/base64"
	"errors"
	"strings"
)

var errNotBase64 = errors.New("not base64url")

// AppendBase64 appends what a text in base64url encodes (RFC 4648 §5, without padding). encoding/base64
// would pass over line ends, and over the last character's bits that encode nothing.
func AppendBase64(to []byte, text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return to, errNotBase64
	}
	to, err := base64.RawURLEncoding.Strict().AppendDecode(to, []byte(text))
	if err != nil {
		return to, errNotBase64
	}
	return to, nil
}
