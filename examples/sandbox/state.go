package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// saveEvery is how often API calls are looked for that may have changed something.
const saveEvery = 100 * time.Millisecond

// stateFile keeps a server's state in a file. What the control endpoint changes is in the file
// before it answers; what API calls change is soon after, so that a killed process loses a moment.
type stateFile struct {
	server *stytchtest.Server
	path   string
	stop   context.CancelFunc
	done   chan struct{}

	mu   sync.Mutex // one save at a time
	last []byte
}

// readState is what the file holds; nil when there is none.
func readState(path string) (io.Reader, error) {
	data, err := os.ReadFile(path) //nolint:gosec // the person who starts the sandbox names it
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("-state: %w", err)
	}
	return bytes.NewReader(data), nil
}

// keepState saves now, and then whenever something has changed.
func keepState(server *stytchtest.Server, path string) (*stateFile, error) {
	ctx, stop := context.WithCancel(context.Background())
	f := &stateFile{server: server, path: path, stop: stop, done: make(chan struct{})}
	if _, err := f.save(); err != nil {
		stop()
		return nil, err
	}
	go f.run(ctx)
	return f, nil
}

// close saves a last time.
func (f *stateFile) close() error {
	f.stop()
	<-f.done
	_, err := f.save()
	return err
}

// run saves while API calls come in, and until a save after the last one finds nothing new: a call
// is counted before it has its effect.
func (f *stateFile) run(ctx context.Context) {
	defer close(f.done)
	ticker := time.NewTicker(saveEvery)
	defer ticker.Stop()
	calls, settled := f.server.TotalCalls(), true
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := f.server.TotalCalls()
		if now == calls && settled {
			continue
		}
		changed, err := f.save()
		if err != nil {
			slog.Error("the state cannot be saved", "error", err)
		}
		calls, settled = now, err == nil && !changed
	}
}

// save writes the state if it is not what the file holds. The file is replaced as a whole.
func (f *stateFile) save() (changed bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var state bytes.Buffer
	if err := f.server.Save(&state); err != nil {
		return false, err
	}
	if bytes.Equal(state.Bytes(), f.last) {
		return false, nil
	}
	if err := replace(f.path, state.Bytes()); err != nil {
		return false, fmt.Errorf("-state: %w", err)
	}
	f.last = state.Bytes()
	return true, nil
}

// replace writes a file so that whoever reads it finds the old content or the new, and nothing between.
func replace(path string, data []byte) error {
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = next.Write(data)
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	return nil
}
