package response_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/response"
)

// wrapped is what other middleware puts around a writer.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// opaque is a writer that hides what it wraps.
type opaque struct{ http.ResponseWriter }

func cookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/"}
}

// begun is a writer around beneath, for a response that owes these cookies.
func begun(beneath http.ResponseWriter, owed ...*http.Cookie) (http.ResponseWriter, *response.Response, *response.Writer) {
	r, w := new(response.Response), new(response.Writer)
	r.Begin(true, owed)
	w.Begin(r, beneath)
	view := w.View()
	return view, r, w
}

func TestTheWatchedWriterIsFoundUnderOthers(t *testing.T) {
	w, _, watched := begun(httptest.NewRecorder())
	for name, w := range map[string]http.ResponseWriter{"itself": w, "wrapped": wrapped{w}, "wrapped twice": wrapped{wrapped{w}}} {
		if response.Watched(w) != watched {
			t.Errorf("%s: not found", name)
		}
	}
	for name, w := range map[string]http.ResponseWriter{"none": httptest.NewRecorder(), "hidden": opaque{w}} {
		if got := response.Watched(w); got != nil {
			t.Errorf("%s: found %v", name, got)
		}
	}
}

// commits are all ways in which headers go out.
func commits() map[string]func(http.ResponseWriter) {
	return map[string]func(http.ResponseWriter){
		"WriteHeader": func(w http.ResponseWriter) { w.WriteHeader(http.StatusTeapot) },
		"Write":       func(w http.ResponseWriter) { _, _ = w.Write([]byte("text")) },
		"WriteString": func(w http.ResponseWriter) { _, _ = io.WriteString(w, "text") },
		"io.Copy":     func(w http.ResponseWriter) { _, _ = io.Copy(w, strings.NewReader("text")) },
		"Flush":       func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
		"controller":  func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
	}
}

func TestWhatIsOwedIsMetHoweverTheHeadersGoOutAndNothingInsideSeesIt(t *testing.T) {
	for name, commit := range commits() {
		for _, late := range []bool{false, true} {
			recorder := httptest.NewRecorder()
			recorder.Header().Set("X-Outside", "stays")
			recorder.Header().Set("X-Deleted", "goes")
			w, r, watched := begun(recorder)
			if !late {
				w, r, watched = begun(recorder, cookie("s", "1"))
			}
			h := w.Header()
			h.Set("Cache-Control", "public")
			h.Del("X-Deleted")
			if late {
				r.Save(h, []*http.Cookie{cookie("s", "1")})
			}
			commit(w)
			sent := recorder.Result().Header
			if sent.Get("Cache-Control") != response.PrivateNoStore || sent.Get("Set-Cookie") != "s=1; Path=/" || sent.Get("X-Outside") != "stays" || sent.Get("X-Deleted") != "" {
				t.Errorf("%s, saved late %t: sent %v", name, late, sent)
			}
			if inside := w.Header(); inside.Get("Set-Cookie") != "" || !watched.Sent() || !r.Sent() {
				t.Errorf("%s, saved late %t: the inside sees %v, sent %t", name, late, inside, watched.Sent())
			}
		}
	}
}

func TestAnUnwrittenResponseIsMetWhenTheGuardReturnsAndAgainWhenItGoesOut(t *testing.T) {
	recorder := httptest.NewRecorder()
	w, _, watched := begun(recorder, cookie("s", "1"))
	w.Header().Set("X-Inside", "1")
	watched.End(w.Header())
	if h := recorder.Header(); h.Get("Set-Cookie") == "" || h.Get("X-Inside") != "1" || watched.Sent() {
		t.Errorf("after the guard: %v, sent %t", h, watched.Sent())
	}
	w.Header().Set("Cache-Control", "public")
	w.WriteHeader(http.StatusOK)
	if h := recorder.Result().Header; h.Get("Cache-Control") != response.PrivateNoStore || len(h.Values("Set-Cookie")) != 1 {
		t.Errorf("sent %v", h)
	}
}

func TestAMembersPageIsPrivateUnlessTheHandlerSaysOtherwise(t *testing.T) {
	for _, row := range []struct {
		name, control string
		vary          []string
		want          string
		wantVary      []string
	}{
		{"nothing said", "", nil, "private", []string{"Cookie, Authorization"}},
		{"public", "public", []string{"Origin"}, "public", []string{"Origin", "Cookie, Authorization"}},
		{"said already", "no-cache", []string{"Cookie, Authorization"}, "no-cache", []string{"Cookie, Authorization"}},
	} {
		recorder := httptest.NewRecorder()
		w, _, _ := begun(recorder)
		if row.control != "" {
			w.Header().Set("Cache-Control", row.control)
		}
		for _, line := range row.vary {
			w.Header().Add("Vary", line)
		}
		w.WriteHeader(http.StatusOK)
		if h := recorder.Result().Header; h.Get("Cache-Control") != row.want || !slices.Equal(h.Values("Vary"), row.wantVary) {
			t.Errorf("%s: sent %v", row.name, h)
		}
	}
	recorder, w := httptest.NewRecorder(), new(response.Writer)
	w.Begin(new(response.Response), recorder)
	w.WriteHeader(http.StatusOK)
	if h := recorder.Result().Header; len(h) != 0 {
		t.Errorf("nobody's page: sent %v", h)
	}
}

func TestWhichCookieWins(t *testing.T) {
	r := new(response.Response)
	r.Begin(false, []*http.Cookie{cookie("s", "refreshed"), cookie("j", "refreshed"), cookie("own", "refreshed")})
	r.Save(nil, []*http.Cookie{cookie("s", "saved")})
	r.Save(nil, []*http.Cookie{cookie("s", "saved later"), {Name: "s", Value: "elsewhere", Path: "/app"}})
	r.Begin(false, []*http.Cookie{cookie("s", "refreshed again")})
	h := http.Header{"Set-Cookie": {"theme=dark", "own=the handler's; Path=/x"}}
	for range 2 {
		r.Meet(h)
		want := []string{"theme=dark", "own=the handler's; Path=/x", `s="saved later"; Path=/`, "j=refreshed; Path=/", "s=elsewhere; Path=/app"}
		if got := h.Values("Set-Cookie"); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// bare can write, and do what is embedded beside.
type bare struct{ header http.Header }

func (w bare) Header() http.Header       { return w.header }
func (bare) Write(b []byte) (int, error) { return len(b), nil }
func (bare) WriteHeader(int)             {}

type (
	canFlush  struct{}
	canHijack struct{ err error }
	canNotify struct{}
)

func (canFlush) Flush() {}
func (c canHijack) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return nil, nil, c.err
}
func (canNotify) CloseNotify() <-chan bool { return nil }

func TestAWriterClaimsWhatIsBeneathAndNothingElse(t *testing.T) {
	b := bare{http.Header{}}
	for _, beneath := range []http.ResponseWriter{
		b,
		struct {
			bare
			canFlush
		}{b, canFlush{}},
		struct {
			bare
			canHijack
		}{b, canHijack{}},
		struct {
			bare
			canNotify
		}{b, canNotify{}},
		struct {
			bare
			canFlush
			canHijack
		}{b, canFlush{}, canHijack{}},
		struct {
			bare
			canFlush
			canNotify
		}{b, canFlush{}, canNotify{}},
		struct {
			bare
			canHijack
			canNotify
		}{b, canHijack{}, canNotify{}},
		struct {
			bare
			canFlush
			canHijack
			canNotify
		}{b, canFlush{}, canHijack{}, canNotify{}},
	} {
		once, _, _ := begun(wrapped{beneath})
		twice, _, _ := begun(once)
		for _, w := range []http.ResponseWriter{once, twice} {
			if got, want := claims(w), claims(beneath); got != want {
				t.Errorf("%T over %T claims %v, want %v", w, beneath, got, want)
			}
		}
	}
}

func claims(w http.ResponseWriter) [3]bool {
	_, flushes := w.(http.Flusher)
	_, hijacks := w.(http.Hijacker)
	_, notifies := w.(interface{ CloseNotify() <-chan bool })
	return [3]bool{flushes, hijacks, notifies}
}

func TestWhatFailedHasSentNothing(t *testing.T) {
	w, r, watched := begun(struct {
		bare
		canHijack
	}{bare{http.Header{}}, canHijack{errors.New("no")}}, cookie("s", "1"))
	if _, _, err := w.(http.Hijacker).Hijack(); err == nil || watched.Sent() || r.Sent() {
		t.Errorf("a failed Hijack: error %v, sent %t", err, watched.Sent())
	}
	if err := http.NewResponseController(w).Flush(); !errors.Is(err, http.ErrNotSupported) || watched.Sent() {
		t.Errorf("a failed Flush: error %v, sent %t", err, watched.Sent())
	}
	if w.Header().Get("Set-Cookie") != "" {
		t.Errorf("the inside sees %v", w.Header())
	}
}

func TestWhoHijacksSendsTheCookies(t *testing.T) {
	w, _, watched := begun(struct {
		bare
		canHijack
	}{bare{http.Header{}}, canHijack{}}, cookie("s", "1"))
	h := w.Header()
	if _, _, err := w.(http.Hijacker).Hijack(); err != nil || !watched.Sent() || h.Get("Set-Cookie") == "" {
		t.Errorf("error %v, sent %t, and the inside holds %v", err, watched.Sent(), h)
	}
}

func TestAnInformationalResponseOwesNothingAndTrailersFollow(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(beneath http.ResponseWriter, _ *http.Request) {
		w, _, watched := begun(beneath, cookie("s", "1"))
		defer watched.End(w.Header())
		w.Header().Set("Link", "</a.css>")
		w.WriteHeader(http.StatusEarlyHints)
		if beneath.Header().Get("Set-Cookie") != "" || beneath.Header().Get("Link") == "" {
			t.Errorf("103 with %v", beneath.Header())
		}
		clear(w.Header()) // as httputil.ReverseProxy does
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "text")
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-Late", "2")
		w.Header().Set("X-Too-Late", "3")
	}))
	defer s.Close()
	res, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.Header.Get("Set-Cookie") == "" || res.Header.Get("Link") != "" || res.Trailer.Get("X-Sum") != "1" || res.Trailer.Get("X-Late") != "2" || len(res.Trailer) != 2 {
		t.Errorf("got %v and trailers %v", res.Header, res.Trailer)
	}
}

func TestAPushNeedsAConnectionThatPushes(t *testing.T) {
	w, _, _ := begun(httptest.NewRecorder())
	if err := w.(http.Pusher).Push("/style.css", nil); err != http.ErrNotSupported { //nolint:errorlint // as net/http's own writers return it
		t.Errorf("got %v, want http.ErrNotSupported", err)
	}
}

func TestTheRequestIsHandedBack(t *testing.T) {
	given := httptest.NewRequest(http.MethodGet, "/orgs/acme/files/a/b", nil)
	inside := given.WithContext(t.Context())
	mux := http.NewServeMux()
	mux.HandleFunc("/orgs/{org}/files/{path...}", func(_ http.ResponseWriter, r *http.Request) { _ = r.FormValue("x") })
	mux.ServeHTTP(httptest.NewRecorder(), inside)
	response.HandBack(inside, given)
	if given.Pattern != "/orgs/{org}/files/{path...}" || given.PathValue("org") != "acme" || given.PathValue("path") != "a/b" || given.Form == nil {
		t.Errorf("got pattern %q, org %q, path %q, form %v", given.Pattern, given.PathValue("org"), given.PathValue("path"), given.Form)
	}
	chi := given.WithContext(t.Context())
	chi.Pattern = "/a/{id:[0-9]{2}}/{$}*"
	chi.SetPathValue("id", "42")
	chi.SetPathValue("*", "rest")
	response.HandBack(chi, given)
	if given.PathValue("id") != "42" || given.PathValue("*") != "rest" {
		t.Errorf("chi: id %q, * %q", given.PathValue("id"), given.PathValue("*"))
	}
}
