package repotest

import (
	"slices"
	"strings"
	"testing"
)

// frameworks are the modules of which a user links only their own.
var frameworks = []string{ //nolint:gochecknoglobals // a table of two tests
	"github.com/gin-gonic/gin", "github.com/labstack/echo/v4", "github.com/labstack/echo/v5", "github.com/gofiber/fiber/v2", "github.com/gofiber/fiber/v3",
	"github.com/valyala/fasthttp", "github.com/go-chi/chi/v5", "go.opentelemetry.io/otel", "github.com/redis/rueidis",
	"connectrpc.com/connect", "google.golang.org/grpc",
}

func TestAnApplicationLinksOnlyItsOwnFramework(t *testing.T) {
	links := map[string][]string{
		"core":              nil,
		"adapters/gin":      {"github.com/gin-gonic/gin"},
		"adapters/echo":     {"github.com/labstack/echo/v4"},
		"adapters/echo5":    {"github.com/labstack/echo/v5"},
		"adapters/fiber":    {"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp"},
		"adapters/fiber3":   {"github.com/gofiber/fiber/v3", "github.com/valyala/fasthttp"},
		"adapters/fasthttp": {"github.com/valyala/fasthttp"},
		"adapters/nethttp":  nil,
		"adapters/connect":  {"connectrpc.com/connect"},
		"adapters/grpc":     {"google.golang.org/grpc"},
		"adapters/rpc":      nil,
		"otel":              {"go.opentelemetry.io/otel"},
		"replicas/redis":    {"github.com/redis/rueidis"},
	}
	forTests := []string{"core/stytchtest", "core/adaptertest", "adapters/fasthttp/fasthttptest", "adapters/rpc/rpctest"}
	for _, module := range libraries(t) {
		t.Run(module, func(t *testing.T) {
			want, known := links[module]
			if !known {
				t.Fatal("the module is not in this test's table")
			}
			c := newConsumer(t, module)
			c.write("main.go", "package main\nimport _ \"net/http\"\nimport _ \""+prefix+module+"\"\nfunc main() {}\n")
			linked := c.dependencies("./...")
			for _, framework := range frameworks {
				if want := slices.Contains(want, framework); slices.Contains(linked, framework) != want {
					t.Errorf("links %s: %v, want %v", framework, !want, want)
				}
			}
			for _, path := range c.packages("./...") {
				if slices.Contains(forTests, strings.TrimPrefix(path, prefix)) {
					t.Errorf("links %s, which is for tests", path)
				}
			}
		})
	}
}

func TestNoPackageOfCoreLinksAFramework(t *testing.T) {
	c := newConsumer(t, "core")
	c.write("main.go", "package main\nimport _ \""+prefix+"core\"\nfunc main() {}\n")
	linked := c.dependencies(prefix + "core/...")
	if len(linked) < 3 {
		t.Fatalf("core links only %v", linked)
	}
	for _, framework := range frameworks {
		if slices.Contains(linked, framework) {
			t.Errorf("links %s", framework)
		}
	}
}

// dependencies are the modules that packages link.
func (c consumer) dependencies(pattern string) []string {
	c.t.Helper()
	return c.list("{{with .Module}}{{.Path}}{{end}}", pattern)
}

// packages are the packages that packages link.
func (c consumer) packages(pattern string) []string {
	c.t.Helper()
	return c.list("{{.ImportPath}}", pattern)
}

func (c consumer) list(format, pattern string) []string {
	c.t.Helper()
	out, err := c.run("list", "-deps", "-f", format, pattern)
	if err != nil {
		c.t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Fields(out)
	slices.Sort(lines)
	return slices.Compact(lines)
}
