package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
)

// startBrowser starts a headless Chromium, the one of all tests.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), // containers have little of it
		chromedp.Flag("hide-scrollbars", true),
	)
	t.Cleanup(stop)
	browser, quit := chromedp.NewContext(allocator, chromedp.WithErrorf(t.Logf))
	t.Cleanup(quit)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("Chromium does not start: %v (make e2e installs it)", err)
	}
	return browser
}
