package signin

import (
	"net/http/httptest"
)

// Flood tries at more addresses than are remembered.
func Flood(h *Handler, address func(i int) string) {
	v := &visit{Handler: h, r: httptest.NewRequest("POST", "/auth/password", nil)}
	for i := range 2 * maxBounded {
		_, _ = v.tryAs(address(i))
	}
	h.bounds.byClient.CleanUp()
}
