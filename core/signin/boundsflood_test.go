package signin_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
)

// More made-up addresses than are remembered do not make anybody's tries forgotten.
func TestAFloodForgetsNobodysTries(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		try := func(email string) reply {
			return w.browser().posts("/auth/password", "email", email, "password", "wrong", "organization", organization)
		}
		for range 5 {
			try("ada@example.com").says(t, http.StatusUnauthorized, signin.Message("password_wrong"))
		}
		signin.Flood(w.handler, func(i int) string { return fmt.Sprintf("%d@example.com", i) })
		if got := try("ada@example.com").StatusCode; got == http.StatusUnauthorized {
			t.Error("her tries are forgotten")
		}
	})
}
