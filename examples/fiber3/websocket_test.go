package main

import (
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	ws "github.com/fasthttp/websocket"
	"github.com/gofiber/contrib/v3/websocket"
	"github.com/gofiber/fiber/v3"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber3"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Take the session before the upgrade: a connection outlives its fiber.Ctx.
func TestAWebSocketsUpgradeSetsCookies(t *testing.T) {
	stytch := stytchtest.Start(t)
	config := stytch.Config()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10})
	app.Get("/ws", stytchfiber.Require(auth), func(c fiber.Ctx) error {
		session := stytchfiber.Session(c)
		return websocket.New(func(conn *websocket.Conn) {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(session.MemberID()))
		})(c)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = listener(app)(l) }()
	t.Cleanup(func() { _ = app.Shutdown() })

	member := stytch.AddMember(stytchtest.Member{})
	session := member.SignIn()
	r := &http.Request{Header: http.Header{}}
	for _, c := range session.Cookies(stytchtest.Age(10 * time.Minute)) {
		r.AddCookie(c)
	}
	conn, res, err := ws.DefaultDialer.DialContext(t.Context(), "ws://"+l.Addr().String()+"/ws", r.Header)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var tokens []string
	for _, c := range res.Cookies() {
		if c.Name == "stytch_session" {
			tokens = append(tokens, c.Value)
		}
	}
	if res.StatusCode != http.StatusSwitchingProtocols || len(tokens) != 1 || tokens[0] != session.Token || res.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the upgrade is answered %d with %v, want 101 with the member's cookies", res.StatusCode, res.Header)
	}
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != member.ID {
		t.Errorf("read %q, %v, want the member's ID", text, err)
	}
}
