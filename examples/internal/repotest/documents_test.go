package repotest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are the repository's, by path from its root.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := filepath.Glob(filepath.Join(root(t), pattern))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	for i, path := range all {
		rel, err := filepath.Rel(root(t), path)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = rel
	}
	return all
}

// block is a fenced block of Go in a document.
type block struct {
	document string
	line     int    // of its first line
	in       string // the function that a fragment stands in, "func(c *gin.Context)", or the file that it is a part of
	code     string
}

// fragmentOf is the comment in front of a fragment, which readers do not see.
var fragmentOf = regexp.MustCompile(`^<!-- in (func\(.*|[a-z0-9_/]+\.go) -->$`)

func blocks(t *testing.T, document string) []block {
	t.Helper()
	var all []block
	var open *block
	in := ""
	for i, line := range strings.Split(read(t, root(t), document), "\n") {
		switch {
		case open == nil && line == "```go":
			open = &block{document: document, line: i + 2, in: in}
		case open == nil:
			if comment := fragmentOf.FindStringSubmatch(line); comment != nil {
				in = comment[1]
			} else {
				in = ""
			}
		case line == "```":
			all = append(all, *open)
			open, in = nil, ""
		default:
			open.code += line + "\n"
		}
	}
	if open != nil {
		t.Errorf("%s:%d: a block of Go is not closed", document, open.line)
	}
	return all
}

// file is the block as a file; compilers name the document and its line.
func (b block) file(t *testing.T) string {
	t.Helper()
	at := fmt.Sprintf("//line %s:%d\n", filepath.Join(root(t), b.document), b.line)
	if b.isFile("") {
		return at + b.code
	}
	if b.in == "" {
		t.Errorf("%s:%d: the block is neither a file nor a fragment (put <!-- in func(…) --> in front)", b.document, b.line)
	}
	var imports strings.Builder
	for _, path := range imported {
		name := regexp.MustCompile(`\b` + path.name + `\.`)
		if name.MatchString(b.code) || name.MatchString(b.in) {
			fmt.Fprintf(&imports, "import %s %q\n", path.name, path.path)
		}
	}
	return "package fragment\n" + imports.String() + "var _ = " + b.in + " {\n" + at + b.code + "}\n"
}

// isFile reports whether the block is a whole file, of the package whose name begins like that.
func (b block) isFile(name string) bool { return strings.Contains("\n"+b.code, "\npackage "+name) }

// imported are the packages that fragments may use.
var imported = []struct{ name, path string }{ //nolint:gochecknoglobals // a table
	{"context", "context"}, {"errors", "errors"}, {"fmt", "fmt"}, {"log", "log"}, {"http", "net/http"}, {"httptest", "net/http/httptest"}, {"os", "os"}, {"testing", "testing"}, {"time", "time"},
	{"gin", "github.com/gin-gonic/gin"}, {"echo", "github.com/labstack/echo/v4"}, {"fiber", "github.com/gofiber/fiber/v2"},
	{"chi", "github.com/go-chi/chi/v5"}, {"middleware", "github.com/go-chi/chi/v5/middleware"},
	{"echomw", "github.com/labstack/echo/v4/middleware"},
	{"stytchkit", prefix + "core"}, {"stytchtest", prefix + "core/stytchtest"}, {"adaptertest", prefix + "core/adaptertest"}, {"signin", prefix + "core/signin"}, {"webhook", prefix + "core/webhook"}, {"stytchredis", prefix + "replicas/redis"},
	{"stytchgin", prefix + "adapters/gin"}, {"stytchecho", prefix + "adapters/echo"},
	{"stytchfiber", prefix + "adapters/fiber"}, {"stytchhttp", prefix + "adapters/nethttp"},
}

func TestTheCodeInDocumentsCompilesAndItsTestsPass(t *testing.T) {
	c := newConsumer(t, modules(t, "workspace")...) // at the workspace's versions: what make test has compiled
	for path, version := range requires(t, filepath.Join(root(t), "examples")) {
		if strings.HasPrefix(path, "github.com/go-chi/chi/") {
			c.write("go.mod", read(t, c.dir, "go.mod")+"require "+path+" "+version+"\n")
			c.write("go.sum", read(t, c.dir, "go.sum")+read(t, root(t), "examples", "go.sum"))
		}
	}
	var tests []string
	programs := 0
	for _, document := range documents(t) {
		for i, b := range blocks(t, document) {
			if strings.HasSuffix(b.in, ".go") { // a part of a file that is compiled and tested itself
				if !strings.Contains(read(t, root(t), b.in), b.code) {
					t.Errorf("%s:%d: %s does not have this code as it stands", b.document, b.line, b.in)
				}
				continue
			}
			dir, file := fmt.Sprintf("%s_%d", strings.ToLower(strings.TrimSuffix(filepath.Base(document), ".md")), i), "block.go"
			if strings.Contains(b.code, "func Test") {
				file = "block_test.go"
				tests = append(tests, "./"+dir)
			}
			if b.isFile("main\n") {
				programs++
			}
			c.write(filepath.Join(dir, file), b.file(t))
		}
	}
	if programs < 4 || len(tests) == 0 {
		t.Fatalf("the documents have %d programs and %d tests, want one program for each of four frameworks, and a test", programs, len(tests))
	}
	if out, err := c.build("vet", "./..."); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := c.build("test", tests...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What the README shows is what the quick start's own test has executed.
func TestTheReadmeShowsTheQuickStartsPrograms(t *testing.T) {
	shown := blocks(t, "README.md")
	for _, framework := range []string{"gin", "echo", "fiber", "nethttp"} {
		program := read(t, root(t), "examples", "quickstart", framework, "main.go")
		if !slices.ContainsFunc(shown, func(b block) bool { return b.code == program }) {
			t.Errorf("README.md does not show examples/quickstart/%s/main.go as it stands", framework)
		}
	}
}

// A first contact is read in one go; what is looked up stands in docs.
func TestTheReadmeIsShort(t *testing.T) {
	const most = 250
	prose := regexp.MustCompile("(?s)\n```.*?\n```").ReplaceAllString(read(t, root(t), "README.md"), "")
	if lines := strings.Count(prose, "\n"); lines > most {
		t.Errorf("README.md has %d lines without its code blocks, want at most %d", lines, most)
	}
}

// Nobody finds a document that nothing leads to.
func TestTheReadmeLeadsToEveryDocument(t *testing.T) {
	readme := read(t, root(t), "README.md")
	for _, document := range documents(t) {
		if document != "README.md" && !strings.Contains(readme, "]("+document+")") {
			t.Errorf("README.md does not link %s", document)
		}
	}
}

func TestDocumentsNameOnlyMakeTargetsAndFilesThatExist(t *testing.T) {
	makefile := read(t, root(t), "Makefile")
	target := regexp.MustCompile("(?m)(?:^|`)make ([a-z0-9-]+)")
	link := regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	fenced := regexp.MustCompile("(?s)\n```.*?\n```")
	for _, document := range documents(t) {
		text := read(t, root(t), document)
		for _, found := range target.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(makefile, "\n"+found[1]+":") {
				t.Errorf("%s names make %s, which the Makefile does not have", document, found[1])
			}
		}
		for _, found := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			if _, err := os.Stat(filepath.Join(root(t), filepath.Dir(document), found[1])); err != nil {
				t.Errorf("%s links %s: %v", document, found[1], err)
			}
		}
	}
}

// A rule is a function of core that returns one.
func rulesOf(t *testing.T) []string {
	t.Helper()
	names := exported(t, "core", `\) Rule \{`)
	if !slices.Contains(names, "Fresh") {
		t.Fatalf("found the rules %v, and not Fresh", names)
	}
	return names
}

// exported are the functions of a package whose declaration ends like that.
func exported(t *testing.T, dir, end string) []string {
	t.Helper()
	sources, err := filepath.Glob(filepath.Join(root(t), dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	function := regexp.MustCompile(`(?m)^func ([A-Z]\w*)\(.*` + end)
	var names []string
	for _, source := range sources {
		for _, found := range function.FindAllStringSubmatch(read(t, source), -1) {
			names = append(names, found[1])
		}
	}
	return names
}

func TestTheReadmeNamesEveryRule(t *testing.T) {
	readme := read(t, root(t), "README.md")
	for _, rule := range rulesOf(t) {
		if !strings.Contains(readme, "`"+rule+"(") && !strings.Contains(readme, "stytchkit."+rule+"(") {
			t.Errorf("README.md does not name the rule %s", rule)
		}
	}
}

func TestEveryRuleHasASampleThatCompilesAndEveryWayToTestOneIsShown(t *testing.T) {
	const document = "docs/authorization.md"
	var code strings.Builder
	for _, b := range blocks(t, document) {
		code.WriteString(b.code)
	}
	for _, rule := range append(rulesOf(t), "PathParam", "Subdomain", "Claims") {
		if !regexp.MustCompile(`stytchkit\.` + rule + `\b`).MatchString(code.String()) {
			t.Errorf("%s has no sample of stytchkit.%s", document, rule)
		}
	}
	text := read(t, root(t), document)
	options := exported(t, filepath.Join("core", "stytchtest"), `\) SessionOption \{`)
	if !slices.Contains(options, "AuthenticatedAgo") {
		t.Fatalf("found the options %v, and not AuthenticatedAgo", options)
	}
	for _, option := range options {
		if option != "WithToken" && option != "WithLifetime" && !strings.Contains(text, "stytchtest."+option) {
			t.Errorf("%s does not show stytchtest.%s", document, option)
		}
	}
}

// A link into another document, or into the same, names a heading that is there.
func TestLinksIntoDocumentsFindTheirHeadings(t *testing.T) {
	link := regexp.MustCompile(`\]\(([\w./-]*)#([\w-]+)\)`)
	for _, document := range documents(t) {
		for _, found := range link.FindAllStringSubmatch(read(t, root(t), document), -1) {
			target := document
			if found[1] != "" {
				target = filepath.Join(filepath.Dir(document), found[1])
			}
			if !slices.Contains(anchors(t, target), found[2]) {
				t.Errorf("%s links #%s, and %s has no such heading", document, found[2], target)
			}
		}
	}
}

// anchors are the headings of a document as GitHub spells them in links.
func anchors(t *testing.T, document string) []string {
	t.Helper()
	var all []string
	for _, found := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(read(t, root(t), document), -1) {
		plain := regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(found[1]), "")
		all = append(all, strings.ReplaceAll(plain, " ", "-"))
	}
	return all
}
