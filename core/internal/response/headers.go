package response

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// Headers stands between the header map that those inside a guard see, and the one beneath that goes
// out. A framework's response writer has one, and belongs to one request. Where cookies are owed from
// the start the inside has a map of its own, else from when they go out: what it copies holds none.
type Headers struct {
	response *Response
	own      http.Header // nil: the inside sees the map beneath
	sent     bool
	left     bool      // the guard has returned
	lines    [2]string // room for two header values, so that they cost no allocation
}

// Begin is called when the guard lets the inside begin.
func (h *Headers) Begin(r *Response, beneath http.Header) {
	h.response = r
	h.Split(beneath)
}

// Split gives the inside a map of its own if cookies are owed.
func (h *Headers) Split(beneath http.Header) {
	if !h.left && h.response.Owes() {
		h.separate(beneath)
	}
}

func (h *Headers) separate(beneath http.Header) {
	if h.own == nil {
		h.own = beneath.Clone()
	}
}

// Inside is the map for those inside.
func (h *Headers) Inside(beneath http.Header) http.Header {
	if h.own != nil {
		return h.own
	}
	return beneath
}

// Sent reports whether the headers have gone out.
func (h *Headers) Sent() bool { return h.sent }

// Inform brings what the inside says beneath, without what is owed: for an informational response.
func (h *Headers) Inform(beneath http.Header) {
	if h.own == nil || h.sent {
		return
	}
	maps.DeleteFunc(beneath, func(name string, _ []string) bool { _, ok := h.own[name]; return !ok })
	maps.Copy(beneath, h.own)
}

// Prepare makes the map beneath what is to go out.
func (h *Headers) Prepare(beneath http.Header) {
	if !h.sent {
		h.response.meet(beneath, h, moment{})
	}
}

// Send is Prepare, and the headers go out now.
func (h *Headers) Send(beneath http.Header) {
	if !h.sent {
		h.response.meet(beneath, h, moment{sent: true})
		h.sent = true
	}
}

// Hijacked puts what is owed into the map that the inside holds: it writes its answer itself.
func (h *Headers) Hijacked(beneath http.Header) {
	if !h.sent {
		h.response.hijacked(h.Inside(beneath), h)
		h.sent = true
	}
}

// End is called when the guard returns. now is the map that the framework's writer shows by then:
// another than the inside's when the framework has thrown the writer away.
func (h *Headers) End(beneath, now http.Header) {
	if h.sent {
		h.trail(beneath)
		h.own, h.left = nil, true
		return
	}
	if h.own != nil && !isSame(h.own, now) {
		h.own, beneath = nil, now
	}
	h.response.meet(beneath, h, moment{left: true})
	h.own, h.left = nil, true
}

// trail brings trailers beneath, which handlers set after the body.
func (h *Headers) trail(beneath http.Header) {
	var declared []string
	for _, line := range h.own["Trailer"] {
		for name := range strings.SplitSeq(line, ",") {
			declared = append(declared, http.CanonicalHeaderKey(strings.TrimSpace(name)))
		}
	}
	for name, values := range h.own {
		if strings.HasPrefix(name, http.TrailerPrefix) || slices.Contains(declared, name) {
			beneath[name] = values
		}
	}
}

// isSame reports whether both are one map.
func isSame(a, b http.Header) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}
