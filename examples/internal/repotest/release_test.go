package repotest

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestAReleaseRefusesWhatIsNoVersion(t *testing.T) {
	for _, version := range []string{"", "0.1.0", "v0.1", "v01.0.0", "v2.0.0", "v0.1.0 ", "v0.1.0;true", "v0.1.0-", "v0.1.0+build"} {
		for _, script := range []string{"release-check.sh", "set-version.sh", "tags.sh"} {
			out, err := exec.CommandContext(t.Context(), filepath.Join(root(t), "scripts", script), version).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "want v0.1.0") {
				t.Errorf("%s %q: %v %s", script, version, err, out)
			}
		}
	}
}

func TestEveryLibraryIsTagged(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), filepath.Join(root(t), "scripts", "tags.sh"), "v0.1.0-rc.1").Output()
	if err != nil {
		t.Fatal(err)
	}
	tags := strings.Fields(string(out))
	if len(tags) != len(libraries(t)) {
		t.Errorf("tags are %v, libraries are %v", tags, libraries(t))
	}
	for _, module := range libraries(t) {
		if !strings.Contains(string(out), module+"/v0.1.0-rc.1\n") {
			t.Errorf("%s has no tag among %v", module, tags)
		}
	}
}
