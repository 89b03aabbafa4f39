package repotest

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A line of a log is worth what the one who reads it can do.
func TestEveryLineOfTheLogStandsInTheDocuments(t *testing.T) {
	document := read(t, root(t), "docs", "operations.md")
	lines := logLines(t)
	if len(lines) < 40 {
		t.Fatalf("found only %d lines: %q", len(lines), lines)
	}
	for _, line := range lines {
		if !strings.Contains(document, line.begins()) {
			t.Errorf("docs/operations.md does not say what to do about %q", line.begins())
		}
	}
}

func TestEveryKeyOfTheLogStandsInTheDocuments(t *testing.T) {
	document := read(t, root(t), "docs", "telemetry.md")
	for _, line := range logLines(t) {
		for _, key := range line.keys {
			if !strings.Contains(document, "| `"+key+"` |") {
				t.Errorf("docs/telemetry.md does not say what %q is, of %q", key, line.message)
			}
		}
	}
}

type logLine struct {
	message string
	keys    []string
}

// begins is the message up to where it goes on to say why or what to do.
func (l logLine) begins() string {
	return strings.TrimSpace(regexp.MustCompile(`[;:(,]`).Split(l.message, 2)[0])
}

// logLines are those that the libraries write: texts that begin with who says so, which are no errors and no panics.
func logLines(t *testing.T) []logLine {
	t.Helper()
	var all []logLine
	for _, module := range []string{"core", "adapters"} {
		err := filepath.WalkDir(filepath.Join(root(t), module), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() && (entry.Name() == "stytchtest" || entry.Name() == "adaptertest" || entry.Name() == "testdata") {
				return cmp.Or(err, fs.SkipDir)
			}
			if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			all = append(all, logLinesOf(file)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func logLinesOf(file *ast.File) (all []logLine) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !slices.Contains([]string{"Debug", "Info", "Warn", "Error", "Log", "LogAttrs", "say"}, nameOf(call.Fun)) {
			return true
		}
		for i, arg := range call.Args {
			message, ok := text(arg)
			if !ok || !regexp.MustCompile(`^(stytchkit|signin|webhook): `).MatchString(message) {
				continue
			}
			all = append(all, logLine{message[strings.Index(message, " ")+1:], keysOf(call.Args[i+1:])})
		}
		return true
	})
	return all
}

// keysOf are every other argument, or those of slog's attributes.
func keysOf(args []ast.Expr) (keys []string) {
	for i, arg := range args {
		if attr, ok := arg.(*ast.CallExpr); ok && len(attr.Args) == 2 {
			arg = attr.Args[0]
		} else if i%2 == 1 {
			continue
		}
		if key, ok := text(arg); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

func nameOf(fun ast.Expr) string {
	if selector, ok := fun.(*ast.SelectorExpr); ok {
		return selector.Sel.Name
	}
	return ""
}

func text(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(literal.Value)
	return s, err == nil
}
