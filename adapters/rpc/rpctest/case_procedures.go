package rpctest

import stytchkit "github.com/stytchkit/stytchkit/core"

// procedureCases are about which rules a procedure has.
func procedureCases() []testCase {
	return []testCase{
		{"a procedure has its own rules beside those of all", func(s *stage) {
			s.serve(App{
				Guard: s.auth.Require(stytchkit.Role("reader")),
				Rules: map[string][]stytchkit.Rule{Delete: {stytchkit.Role("editor")}, Talk: {stytchkit.Role("talker")}},
			})
			reader, editor, outsider := s.member("reader"), s.member("reader", "editor"), s.member("editor")
			s.call(Get, reader.byCookies(0)).of(reader.id)
			s.call(Delete, reader.byCookies(0)).denied(stytchkit.CodePermissionDenied)
			s.call(Delete, editor.byCookies(0)).of(editor.id)
			s.call(Delete, outsider.byCookies(0)).denied(stytchkit.CodePermissionDenied)
			s.call(Delete, nil).denied(stytchkit.CodeSessionMissing)
			s.open(editor.byCookies(0)).denied(stytchkit.CodePermissionDenied)
		}},
		{"a service has rules, and what nobody has registered falls to those of all", func(s *stage) {
			s.serve(App{Guard: s.auth.Require(), Rules: map[string][]stytchkit.Rule{"/" + Service + "/*": {stytchkit.Role("editor")}}})
			reader, editor := s.member(), s.member("editor")
			s.call(Get, reader.byCookies(0)).denied(stytchkit.CodePermissionDenied)
			s.call(Get, editor.byCookies(0)).of(editor.id)
			s.open(reader.byCookies(0)).denied(stytchkit.CodePermissionDenied)
		}},
		{"a public procedure is everybody's, and knows who calls", func(s *stage) {
			s.serve(App{Guard: s.auth.Require(), Public: []string{Get, Talk}, Talk: echo})
			alice := s.member()
			s.call(Get, nil).of(anonymous).untouched()
			s.call(Get, alice.byCookies(0)).of(alice.id)
			s.call(Get, alice.byCookies(0, "Origin", "https://evil.example")).of(anonymous)
			s.call(Delete, nil).denied(stytchkit.CodeSessionMissing)
			s.open(nil).hears(anonymous).says("bye").end()
		}},
		{"a guard within another guard decides by its own rules, and asks again where it wants to", func(s *stage) {
			s.serve(App{Guard: s.auth.Optional(), Inner: s.auth.Require(stytchkit.Fresh(0)), Talk: echo})
			alice := s.member()
			s.call(Get, nil).denied(stytchkit.CodeSessionMissing)
			s.open(nil).denied(stytchkit.CodeSessionMissing)
			s.asked(0)
			s.call(Get, alice.byCookies(0)).of(alice.id).refreshed(alice)
			s.open(alice.byCookies(0)).hears(alice.id).says("bye").end().refreshed(alice)
			s.asked(2)
			alice.End()
			s.call(Get, alice.byCookies(0)).denied(stytchkit.CodeSessionEnded).cleared()
		}},
		{"a public service, but for one procedure", func(s *stage) {
			s.serve(App{Guard: s.auth.Require(), Public: []string{"/" + Service + "/*"}, Rules: map[string][]stytchkit.Rule{Delete: nil}, Talk: echo})
			s.call(Get, nil).of(anonymous)
			s.call(Delete, nil).denied(stytchkit.CodeSessionMissing)
			s.open(nil).hears(anonymous).says("bye").end()
		}},
	}
}
