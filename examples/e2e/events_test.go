package e2e

import (
	"strings"
	"testing"
)

// listening opens the stream of events in a page, and is the first one's data; window.denied is the last one's.
const listening = `await new Promise(hello => {
	const stream = new EventSource("/api/events");
	stream.addEventListener("hello", event => hello(event.data));
	window.denied = new Promise(denied => stream.addEventListener("denied", event => {
		stream.close(); // else the browser would ask again
		denied(event.data);
	}));
})`

// streamEnds has a page listen while another tab signs out.
func (s *suite) streamEnds(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.signIn("Mona Miller", "acme")
	page := v.tab("/")
	if hello := page.evaluate(listening); !strings.HasPrefix(hello, `{"subject":"member-`) {
		t.Errorf("the stream begins with %s", hello)
	}
	v.press("Sign out")
	if denied := page.evaluate("await window.denied"); denied != `{"code":"session_ended"}` {
		t.Errorf("the stream ends with %s", denied)
	}
}
