package signin_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	flowTable = "testdata/flows.txt"
	// recordFlows names the variable that writes the table anew.
	recordFlows = "STYTCHKIT_RECORD_FLOWS"
	wellDone    = "well"
)

// What every step of every way to sign in answers, when all is well and to every error that Stytch can
// answer it with: to a person and to a client, with its cookies and the calls it cost. The table is
// testdata/flows.txt, to be read by people: each of its changes is one of the contract. Cookies are untouched
// where none are named, and calls those of when all is well.
func TestTheTableOfFlows(t *testing.T) {
	blocks := make([]string, len(flows()))
	t.Run("flows", func(t *testing.T) {
		for i, f := range flows() {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				blocks[i] = f.block(t)
			})
		}
	})
	got := strings.Join(blocks, "\n")
	if os.Getenv(recordFlows) != "" {
		if err := os.WriteFile(flowTable, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(flowTable)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (%s=1 writes it anew; then read the difference):\n%s", flowTable, recordFlows, differences(string(want), got))
	}
}

// block is one flow in the table. What is answered alike stands together.
func (f *signInFlow) block(t *testing.T) string {
	t.Helper()
	var order []string
	meets := map[string][]string{}
	well := f.answer(t, wellDone)
	for _, errorType := range append([]string{wellDone}, errorsOf(f.name)...) {
		said := well.String()
		if errorType != wellDone {
			said = f.answer(t, errorType).beside(well)
		}
		if said == well.beside(well) {
			said = well.String()
		}
		if meets[said] == nil {
			order = append(order, said)
		}
		meets[said] = append(meets[said], errorType)
	}
	out := fmt.Sprintf("== %s (%s)\n", f.name, f.at)
	for _, said := range order {
		out += strings.Join(meets[said], ", ") + "\n" + said
	}
	return out
}

// answered is how a step was answered.
type answered struct{ page, json, cookies, calls string }

func (a answered) String() string {
	out := "    page    " + a.page + "\n    JSON    " + a.json + "\n"
	if a.cookies != "" {
		out += "    cookies " + a.cookies + "\n"
	}
	if a.calls != "" {
		out += "    calls   " + a.calls + "\n"
	}
	return out
}

// beside leaves out the calls where they are those of when all is well.
func (a answered) beside(well answered) string {
	if a.calls == well.calls {
		a.calls = ""
	}
	return a.String()
}

// answer is how the step is answered to a person and to a client when Stytch answers with this error.
func (f *signInFlow) answer(t *testing.T, errorType string) answered {
	t.Helper()
	var says, cookies, calls [2]string
	for i, asJSON := range []bool{false, true} {
		w := f.world(t)
		s := f.reach(w)
		w.wire.since()
		switch errorType {
		case wellDone:
		case anothers:
			w.stytch.Fail(f.at, stytchtest.Fault{Body: w.another(f.kind)})
		default:
			w.stytch.Fail(f.at, stytchtest.Fault{Status: statusOf(errorType), ErrorType: errorType})
		}
		got := s.sends(asJSON)
		if asJSON {
			says[i] = got.toClient(t)
		} else {
			says[i] = got.toPerson()
		}
		cookies[i], calls[i] = got.cookieLine(), inOneLine(w.wire.since())
	}
	for name, both := range map[string][2]string{"cookies": cookies, "calls": calls} {
		if both[0] != both[1] {
			t.Errorf("%s: a person and a client differ in %s: %q, %q", errorType, name, both[0], both[1])
		}
	}
	return answered{says[0], says[1], cookies[0], calls[0]}
}

// sends sends the step as a person's browser does, or as a client.
func (s step) sends(asJSON bool) reply {
	switch {
	case s.fields == nil && asJSON:
		return s.by.asks(http.MethodGet, s.target, "")
	case s.fields == nil:
		return s.by.gets(s.target)
	case asJSON:
		return s.by.asks(http.MethodPost, s.target, s.json())
	}
	return s.by.posts(s.target, s.fields...)
}

func (s step) json() string {
	fields := map[string]string{}
	for field := range slices.Chunk(s.fields, 2) {
		fields[field[0]] = field[1]
	}
	body, _ := json.Marshal(fields) // strings always encode
	return string(body)
}

// match is what the first group of a pattern matches, as people read it.
func match(pattern, body string) (text string, ok bool) {
	found := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if found == nil {
		return "", false
	}
	return html.UnescapeString(found[1]), true
}

func replace(text, pattern, with string) string {
	return regexp.MustCompile(pattern).ReplaceAllString(text, with)
}

// toPerson is what a person sees: the page, or where they are sent and what is said there.
func (r reply) toPerson() string {
	out := fmt.Sprint(r.StatusCode)
	if r.Header.Get("Retry-After") != "" {
		out += " (Retry-After)"
	}
	if to := r.location(); to != "" {
		out += " to " + replace(to, `for=[\w-]+`, "for=…")
		if u, err := url.Parse(to); err == nil && u.Query().Get("reason") != "" {
			out += ": " + signin.Message(u.Query().Get("reason"))
		}
		return out
	}
	if title, ok := match(`<h1>([^<]*)</h1>`, r.body); ok {
		out += " " + title
	}
	if alert, ok := match(`role="alert"(?: id="\w+")?>([^<]*)<`, r.body); ok {
		out += ": " + alert
	}
	return out
}

// toClient is what a client reads: a problem's code, or the answer.
func (r reply) toClient(t *testing.T) string {
	t.Helper()
	out := fmt.Sprint(r.StatusCode)
	if r.Header.Get("Retry-After") != "" {
		out += " (Retry-After)"
	}
	if r.Header.Get("Content-Type") != "application/problem+json" {
		body := replace(r.body, `(member|organization|user)-test-[0-9a-f-]+`, "$1-…")
		body = replace(body, `"public_key":.*"ceremony":"[^"]*"`, `"public_key":…,"ceremony":…`)
		body = replace(body, `"passkey_id":"[^"]*"`, `"passkey_id":…`)
		return out + " " + replace(body, `"(qr_code|secret)":"[^"]*"|"(recovery_codes)":\[[^\]]*\]`, `"$1$2":…`)
	}
	var problem struct {
		Code, Detail string
		Advice       []string
	}
	if err := json.Unmarshal([]byte(r.body), &problem); err != nil || problem.Detail != signin.Message(problem.Code) {
		t.Errorf("a problem that is none: %v, %s", err, r.body)
	}
	return out + " " + problem.Code
}

// cookieLine is what the answer sets (+) and clears (-).
func (r reply) cookieLine() string {
	found := map[string]bool{}
	for _, c := range r.Cookies() {
		name := c.Name
		if strings.HasPrefix(name, "stytchkit_flow_") {
			name = "stytchkit_flow_*"
		}
		if c.MaxAge < 0 {
			name = "-" + name
		} else {
			name = "+" + name
		}
		found[name] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), " ")
}

// differences are the lines of one text that the other does not have, in order.
func differences(want, got string) string {
	var out strings.Builder
	for _, side := range []struct{ mark, has, lacks string }{{"- ", want, got}, {"+ ", got, want}} {
		for line := range strings.Lines(side.has) {
			if !strings.Contains(side.lacks, line) {
				out.WriteString(side.mark + line)
			}
		}
	}
	return out.String()
}

// Every error type is met by each flow in which Stytch can answer it, and every flow is one of these.
func TestTheTableOfFlowsIsWhole(t *testing.T) {
	file, err := os.ReadFile(flowTable)
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]string{}
	for block := range strings.SplitSeq(string(file), "== ") {
		name, rest, _ := strings.Cut(block, " (")
		blocks[name] = rest
	}
	for _, f := range families() {
		for _, flow := range f.flows {
			for _, errorType := range append([]string{wellDone}, f.errors...) {
				if !regexp.MustCompile(`(?m)^(.*, )?` + errorType + `(,.*)?$`).MatchString(blocks[flow]) {
					t.Errorf("%s: %s has no row of %s", f.name, flow, errorType)
				}
			}
		}
	}
	met := elsewhere()
	for _, f := range flows() {
		for _, errorType := range errorsOf(f.name) {
			met[errorType] = f.name
		}
	}
	for _, errorType := range known() {
		if met[errorType] == "" {
			t.Errorf("no flow meets %s", errorType)
		}
	}
	for _, f := range flows() {
		met := errorsOf(f.name)
		if len(met) == 0 {
			t.Errorf("%s meets no error", f.name)
		}
		for errorType, why := range elsewhere() {
			if slices.Contains(met, errorType) {
				t.Errorf("%s meets %s, and is said not to: %s", f.name, errorType, why)
			}
		}
	}
}
