package adaptertest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// answer is what a request got. Its methods say what it must be, and return it.
type answer struct {
	stage   *stage
	wire    *wire
	request request
	status  int
	header  http.Header
	body    io.ReadCloser
	events  *bufio.Reader
	closes  bool

	text     string // the body, once it has been read
	ours     bool   // the adapter's own answer, so compared to the last header
	differs  bool   // from framework to framework, so not compared
	excepted string // a header in which frameworks may differ
}

func (a *answer) readAll() {
	a.stage.t.Helper()
	rest := io.Reader(a.body)
	if a.events != nil {
		rest = a.events
	}
	text, err := io.ReadAll(rest)
	if err != nil {
		a.fail("the whole body", "%v", err)
	}
	a.text += string(text)
	_ = a.body.Close() // it has been read to its end
	if a.closes {
		a.wire.hangUp()
	}
}

// event reads one event of a stream.
func (a *answer) event(want string) {
	a.stage.t.Helper()
	if a.events == nil {
		a.events = bufio.NewReader(a.body)
	}
	var event string
	for !strings.HasSuffix(event, "\n\n") {
		line, err := a.events.ReadString('\n')
		event += line
		if err != nil {
			a.fail("the event "+want, "%q, and then %v", event, err)
			break
		}
	}
	a.text += event
	if event != "data: "+want+"\n\n" {
		a.fail("the event "+want, "%q", event)
	}
}

// fail reports what was wanted and found, with the request and the answer, and ends the case: what
// follows rests on it. JWTs are shortened to whose they are.
func (a *answer) fail(want, format string, args ...any) {
	a.stage.t.Helper()
	a.stage.t.Error(a.stage.plain(fmt.Sprintf("want %s; got %s\n--- request\n%s--- answer\n%s",
		want, fmt.Sprintf(format, args...), a.request, a)))
	if !a.stage.crowded {
		a.stage.t.FailNow()
	}
}

func (a *answer) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d\n", a.status)
	_ = a.header.Write(&text) // a strings.Builder takes everything
	fmt.Fprintf(&text, "\n%s\n", a.text)
	return text.String()
}

// of wants the handler's answer, about this person.
func (a *answer) of(name string) *answer {
	a.stage.t.Helper()
	return a.says(a.stage.kind.described(name))
}

// ofNobody wants the handler's answer, about nobody.
func (a *answer) ofNobody() *answer {
	a.stage.t.Helper()
	return a.says(anonymous)
}

// says wants the handler to have answered 200 with this text; HEAD has none.
func (a *answer) says(text string) *answer {
	a.stage.t.Helper()
	if a.request.method == http.MethodHead {
		text = ""
	}
	if a.answers(http.StatusOK); a.text != text {
		a.fail(fmt.Sprintf("the text %q", text), "%q", a.text)
	}
	return a
}

// answers wants the handler to have answered with this status.
func (a *answer) answers(status int) *answer {
	a.stage.t.Helper()
	if reached := a.stage.reachedSince(); reached != 1 || a.status != status {
		a.fail(fmt.Sprintf("%d from the handler", status), "%d, and the handler was reached %d times", a.status, reached)
	}
	return a
}

// hasHeader wants exactly one value, or none when it is empty.
func (a *answer) hasHeader(name, value string) *answer {
	a.stage.t.Helper()
	var want []string
	if value != "" {
		want = []string{value}
	}
	if got := a.header.Values(name); !slices.Equal(got, want) {
		a.fail(fmt.Sprintf("%s %q", name, want), "%q", got)
	}
	return a
}

func (a *answer) hasText(want string) *answer {
	a.stage.t.Helper()
	if a.text != want {
		a.fail(fmt.Sprintf("the body %q", want), "%q", a.text)
	}
	return a
}
