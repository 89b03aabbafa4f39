package crowd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// keptFor is how old a file may be: young enough that its JWTs outlive the run.
const keptFor = Lifetime / 2

// kept is what the file holds: the server's state, with its key, on one line, and a JWT on each other.
type kept struct {
	state string
	jwts  []string
}

func path() string { return filepath.Join(os.TempDir(), "stytchkit-bench-crowd") }

// load reads n JWTs from the file; an error when there is none, or it is too old or too short.
func load(n int) (*kept, error) {
	file, err := os.Open(path())
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if time.Since(info.ModTime()) > keptFor {
		return nil, errors.New("crowd: too old")
	}
	lines := bufio.NewScanner(file)
	k := &kept{}
	for len(k.jwts) < n && lines.Scan() {
		if k.state == "" {
			k.state = lines.Text()
			continue
		}
		k.jwts = append(k.jwts, lines.Text())
	}
	if len(k.jwts) < n {
		return nil, errors.Join(errors.New("crowd: too few"), lines.Err())
	}
	return k, nil
}

// save writes the file in one step, so that a process beside this one reads all or nothing.
func (k *kept) save() (err error) {
	file, err := os.CreateTemp(os.TempDir(), "stytchkit-bench-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.WriteString(k.state + "\n" + strings.Join(k.jwts, "\n") + "\n")
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path())
}

// sign makes a key and signs n JWTs with it, on every core.
func sign(n int) (*kept, error) {
	fmt.Fprintf(os.Stderr, "signing %d JWTs, once: kept in %s for %v\n", n, path(), keptFor)
	server, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer server.Close()
	var state, line bytes.Buffer
	if err := server.Save(&state); err != nil {
		return nil, err
	}
	if err := json.Compact(&line, state.Bytes()); err != nil {
		return nil, err
	}
	k := &kept{state: line.String(), jwts: make([]string, n)}
	session := example(server)
	var next atomic.Int64
	var signers errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		signers.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				claims, err := claims(session, i)
				if err != nil {
					return err
				}
				k.jwts[i] = server.Sign(nil, claims)
			}
			return nil
		})
	}
	return k, signers.Wait()
}
