package signin

import (
	"fmt"
	"net/http/httptest"
)

// Flood tries at more addresses than are counted.
func Flood(h *Handler, address func(i int) string) {
	v := &visit{Handler: h, r: httptest.NewRequest("POST", "/auth/password", nil)}
	for i := range 2 * maxLimits {
		v.r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&0xff, i&0xff)
		_, _ = v.tryAs(address(i))
	}
}
