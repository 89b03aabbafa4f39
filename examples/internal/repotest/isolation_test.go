package repotest

import (
	"fmt"
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

// ownModules are the repository's libraries.
var ownModules = []string{ //nolint:gochecknoglobals // as above
	"core", "adapters/gin", "adapters/echo", "adapters/echo5", "adapters/fasthttp", "adapters/fiber", "adapters/fiber3", "adapters/nethttp",
	"adapters/connect", "adapters/grpc", "adapters/rpc", "otel", "replicas/redis",
}

func TestAnApplicationLinksOnlyItsOwnFramework(t *testing.T) {
	for _, row := range []struct {
		module  string
		program string
		links   []string
	}{
		{"adapters/gin", `gin.New().Use(stytchkit.Require(nil)); _ = http.StatusOK`, []string{"github.com/gin-gonic/gin"}},
		{"adapters/echo", `echo.New().Use(stytchkit.Require(nil)); _ = http.StatusOK`, []string{"github.com/labstack/echo/v4"}},
		{"adapters/echo5", `echo.New().Use(stytchkit.Require(nil)); _ = http.StatusOK`, []string{"github.com/labstack/echo/v5"}},
		{"adapters/fiber", `fiber.New().Use(stytchkit.Require(nil)); _ = http.StatusOK`, []string{"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp"}},
		{"adapters/fiber3", `fiber.New().Use(stytchkit.Require(nil)); _ = http.StatusOK`, []string{"github.com/gofiber/fiber/v3", "github.com/valyala/fasthttp"}},
		{"adapters/fasthttp", `_ = fasthttp.StatusOK; _ = stytchkit.Request{}; _ = http.StatusOK`, []string{"github.com/valyala/fasthttp"}},
		{"adapters/nethttp", `http.Handle("/", stytchkit.Require(nil)(http.NotFoundHandler()))`, nil},
		{"adapters/connect", `http.Handle("/", stytchkit.Require(nil)(http.NotFoundHandler())); _ = connect.Version`, []string{"connectrpc.com/connect"}},
		{"adapters/grpc", `grpc.ChainUnaryInterceptor(stytchkit.Require(nil).Unary); _ = http.StatusOK`, []string{"google.golang.org/grpc"}},
		{"adapters/rpc", `_ = stytchkit.Domain; _ = http.StatusOK`, nil},
		{"otel", `stytchkit.New(stytchkit.Config{}); _ = http.StatusOK; _ = otel.Version`, []string{"go.opentelemetry.io/otel"}},
		{"replicas/redis", `_, _ = stytchkit.New("", stytchkit.Options{}); _ = http.StatusOK; _ = rueidis.BinaryString`, []string{"github.com/redis/rueidis"}},
		{"core", `stytchkit.New(stytchkit.Config{}); _ = http.StatusOK`, nil},
	} {
		t.Run(row.module, func(t *testing.T) {
			c := newConsumer(t, row.module)
			imports := fmt.Sprintf("import \"net/http\"\nimport stytchkit %q\n", prefix+row.module)
			if len(row.links) > 0 {
				imports += fmt.Sprintf("import %q\n", row.links[0])
			}
			c.write("main.go", "package main\n"+imports+"func main() { "+row.program+" }\n")
			if out, err := c.build("build", "-ldflags=-w", "-o", t.TempDir()+"/app", "."); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			linked := c.dependencies("./...")
			for _, framework := range frameworks {
				if want := slices.Contains(row.links, framework); slices.Contains(linked, framework) != want {
					t.Errorf("links %s: %v, want %v", framework, !want, want)
				}
			}
			for _, path := range c.packages("./...") {
				if strings.HasPrefix(path, prefix+"core/stytchtest") || strings.HasPrefix(path, prefix+"core/adaptertest") || strings.HasPrefix(path, prefix+"adapters/rpc/rpctest") {
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
