package signin_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

// wire carries requests to Stytch, and notes what each rests on.
type wire struct {
	mu    sync.Mutex
	asked []call
}

// call is one request to Stytch.
type call struct {
	endpoint     string
	session      bool // it passes a session on
	intermediate bool // it passes an intermediate one on
}

func (c call) String() string {
	switch {
	case c.session:
		return c.endpoint + " with the session"
	case c.intermediate:
		return c.endpoint + " with the intermediate session"
	}
	return c.endpoint
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	var sent struct {
		Token        string `json:"session_token"`
		JWT          string `json:"session_jwt"`
		Intermediate string `json:"intermediate_session_token"`
	}
	_ = json.Unmarshal(body, &sent) // a GET has none
	w.mu.Lock()
	w.asked = append(w.asked, call{r.Method + " " + replace(r.URL.Path, `(-test)-[0-9a-f-]+`, "$1-…"), sent.Token+sent.JWT != "", sent.Intermediate != ""})
	w.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// since are the calls since it was last asked.
func (w *wire) since() []call {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

func inOneLine(calls []call) string {
	var lines []string
	for _, c := range calls {
		lines = append(lines, c.String())
	}
	return strings.Join(lines, ", ")
}
