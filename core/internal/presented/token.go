package presented

// Bounds of an opaque token. Stytch's have 44 characters.
const (
	MinTokenLength = 16
	MaxTokenLength = 512
)

// IsTokenShaped refuses what Stytch cannot have handed out, before it costs a call.
func IsTokenShaped(token string) bool {
	if len(token) < MinTokenLength || len(token) > MaxTokenLength {
		return false
	}
	for i := range len(token) {
		if b := token[i]; b <= ' ' || b >= 0x7f || b == '.' {
			return false
		}
	}
	return true
}
