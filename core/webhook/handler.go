package webhook

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
)

const (
	defaultPath = "/webhooks/stytch"
	// maxBody is far above what a member with all that Stytch lets it carry takes.
	maxBody = 1 << 20
	// tolerance is how old or early a message may be, which bounds a replay (Svix's own).
	tolerance = 5 * time.Minute
	leastKey  = 16
)

// Config says where the endpoint is, and what the application makes of what it hears.
type Config struct {
	// Secret is the endpoint's signing secret, from Stytch's dashboard: whsec_…. While it is being rotated,
	// messages are signed with both, so that one is enough. Required.
	Secret string
	// Path is what Stytch posts to; what else is below its directory is not found. Default: /webhooks/stytch.
	Path string
	// Handle is told of each event once, after it has taken effect; in this process, and as long as few came
	// in between: who must not act twice looks at Event.ID. It should be quick, as Stytch waits for it. An
	// error is answered 500, and the event comes again. It is called concurrently. Default: none.
	Handle func(context.Context, Event) error
}

// Handler takes Stytch's webhooks. Mount it outside of every guard, as what Stytch presents is a signature.
// It is safe for concurrent use.
type Handler struct {
	auth    *stytchkit.Authenticator
	cfg     Config
	key     []byte
	project string
	now     func() time.Time
	said    *quiet.Logger
	seen    *seen
}

var _ stytchkit.Mountable = (*Handler)(nil)

// New checks the configuration; its error names the field, and what is wanted.
func New(auth *stytchkit.Authenticator, cfg Config) (*Handler, error) {
	if auth == nil {
		return nil, errors.New("webhook: the Authenticator is nil (make one with stytchkit.New)")
	}
	if cfg.Path == "" {
		cfg.Path = defaultPath
	}
	if path.Clean(cfg.Path) != cfg.Path || !strings.HasPrefix(cfg.Path, "/") || path.Dir(cfg.Path) == "/" {
		return nil, fmt.Errorf("webhook: Config.Path %q is not a plain path of two parts or more (want one such as %s)", cfg.Path, defaultPath)
	}
	key, err := keyOf(cfg.Secret)
	if err != nil {
		return nil, err
	}
	in := auth.Inside(inside.Key{})
	return &Handler{auth: auth, cfg: cfg, key: key, project: in.ProjectID, now: in.Now, said: quiet.New(in.Log, in.Now), seen: newSeen()}, nil
}

// keyOf reads a secret, of which errors quote nothing.
func keyOf(secret string) ([]byte, error) {
	encoded, found := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil || len(key) < leastKey {
		return nil, fmt.Errorf("webhook: Config.Secret is no signing secret (want the endpoint's of Stytch's dashboard, whsec_ and base64; found %d characters)", len(secret))
	}
	return key, nil
}

// Prefix is the directory of Config.Path.
func (h *Handler) Prefix() string { return path.Dir(h.cfg.Path) }

// ServeHTTP answers 204 where the event has taken effect; 401 without a right signature, 400 for a message
// that is too old, no event or another project's, 413 for one over 1 MB, 409 while the same is under way,
// and 500 where Config.Handle fails.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case r.URL.Path != h.cfg.Path:
		refuse(w, http.StatusNotFound, "nothing is here")
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "webhooks are posted")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(w, http.StatusRequestEntityTooLarge, "the message is larger than 1 MB")
		return
	case err != nil:
		refuse(w, http.StatusBadRequest, "the message broke off")
		return
	}
	m := messageOf(r.Header, body)
	if !m.isSignedWith(h.key) {
		h.said.Warn("webhook: a message with a wrong signature, or none, was refused; where it is Stytch's, compare Config.Secret with the endpoint's in the dashboard", "path", h.cfg.Path)
		refuse(w, http.StatusUnauthorized, "the signature is wrong or missing")
		return
	}
	if !m.isOf(h.now()) {
		h.said.Warn("webhook: a message that is too old or from the future was refused; where it is Stytch's, look at this machine's clock", "path", h.cfg.Path)
		refuse(w, http.StatusBadRequest, "the timestamp is too old, or in the future")
		return
	}
	h.take(r.Context(), w, m)
}

// take is what a message that Stytch has sent comes to.
func (h *Handler) take(ctx context.Context, w http.ResponseWriter, m message) {
	event, err := eventOf(m)
	if err != nil {
		refuse(w, http.StatusBadRequest, "the message is no event")
		return
	}
	if event.ProjectID != h.project {
		h.said.Error("webhook: an event of another project was refused; give each project's endpoint its own path and secret", "path", h.cfg.Path)
		refuse(w, http.StatusBadRequest, "the event is of another project")
		return
	}
	switch h.seen.begin(m.id) {
	case done:
		w.WriteHeader(http.StatusNoContent)
		return
	case underWay:
		refuse(w, http.StatusConflict, "the same message is under way")
		return
	}
	h.auth.Announce(event.announces()...)
	err = h.handle(ctx, event)
	h.seen.end(m.id, err == nil)
	if err != nil {
		h.said.Error("webhook: Config.Handle failed; the event will come again", "error", err)
		refuse(w, http.StatusInternalServerError, "the event could not be handled")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// handle is the application's own part; its panic is an error, as the event is to come again.
func (h *Handler) handle(ctx context.Context, event Event) (err error) {
	if h.cfg.Handle == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it panicked: %v", p)
		}
	}()
	return h.cfg.Handle(ctx, event)
}

func refuse(w http.ResponseWriter, status int, why string) { http.Error(w, why, status) }
