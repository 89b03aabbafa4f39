package token

import (
	"encoding/json"
	"reflect"
)

// ReadPlainly reads claims as encoding/json does and, where it can, in one pass: whether it can, and
// whether both came to the same.
func ReadPlainly(payload []byte) (plain, same bool) {
	quick, slow := newClaims(), newClaims()
	if !quick.readPlain(payload) {
		return false, true
	}
	err := json.Unmarshal(payload, slow)
	return true, err == nil && reflect.DeepEqual(quick, slow)
}
