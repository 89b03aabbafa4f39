// Package quiet keeps logs bounded: what anybody can make happen as often as they like is written
// once a minute for each state, not once for each request.
package quiet

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// Interval is how long a state is not written again at its own level.
	Interval = time.Minute
	// maxStates bounds the memory; states beyond it share one.
	maxStates = 64
)

// Logger writes to a [slog.Logger]. It is safe for concurrent use.
type Logger struct {
	log    *slog.Logger
	now    func() time.Time
	mu     sync.Mutex
	states map[string]*state
}

// state is something that goes on.
type state struct {
	written time.Time
	leftOut int // since then
}

// New returns a Logger that writes to log; now is the clock.
func New(log *slog.Logger, now func() time.Time) *Logger {
	return &Logger{log: log, now: now, states: map[string]*state{}}
}

// Log writes a line at its level when the state has not been written for an [Interval], with
// left_out, how many lines were not. Any other line is written at DEBUG. The state is one of a few
// constants, never something that a request brings. written: the line is at its level.
func (l *Logger) Log(level slog.Level, state, msg string, args ...any) (written bool) {
	leftOut, due := l.due(state)
	switch {
	case !due:
		level = slog.LevelDebug
	case leftOut > 0:
		args = append(args[:len(args):len(args)], "left_out", leftOut)
	}
	l.log.Log(context.Background(), level, msg, args...)
	return due
}

// Warn is Log at WARN, with msg as the state.
func (l *Logger) Warn(msg string, args ...any) { l.Log(slog.LevelWarn, msg, msg, args...) }

// Error is Log at ERROR, with msg as the state.
func (l *Logger) Error(msg string, args ...any) { l.Log(slog.LevelError, msg, msg, args...) }

func (l *Logger) due(name string) (leftOut int, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, known := l.now(), l.states[name]
	if known == nil && len(l.states) >= maxStates {
		name = ""
		known = l.states[name]
	}
	switch {
	case known == nil:
		l.states[name] = &state{written: now}
		return 0, true
	case now.Sub(known.written) < Interval && !now.Before(known.written):
		known.leftOut++
		return 0, false
	}
	leftOut, known.leftOut, known.written = known.leftOut, 0, now
	return leftOut, true
}
