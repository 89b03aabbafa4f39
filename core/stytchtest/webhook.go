package stytchtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// webhookTries is how often an event is sent, a moment apart, until it is answered 2xx.
	webhookTries = 3
	// mostEvents is how many wait; what comes beyond is lost, and logged.
	mostEvents = 1024
)

// WebhookSecret is a signing secret for tests.
const WebhookSecret = "whsec_c3R5dGNodGVzdCBzaWducyB3aXRoIHRoaXM="

// WebhookRequest is a webhook as Stytch sends them by Svix: its ID, the time that it is signed at, and a body.
func WebhookRequest(ctx context.Context, url, secret, id string, at time.Time, body []byte) (*http.Request, error) {
	key, err := webhookKey(secret)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "." + string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Svix-Id", id)
	r.Header.Set("Svix-Timestamp", timestamp)
	r.Header.Set("Svix-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return r, nil
}

func webhookKey(secret string) ([]byte, error) {
	encoded, found := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil {
		return nil, errors.New("stytchtest: the secret is not whsec_ and base64 (want such as WebhookSecret)")
	}
	return key, nil
}

// SendWebhooks sends to url, signed with the secret, what changes of members, organizations and users from
// now on: in order, each up to three times until it is answered 2xx. It ends with [Server.Close]; a later
// call takes the place of an earlier one.
func (s *Server) SendWebhooks(url, secret string) error {
	if _, err := webhookKey(secret); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	events := make(chan change, mostEvents)
	s.stateMu.Lock()
	defer s.stateMu.Unlock()
	s.state.changed = func(c change) {
		select {
		case events <- c:
		default:
			s.options.Logger.Warn("stytchtest: too many webhooks wait; one was lost")
		}
	}
	s.hooks.replace(stop)
	go s.sendWebhooks(ctx, url, secret, events)
	return nil
}

func (s *Server) sendWebhooks(ctx context.Context, url, secret string, events <-chan change) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-events:
			if err := s.sendWebhook(ctx, url, secret, c); err != nil && ctx.Err() == nil {
				s.options.Logger.Warn("stytchtest: a webhook was not taken", "error", err)
			}
		}
	}
}

func (s *Server) sendWebhook(ctx context.Context, url, secret string, c change) (err error) {
	id := newID("msg")
	body, err := c.body(s.ProjectID(), s.Vertical(), s.now())
	if err != nil {
		return err
	}
	for try := range webhookTries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond << try):
			}
		}
		if err = postWebhook(ctx, url, secret, id, s.now(), body); err == nil {
			return nil
		}
	}
	return err
}

func postWebhook(ctx context.Context, url, secret, id string, at time.Time, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := WebhookRequest(ctx, url, secret, id, at, body)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	_ = res.Body.Close() // only its status counts
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("it was answered %d", res.StatusCode)
	}
	return nil
}

// change is what a webhook tells.
type change struct {
	action, object, id string
	now                any // the object; nil where it was deleted
}

func (c change) body(projectID string, vertical Vertical, at time.Time) ([]byte, error) {
	event := map[string]any{
		"project_id": projectID, "event_id": newID("event"), "vertical": strings.ToUpper(vertical.String()),
		"action": c.action, "source": "DIRECT", "object_type": c.object, "id": c.id, "timestamp": at.Format(time.RFC3339),
	}
	if c.now != nil {
		event[c.object] = c.now
	}
	return json.Marshal(event)
}

// tell says that a record was put in the place of another; nothing where they are the same.
func (st *state) tell(object, id string, before, after any, existed bool, now func() any) {
	switch {
	case st.changed == nil || existed && reflect.DeepEqual(before, after):
	case existed:
		st.changed(change{"UPDATE", object, id, now()})
	default:
		st.changed(change{"CREATE", object, id, now()})
	}
}

// tellGone says that a record was deleted.
func (st *state) tellGone(object, id string) {
	if st.changed != nil {
		st.changed(change{"DELETE", object, id, nil})
	}
}

// hooks is what sends webhooks now.
type hooks struct {
	mu   sync.Mutex
	stop func()
}

// replace ends what has sent them so far; nil: nobody sends them any more.
func (h *hooks) replace(stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop != nil {
		h.stop()
	}
	h.stop = stop
}
