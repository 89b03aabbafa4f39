package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// compared are the modules whose versions matter.
func compared() []string {
	return []string{
		"github.com/stytchauth/stytch-go/v16", "github.com/golang-jwt/jwt/v5", "github.com/MicahParks/keyfunc/v3",
		"github.com/auth0/go-jwt-middleware/v3", "github.com/clerk/clerk-sdk-go/v2", "github.com/appleboy/gin-jwt/v3", "github.com/labstack/echo-jwt/v4",
		"github.com/gofiber/contrib/jwt", "github.com/gin-gonic/gin", "github.com/labstack/echo/v4",
		"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp", "github.com/maypok86/otter/v2",
		"github.com/labstack/echo/v5", "connectrpc.com/connect", "google.golang.org/grpc",
	}
}

// describe says what was measured on what: the processor is from what the benchmarks wrote.
func describe(ctx context.Context, raw string) (string, error) {
	out, err := os.ReadFile(raw) //nolint:gosec // a file of our own
	if err != nil {
		return "", err
	}
	versions, err := command(ctx, "go", append([]string{"list", "-m"}, compared()...)...)
	if err != nil {
		return "", err
	}
	fiber3, err := command(ctx, "go", "list", "-C", "../../adapters/fiber3", "-m", "github.com/gofiber/fiber/v3", "github.com/valyala/fasthttp")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d cores (%s/%s), %s, %s", processor(string(out)), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH,
		runtime.Version(), time.Now().UTC().Format("2 January 2006 15:04 UTC"))
	if commit, err := command(ctx, "git", "describe", "--always", "--dirty"); err == nil {
		fmt.Fprintf(&b, ", stytchkit at %s", strings.TrimSpace(string(commit)))
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		// One of it, or a little more, is the benchmarks' own.
		fmt.Fprintf(&b, ", load average at the end %s", strings.Join(strings.Fields(string(load))[:3], " "))
	}
	listed := func(modules []byte) string {
		lines := strings.Split(strings.TrimSpace(string(modules)), "\n")
		return strings.ReplaceAll(strings.Join(lines, ", "), "github.com/", "")
	}
	fmt.Fprintf(&b, ".\n%s; apart from these %s.\n", listed(versions), listed(fiber3))
	return b.String(), nil
}

func processor(out string) string {
	_, rest, ok := strings.Cut(out, "\ncpu: ")
	name, _, _ := strings.Cut(rest, "\n")
	if !ok {
		return "unknown processor"
	}
	return name
}
