package repotest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const prefix = "github.com/stytchkit/stytchkit/"

// root is the repository's.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.work")); err != nil {
		t.Fatalf("%s is not the repository's root: %v", dir, err)
	}
	return dir
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// consumer is a module outside the workspace, as a user has one.
type consumer struct {
	t   *testing.T
	dir string
}

// newConsumer makes a module that requires what these modules of the repository require, at the
// same versions, and finds the repository's own modules by replace lines.
func newConsumer(t *testing.T, modules ...string) consumer {
	t.Helper()
	c := consumer{t: t, dir: t.TempDir()}
	var mod strings.Builder
	var sums []string
	mod.WriteString("module example.com/consumer\n\ngo 1.26.0\n\n")
	for _, module := range modules {
		for path, version := range requires(t, filepath.Join(root(t), module)) {
			if !strings.HasPrefix(path, prefix) {
				fmt.Fprintf(&mod, "require %s %s\n", path, version)
			}
		}
		fmt.Fprintf(&mod, "require %s%s v0.0.0\n", prefix, module)
		sums = append(sums, strings.SplitAfter(read(t, root(t), module, "go.sum"), "\n")...)
	}
	for _, module := range libraries(t) {
		fmt.Fprintf(&mod, "replace %s%s => %s\n", prefix, module, filepath.Join(root(t), module))
	}
	slices.Sort(sums)
	c.write("go.mod", mod.String())
	c.write("go.sum", strings.Join(slices.Compact(sums), ""))
	return c
}

// libraries are the modules that the repository releases: all but the examples.
func libraries(t *testing.T) []string {
	t.Helper()
	return slices.Concat(modules(t, "workspace"), modules(t, "apart"))
}

// modules are the libraries of the workspace, or those apart from it, from scripts/modules.sh.
func modules(t *testing.T, which string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), filepath.Join(root(t), "scripts", "modules.sh"), which).Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, dir := range strings.Fields(string(out)) {
		if module := strings.TrimPrefix(dir, "./"); !strings.HasPrefix(module, "examples") {
			found = append(found, module)
		}
	}
	return found
}

// requires are the versions that a module's go.mod asks for.
func requires(t *testing.T, dir string) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json", filepath.Join(dir, "go.mod")).Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, require := range mod.Require {
		versions[require.Path] = require.Version
	}
	return versions
}

func (c consumer) write(path, content string) {
	c.t.Helper()
	path = filepath.Join(c.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// run runs the go command without the workspace, and returns what it prints.
func (c consumer) run(args ...string) (string, error) {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), "go", args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod -buildvcs=false")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// build is run with the race detector where this test has it, so that nothing is compiled twice.
func (c consumer) build(command string, args ...string) (string, error) {
	c.t.Helper()
	if raceDetector {
		args = append([]string{"-race"}, args...)
	}
	return c.run(append([]string{command}, args...)...)
}
