package quiet_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/quiet"
)

type recorder struct {
	out  bytes.Buffer
	now  time.Time
	said *quiet.Logger
}

func newRecorder() *recorder {
	r := &recorder{now: time.Unix(1_800_000_000, 0)}
	r.said = quiet.New(slog.New(slog.NewTextHandler(&r.out, &slog.HandlerOptions{Level: slog.LevelDebug})), func() time.Time { return r.now })
	return r
}

// lines are those at this level.
func (r *recorder) lines(level string) (found []string) {
	for line := range strings.Lines(r.out.String()) {
		if strings.Contains(line, "level="+level) {
			found = append(found, line)
		}
	}
	return found
}

func TestAStateIsWrittenOnceAnInterval(t *testing.T) {
	r := newRecorder()
	for range 5 {
		r.said.Warn("down", "error", "a")
		r.said.Error("refused")
	}
	if w, e, d := len(r.lines("WARN")), len(r.lines("ERROR")), len(r.lines("DEBUG")); w != 1 || e != 1 || d != 8 {
		t.Errorf("%d warnings, %d errors and %d at DEBUG, want 1, 1 and 8", w, e, d)
	}
	r.now = r.now.Add(quiet.Interval - 1)
	r.said.Warn("down")
	if n := len(r.lines("WARN")); n != 1 {
		t.Errorf("%d warnings just before the interval is over, want 1", n)
	}
	r.now = r.now.Add(1)
	r.said.Warn("down", "error", "b")
	if got := r.lines("WARN"); len(got) != 2 || !strings.Contains(got[1], "error=b left_out=5") {
		t.Errorf("after the interval: %q", got)
	}
	r.now = r.now.Add(-time.Hour) // a clock that was set back
	r.said.Warn("down")
	if n := len(r.lines("WARN")); n != 3 {
		t.Errorf("%d warnings after the clock was set back, want 3", n)
	}
}

func TestStatesAreBounded(t *testing.T) {
	r := newRecorder()
	for i := range 10_000 {
		r.said.Log(slog.LevelWarn, fmt.Sprint(i), "x")
	}
	if n := len(r.lines("WARN")); n != 65 {
		t.Errorf("10,000 states wrote %d lines, want 64 and one for all others", n)
	}
}
