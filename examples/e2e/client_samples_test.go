package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestClientSamples runs docs/client.md's samples, each with the framework that it is for.
func TestClientSamples(t *testing.T) {
	s := &suite{browser: startBrowser(t)}
	samples := samplesOf(t, filepath.Join("..", "..", "docs", "client.md"))
	for _, page := range []string{"plain.js", "react.jsx", "vue.js", "svelte.js", "htmx.js"} {
		name := strings.TrimSuffix(page, filepath.Ext(page))
		t.Run(name, func(t *testing.T) {
			if samples[name] == "" {
				t.Fatalf("docs/client.md has no sample for %s", name)
			}
			app := newApplication(t, time.Now())
			app.script = bundle(t, page, samples[name])
			v := s.visit(t, app.url)
			app.signIn(v, "ada@acme.example")
			v.open("/sample")
			v.shows("ada@acme.example")
			app.signIn(v, "bob@acme.example")
			v.evaluate("void window.dispatchEvent(new Event('focus'))")
			v.shows("bob@acme.example")
			if name == "react" {
				v.leads("/login?return_to=%2Fsample", func() { v.leave() })
				return
			}
			v.leave()
			v.shows("Nobody")
		})
	}
}

// leave signs out as another tab would.
func (v *visitor) leave() {
	v.t.Helper()
	v.evaluate("(await fetch('/auth/logout', { method: 'POST' })).status")
	v.evaluate("void window.dispatchEvent(new Event('focus'))")
}

// samplesOf are the first code of each section of a document, by the section's name.
func samplesOf(t *testing.T, document string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string]string{}
	for _, found := range regexp.MustCompile("(?s)\n### (\\w+)\n.*?```jsx?\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		samples[strings.ToLower(found[1])] = found[2]
	}
	return samples
}

// bundle builds a page's script of a file in web/pages and the sample that it imports. The module
// itself stays where the application serves it.
func bundle(t *testing.T, page, sample string) []byte {
	t.Helper()
	dir := t.TempDir()
	source, err := os.ReadFile(filepath.Join("web", "pages", page))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{page: source, "sample.jsx": []byte(sample)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return build(t, filepath.Join(dir, page))
}

// build bundles a script with the packages of web.
func build(t *testing.T, entry string, options ...string) []byte {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join("web", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	esbuild := exec.CommandContext(t.Context(), "node", append([]string{
		filepath.Join(modules, "esbuild", "bin", "esbuild"), entry, "--bundle", "--format=esm", "--jsx=automatic",
		"--external:/auth/client.js", `--define:process.env.NODE_ENV="production"`, "--log-level=warning",
	}, options...)...)
	esbuild.Env = append(os.Environ(), "NODE_PATH="+modules)
	var complaints strings.Builder
	esbuild.Stderr = &complaints
	script, err := esbuild.Output()
	if err != nil {
		t.Fatalf("esbuild: %v (make e2e installs it)\n%s", err, complaints.String())
	}
	return script
}

// shows waits until the page's text has this.
func (v *visitor) shows(text string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	script := fmt.Sprintf(`new Promise(done => {
		const look = () => document.body.innerText.includes(%q) && done("");
		new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
		look();
	})`, text)
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise)); err != nil {
		v.t.Fatalf("the page does not show %q: %v\n%s\n%s", text, err, v.text(), v.console)
	}
}
