package stytchfiber_test

import (
	"log/slog"
	"net"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v3"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Fiber hands over a path's segments as they were sent, or decoded with UnescapePath.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	srv := stytchtest.Start(t)
	cfg := srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	srv.AddOrganization(stytchtest.Organization{ID: "organization-test-acme-0001", Slug: "acme"})
	token := srv.AddMember(stytchtest.Member{Organization: "organization-test-acme-0001"}).SignIn().JWT()
	guard := stytchfiber.Require(auth, stytchkit.Organization(stytchkit.PathParam("org")))
	for _, unescapes := range []bool{false, true} {
		app := fiber.New(fiber.Config{UnescapePath: unescapes})
		app.Get("/orgs/:org/me", guard, func(c fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = app.Listener(l, quiet()) }()
		t.Cleanup(func() { _ = app.Shutdown() })
		for segment, want := range map[string]int{
			"acme": http.StatusNoContent, "%61cme": http.StatusNoContent, "%61%63%6D%65": http.StatusNoContent,
			"%2561cme": http.StatusForbidden, "%67lobex": http.StatusForbidden,
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+"/orgs/"+segment+"/me", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+token)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // only the status counts
			if res.StatusCode != want {
				t.Errorf("UnescapePath %v: GET /orgs/%s/me: got %d, want %d", unescapes, segment, res.StatusCode, want)
			}
		}
	}
}
