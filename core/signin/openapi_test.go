package signin_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// openAPI is openapi.json, which every test of this package holds: a browser that is answered in JSON is
// answered as it says, and all that it says is seen in a run of all of them.
type openAPI struct {
	Info struct {
		Description string `json:"description"`
	} `json:"info"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Responses map[string]response `json:"responses"`
		Schemas   map[string]schema   `json:"schemas"`
	} `json:"components"`

	mu   sync.Mutex
	seen map[string]bool
}

type operation struct {
	RequestBody *response           `json:"requestBody"`
	Responses   map[string]response `json:"responses"`
}

type response struct {
	Ref     string                    `json:"$ref"`
	Headers map[string]map[string]any `json:"headers"`
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

// theAPI is the file, and what was seen of it.
var theAPI = sync.OnceValue(func() *openAPI { //nolint:gochecknoglobals // what a whole run has seen
	data, err := os.ReadFile("openapi.json")
	api := &openAPI{seen: map[string]bool{}}
	if err == nil {
		err = json.Unmarshal(data, api)
	}
	if err != nil {
		panic(err)
	}
	return api
})

// general are the codes that any route may answer with, and their statuses, as the file's description lists them.
func (api *openAPI) general() map[string]int {
	codes := map[string]int{}
	for _, listed := range regexp.MustCompile(`(\w+) \((\d{3})\)`).FindAllStringSubmatch(api.Info.Description, -1) {
		codes[listed[1]], _ = strconv.Atoi(listed[2]) // it is a number
	}
	return codes
}

// holds checks an answer, and what it was given to, against the file.
func (api *openAPI) holds(r *http.Request, sent []byte, res *http.Response, body []byte) error {
	kind := res.Header.Get("Content-Type")
	path, ours := strings.CutPrefix(r.URL.Path, "/auth")
	isJSON := strings.HasSuffix(kind, "json")
	if !ours || r.Method == http.MethodHead || !isJSON && res.StatusCode != http.StatusNoContent && res.StatusCode != http.StatusAccepted {
		return nil
	}
	if kind == "application/problem+json" {
		if err := api.valid(schema{Ref: "#/components/schemas/Problem"}, body); err != nil {
			return err
		}
		var problem struct{ Code string }
		if err := json.Unmarshal(body, &problem); err != nil {
			return err
		}
		if status, ok := api.general()[problem.Code]; ok && status == res.StatusCode {
			api.sees(problem.Code)
			return nil
		}
	}
	if strings.HasPrefix(path, "/oauth/") {
		path = "/oauth/{provider}"
	}
	return api.answers(path, strings.ToLower(r.Method), sent, res, body)
}

func (api *openAPI) answers(path, method string, sent []byte, res *http.Response, body []byte) error {
	op, known := api.Paths[path][method]
	answer, listed := op.Responses[strconv.Itoa(res.StatusCode)]
	if !known || !listed {
		return fmt.Errorf("openapi.json has no %s %s that answers %d: %s", method, path, res.StatusCode, body)
	}
	api.sees(path, method, strconv.Itoa(res.StatusCode))
	if name, ok := strings.CutPrefix(answer.Ref, "#/components/responses/"); ok {
		answer = api.Components.Responses[name]
	}
	for name := range answer.Headers {
		if res.Header.Get(name) == "" {
			return fmt.Errorf("%s %s answers %d without %s", method, path, res.StatusCode, name)
		}
	}
	if content, ok := answer.Content[res.Header.Get("Content-Type")]; ok {
		if err := api.valid(content.Schema, body); err != nil {
			return fmt.Errorf("%s %s answers %d: %w", method, path, res.StatusCode, err)
		}
	} else if len(answer.Content) > 0 || len(body) > 0 {
		return fmt.Errorf("%s %s answers %d as %q", method, path, res.StatusCode, res.Header.Get("Content-Type"))
	}
	if op.RequestBody == nil || len(sent) == 0 || res.StatusCode >= http.StatusBadRequest {
		return nil
	}
	if res.Request.Header.Get("Content-Type") == "application/json" {
		if err := api.valid(op.RequestBody.Content["application/json"].Schema, sent); err != nil {
			return fmt.Errorf("%s %s takes: %w", method, path, err)
		}
		api.seesFields(path, method, sent)
	}
	return nil
}

func (api *openAPI) sees(words ...string) {
	api.mu.Lock()
	defer api.mu.Unlock()
	api.seen[strings.Join(words, " ")] = true
}

func (api *openAPI) seesFields(path, method string, sent []byte) {
	var fields map[string]any
	_ = json.Unmarshal(sent, &fields) // it was valid
	for name := range fields {
		api.sees(path, method, "takes", name)
	}
}

// unseen is what the file says and nothing has shown.
func (api *openAPI) unseen() []string {
	var missing []string
	want := func(words ...string) {
		if line := strings.Join(words, " "); !api.seen[line] {
			missing = append(missing, line)
		}
	}
	for code := range api.general() {
		want(code)
	}
	for path, methods := range api.Paths {
		for method, op := range methods {
			for status := range op.Responses {
				want(path, method, status)
			}
			if op.RequestBody == nil {
				continue
			}
			for field := range op.RequestBody.Content["application/json"].Schema.Properties {
				want(path, method, "takes", field)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// TestMain holds openapi.json against what a run of all tests has seen.
func TestMain(m *testing.M) {
	code := m.Run()
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == ""
	if missing := theAPI().unseen(); code == 0 && whole && len(missing) > 0 {
		fmt.Printf("openapi.json says what no test has seen:\n%s\n", strings.Join(missing, "\n"))
		code = 1
	}
	os.Exit(code)
}
