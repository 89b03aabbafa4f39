package fasthttptest

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// RunMount runs [adaptertest.RunSignIn] with bodies that the server has read and with streamed ones, and looks
// at the host that a mounted handler sees. build makes an application with the adapter's Optional in front of
// everything, and h mounted.
func RunMount(t *testing.T, build func(auth *stytchkit.Authenticator, h stytchkit.Mountable, streams bool) adaptertest.Server) {
	t.Helper()
	for name, streams := range map[string]bool{"bodies that the server has read": false, "bodies that are streamed": true} {
		t.Run(name, func(t *testing.T) {
			adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
				return build(auth, h, streams)
			})
		})
	}
	t.Run("a mounted handler sees the host that net/http would see", func(t *testing.T) {
		address := adaptertest.Serve(t, build(stytchtest.Start(t).Authenticator(t), named{}, false))
		for target, want := range map[string]string{"/auth/x": "app.example.com", "http://other.example.com/auth/x": "other.example.com"} {
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n")
			answer, err := io.ReadAll(conn)
			if _, body, _ := strings.Cut(string(answer), "\r\n\r\n"); err != nil || body != want {
				t.Errorf("GET %s: the handler saw %q, want %q (%v)", target, body, want, err)
			}
			_ = conn.Close()
		}
	})
}

// named answers with the host that it was asked for.
type named struct{}

var _ stytchkit.Mountable = named{}

func (named) Prefix() string { return "/auth" }

func (named) ServeHTTP(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host) }
