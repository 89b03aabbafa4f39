package adaptertest

import (
	_ "embed"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// answersFile is what every adapter answers to every request of the suite. Set recordTo to its path
// and run one adapter's suite to write it anew; then read the difference.
//
//go:embed testdata/answers.txt
var answersFile string

const recordTo = "ADAPTERTEST_RECORD"

// entry is a request and its answer, in a form that is the same in every run.
type entry struct {
	title string // the case's name and a number
	text  string
}

const entryMark = "=== "

func (e entry) String() string { return entryMark + e.title + "\n" + e.text + "\n\n" }

// answers are the entries of a whole run.
type answers []entry

func (all *answers) add(name string, texts []string) {
	for i, text := range texts {
		*all = append(*all, entry{title: name + " #" + strconv.Itoa(i+1), text: strings.TrimRight(text, "\n")})
	}
}

// atMost is how many differences are shown.
const atMost = 10

// compare holds the entries against the file.
func (all *answers) compare(t *testing.T) {
	if path := os.Getenv(recordTo); path != "" {
		all.write(t, path)
		return
	}
	want := parse(answersFile)
	if len(*all) != len(want) {
		t.Errorf("%d answers were recorded, want %d (a case that failed has none; run the whole suite, and %s=<path> writes the answers anew)", len(*all), len(want), recordTo)
	}
	different := 0
	for _, got := range *all {
		i := slices.IndexFunc(want, func(e entry) bool { return e.title == got.title })
		if i >= 0 && want[i].text == got.text {
			continue
		}
		if different++; different > atMost {
			continue
		}
		others := "nothing: the request is new\n"
		if i >= 0 {
			others = want[i].String()
		}
		t.Errorf("--- the request, and what this adapter answers\n%s--- the request, and what every adapter answers\n%s", got, others)
	}
	if different > atMost {
		t.Errorf("%d answers differ; the first %d are shown", different, atMost)
	}
}

func (all *answers) write(t *testing.T, path string) {
	var file strings.Builder
	for _, e := range *all {
		file.WriteString(e.String())
	}
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil { //nolint:gosec // the path is the developer's own
		t.Fatal(err)
	}
	t.Logf("%d answers were written to %s", len(*all), path)
}

func parse(file string) []entry {
	var entries []entry
	for part := range strings.SplitSeq("\n"+file, "\n"+entryMark) {
		if title, text, ok := strings.Cut(part, "\n"); ok && title != "" {
			entries = append(entries, entry{title: title, text: strings.TrimRight(text, "\n")})
		}
	}
	return entries
}

// exchanged is what the case's clients sent and got, client by client. What repeats is said once.
func (s *stage) exchanged() []string {
	var texts []string
	for _, w := range s.wires {
		for _, e := range w.answered {
			text := s.plain(e.request.String()) + e.answer.compared(s)
			if !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// compared is the part of an answer that is the same from every adapter: of a denial or a state all, except
// for Date, Server, Connection and the figure of Retry-After; of a handler's or the framework's own
// answer the status and what is said about cookies, caches and credentials; of what varies nothing.
func (a *answer) compared(s *stage) string {
	if a.differs {
		return "(frameworks differ)\n"
	}
	header := a.header.Clone()
	for name := range header {
		switch {
		case name == "Date" || name == "Server" || name == "Connection" || name == a.excepted:
			header.Del(name)
		case name == "Retry-After" && header.Get(name) != "":
			header.Set(name, "(seconds)")
		case name == "Etag" && a.ours:
			header.Set(name, "(of the state)")
		case !a.ours && !isCompared(name):
			header.Del(name)
		}
	}
	for i, line := range header["Set-Cookie"] {
		header["Set-Cookie"][i] = canonical(line)
	}
	var text strings.Builder
	_ = header.Write(&text) // a strings.Builder takes everything
	if a.ours && a.text != "" {
		text.WriteString("\n" + strings.TrimSuffix(a.text, "\n") + "\n")
	}
	return strconv.Itoa(a.status) + "\n" + s.plain(text.String())
}

func isCompared(name string) bool {
	switch name {
	case "Set-Cookie", "Vary", "Cache-Control", "Www-Authenticate", "Location", stytchkit.DenialHeader:
		return true
	}
	return false
}

// canonical spells the attributes of a handler's own cookie as net/http does: frameworks differ.
// The adapter's cookies stay as they are.
func canonical(line string) string {
	c, err := http.ParseSetCookie(line)
	if err != nil || strings.HasPrefix(line, "stytch_") {
		return line
	}
	return c.String()
}

// plain replaces what differs from run to run, and what nobody would read.
func (s *stage) plain(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = regexp.MustCompile(`eyJ[\w-]*\.[\w-]*\.[\w-]*`).ReplaceAllStringFunc(text, s.nameOf)
	text = regexp.MustCompile(`p{64,}`).ReplaceAllStringFunc(text, func(padding string) string {
		return fmt.Sprintf("(p, %d times)", len(padding))
	})
	text = regexp.MustCompile(`(-test-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllString(text, "${1}(ID)")
	text = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(text, "<style>(as it is)</style>")
	text = regexp.MustCompile(`"[\w-]{24}"([^:]|$)`).ReplaceAllString(text, `"(tag)"$1`) // no name in JSON
	return regexp.MustCompile(`[^\n\x20-\x7e]`).ReplaceAllStringFunc(text, func(odd string) string {
		return strings.Trim(strconv.QuoteToASCII(odd), `"`)
	})
}

// nameOf says whose a JWT is, and when it was issued.
func (s *stage) nameOf(token string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, known := s.names[token]
	if !known {
		name = s.read(token)
		s.names[token] = name
	}
	return name
}

func (s *stage) read(token string) string {
	var claims jwt.RegisteredClaims
	_, err := jwt.NewParser(jwt.WithoutClaimsValidation(), jwt.WithStrictDecoding()).ParseWithClaims(token, &claims,
		func(*jwt.Token) (any, error) { return &s.key.PublicKey, nil })
	if err != nil || claims.IssuedAt == nil {
		return "(forged JWT)"
	}
	return "(JWT of " + claims.Subject + ", " + claims.IssuedAt.UTC().Format(time.TimeOnly) + ")"
}
