package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build is this module's benchmarks and load test, over one checkout's core and adapters.
type build struct {
	tests []string // programs with benchmarks: this module's first
	load  string   // a program
	raw   string   // the file of what the benchmarks wrote
}

// apart are adapters that no module has both of, as they want different versions of fasthttp.
func apart() []string { return []string{"fiber", "fiber3"} }

// build makes this checkout's, and then the other's where there is one.
func (r *run) build(ctx context.Context, dir string) ([]build, error) {
	own, err := compile(ctx, filepath.Join(dir, "own"), "../..")
	if err != nil || r.against == "" {
		return []build{own}, err
	}
	modfile, err := modulesOf(r.against, dir)
	if err != nil {
		return nil, err
	}
	other, err := compile(ctx, filepath.Join(dir, "other"), r.against, "-mod=mod", "-modfile="+modfile)
	return []build{own, other}, err
}

// compile makes the programs, of this module with flags that bring the checkout's adapters into it.
func compile(ctx context.Context, prefix, checkout string, flags ...string) (build, error) {
	b := build{tests: []string{prefix + ".test"}, load: prefix + ".load", raw: prefix + ".txt"}
	if _, err := command(ctx, "go", append(append([]string{"test"}, flags...), "-c", "-o", b.tests[0], ".")...); err != nil {
		return b, err
	}
	for _, adapter := range apart() {
		b.tests = append(b.tests, prefix+"."+adapter+".test")
		if _, err := command(ctx, "go", "test", "-C", filepath.Join(checkout, "adapters", adapter), "-c", "-o", b.tests[len(b.tests)-1], "."); err != nil {
			return b, err
		}
	}
	_, err := command(ctx, "go", append(append([]string{"build"}, flags...), "-o", b.load, "./load")...)
	return b, err
}

// modulesOf writes this module's go.mod, and its go.sum beside it, with another checkout's modules in
// the place of this one's.
func modulesOf(checkout, dir string) (string, error) {
	root, err := filepath.Abs(checkout)
	if err != nil {
		return "", err
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return "", err
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "go.mod")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(mod), "=> ../../", "=> "+root+"/")), 0o600); err != nil { //nolint:gosec // a directory of our own
		return "", err
	}
	return file, os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o600) //nolint:gosec // a directory of our own
}

// command returns what a command writes; what it says besides is shown when it fails.
func command(ctx context.Context, name string, args ...string) ([]byte, error) {
	var out, said bytes.Buffer
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // the caller's own commands
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s%s", filepath.Base(name), err, out.Bytes(), said.Bytes())
	}
	return out.Bytes(), nil
}
