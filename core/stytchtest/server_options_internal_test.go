package stytchtest

import (
	"strings"
	"testing"
)

func TestALiveProjectIsRefusedOutsideOfATest(t *testing.T) {
	live := Options{ProjectID: "project-live-1"}
	if err := live.checkLive(false); err == nil || !strings.Contains(err.Error(), "project-live-1") || !strings.Contains(err.Error(), "project-test-") {
		t.Errorf("it says %v", err)
	}
	if live.checkLive(true) != nil || (Options{ProjectID: "project-test-1"}).checkLive(false) != nil {
		t.Error("a test, or a test project, is refused")
	}
}
