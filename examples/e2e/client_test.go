package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestClientInNode runs client/*.test.mjs: core/signin's module for pages, with a clock, tabs and a
// server of the tests' own.
func TestClientInNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatalf("%v (make e2e installs it)", err)
	}
	tests, err := filepath.Glob(filepath.Join("client", "*.test.mjs"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	named := filepath.Join(t.TempDir(), "client.mjs") // by which Node knows that it is a module
	if err := os.WriteFile(named, moduleFile(t, "client.js"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), node, append([]string{"--test"}, tests...)...)
	run.Env = append(os.Environ(), "CLIENT_MODULE="+named)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("node --test: %v\n%s", err, out)
	}
}

// TestClientTypes compiles client/uses.ts: what client.d.ts has to allow, and what it has to refuse.
func TestClientTypes(t *testing.T) {
	compiler := exec.CommandContext(t.Context(), "node", filepath.Join("web", "node_modules", "typescript", "bin", "tsc"), "-p", "client")
	if out, err := compiler.CombinedOutput(); err != nil {
		t.Fatalf("tsc: %v (make e2e installs it)\n%s", err, out)
	}
}
