package adaptertest

import (
	"context"
	"errors"
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// What the organization's rule reads where, and when it is answered among others.

func inPath() stytchkit.Rule { return stytchkit.Organization(stytchkit.PathParam("org")) }

func paramInGroup(s *stage) {
	s.serve(App{Groups: []Group{{Prefix: "/api", Routes: []Route{{Method: http.MethodGet, Path: "/:org/me", Guards: []Guard{s.required(inPath())}, Handler: s.me}}}}})
	alice := s.person("alice")
	s.send(get("/api/acme/me", alice.live())).of("alice")
	s.send(get("/api/%61cme/me", alice.live())).of("alice")
	s.send(get("/api/other/me?org=acme", alice.live())).denied("organization_mismatch").untouched()
	s.send(get("/api/%2561cme/me", alice.live())).denied("organization_mismatch").untouched()
	s.send(get("/api/acme%zz/me", alice.live())).refused()
	s.send(get("/api/acme/me")).denied("session_missing")
}

func paramAtGroup(s *stage) {
	s.serve(App{Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required(inPath())}, Routes: []Route{
		{Method: http.MethodGet, Path: "/:org/me", Handler: s.me},
	}}}})
	alice := s.person("alice")
	own, others := get("/api/acme/me", alice.live()), get("/api/other/me", alice.live())
	if s.can(ParamAtGroup) {
		s.send(own).varies().of("alice")
		s.send(others).varies().denied("organization_mismatch").untouched()
		return
	}
	s.send(own).varies().denied("route_misconfigured").untouched()
	s.send(others).varies().denied("route_misconfigured").untouched()
}

func organizationFirst(s *stage) {
	asked := stytchkit.Check("is not asked", func(context.Context, *stytchkit.Session) error {
		s.t.Error("a check was asked about another organization's request")
		return errors.New(secretReason)
	})
	guard := s.required(asked, stytchkit.MFA(), stytchkit.Permission("documents", "delete"), stytchkit.Role("owner"), inPath())
	s.serve(App{Routes: []Route{
		{Method: http.MethodGet, Path: "/orgs/:org/me", Guards: []Guard{guard}, Handler: s.me},
		{Method: http.MethodGet, Path: "/without/me", Guards: []Guard{guard}, Handler: s.me},
	}})
	alice := s.person("alice")
	s.send(get("/orgs/globex/me", alice.live())).denied("organization_mismatch").untouched()
	s.send(get("/orgs/globex/me", bearer(alice.jwt))).denied("organization_mismatch").untouched()
	s.send(get("/orgs/globex/me", navigation, alice.live())).deniedAsPage("organization_mismatch", "Another organization").untouched()
	s.send(get("/orgs/acme/me", alice.live())).denied("permission_denied").untouched()
	s.send(get("/without/me", alice.live())).denied("route_misconfigured").untouched()
	s.send(get("/without/me")).denied("session_missing").untouched()
}
