package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

//go:embed pages
var files embed.FS

// Stylesheet is what GET /static/demo.css serves, as text/css.
func Stylesheet() []byte { return file("demo.css") }

// Script is what GET /static/demo.js serves, as text/javascript.
func Script() []byte { return file("demo.js") }

func file(name string) []byte {
	content, err := files.ReadFile("pages/" + name)
	if err != nil {
		return nil // it is embedded
	}
	return content
}

// contentPolicy lets a page have the stylesheet, the scripts, what they ask for, and forms, of this
// origin; nothing inline.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Headers are the headers of every response. A route that knows better replaces Cache-Control.
func Headers() map[string]string {
	return map[string]string{
		"Cache-Control":           "no-store",
		"Content-Security-Policy": contentPolicy,
		// Not no-referrer: browsers would then send "Origin: null" with the page's own forms, and
		// those without Sec-Fetch-Site would be taken for another origin's.
		"Referrer-Policy":        "same-origin",
		"X-Content-Type-Options": "nosniff",
	}
}

// Site is what all pages of a program have in common.
type Site struct {
	Name    string
	Banner  string // a notice above every page; empty for none
	Footer  string
	Script  string // of every page; empty for none
	SignOut string // where a form signs out; empty for none
	Nav     []Link
	Below   string // the path that a proxy strips, in front of every other one here; empty for none
}

// Link is an entry of the navigation.
type Link struct{ Path, Text string }

// Pages renders a site's pages. It is safe for concurrent use.
type Pages struct {
	site      Site
	templates map[string]*template.Template
}

// NewPages reads the templates.
func NewPages(site Site) (*Pages, error) {
	p := &Pages{site: site, templates: map[string]*template.Template{}}
	at := template.FuncMap{"at": func(path string) string { return site.Below + path }}
	for _, name := range []string{"home", "login", "profile", "settings", "seed", "sandbox", "denied", "frontend", "step"} {
		t, err := template.New(name).Funcs(at).ParseFS(files, "pages/layout.html", "pages/members.html", "pages/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		p.templates[name] = t
	}
	return p, nil
}

// page is what the layout shows around a page's own content.
type page struct {
	Site    Site
	Title   string
	Path    string  // the navigation's current entry
	Visitor visitor // who is looking, where a guard stands before the page
	Content any
}

// visitor is who looks at a page.
type visitor struct {
	Known    bool // a guard has looked, and could tell
	SignedIn bool
	Name     string
}

func visitorOf(d stytchkit.Decision, known bool) visitor {
	return visitor{Known: known && d.Initialized, SignedIn: d.Session != nil, Name: addressOf(d.Session)}
}

func (p *Pages) render(name string, data page) []byte {
	data.Site = p.site
	var body bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&body, "layout.html", data); err != nil {
		slog.Error("a page cannot be rendered", "page", name, "error", err)
		return []byte("The page cannot be rendered; the server's log says why.\n")
	}
	return body.Bytes()
}

// SandboxPage shows a sandbox's switches. Its forms post to paths under prefix.
func (p *Pages) SandboxPage(s *sandbox.Sandbox, prefix, notice string) []byte {
	return p.render("sandbox", page{Title: "Sandbox", Path: prefix, Content: struct {
		Notice   string
		Members  members
		Troubles []sandbox.Action
		Switches []sandbox.Action
		Trouble  string
		Calls    sandbox.Calls
		Mail     []mail
		Prefix   string
	}{
		Notice:   notice,
		Members:  membersOf(s, prefix, ""),
		Troubles: sandbox.Troubles(),
		Switches: sandbox.Switches(),
		Trouble:  s.Trouble(),
		Calls:    s.CountCalls(),
		Mail:     mailOf(s),
		Prefix:   prefix,
	}})
}

// NotFoundPage says that there is no such page.
func (p *Pages) NotFoundPage() []byte {
	return p.DeniedPage(http.StatusNotFound, "Not found", "There is no such page. It may have moved, or the address is mistyped.", "")
}

// DeniedPage says why there is nothing else to see; code is for machines and may be empty.
func (p *Pages) DeniedPage(status int, title, detail, code string, next ...Link) []byte {
	return p.render("denied", page{Title: title, Content: struct {
		Status              int
		Title, Detail, Code string
		Next                []Link // what helps, before the home page
	}{status, title, detail, code, next}})
}

// members is the form that signs one of the sandbox's members in.
type members struct {
	Organizations []sandbox.Organization
	Ages          []sandbox.Age
	Action        string
	ReturnTo      string
}

func membersOf(s *sandbox.Sandbox, prefix, returnTo string) members {
	return members{
		Organizations: s.Organizations(),
		Ages:          sandbox.Ages(),
		Action:        prefix + "/sign-in",
		ReturnTo:      returnTo,
	}
}

// mail is a message of the sandbox's mailbox, or a text message: with a link, or with a code.
type mail struct {
	To, Kind, Link, Code, SentAt string
	Used                         bool
	at                           time.Time
}

// mailShown is how many messages the page of the sandbox lists.
const mailShown = 10

// mailOf is the mailbox with the text messages, newest first.
func mailOf(s *sandbox.Sandbox) []mail {
	var messages []mail
	for _, m := range s.Mail() {
		kind := kindOf(m.TokenType)
		if m.Code != "" {
			kind = "a code"
		}
		if m.LoginLink != "" {
			messages = append(messages, mail{To: m.To, Kind: "to log in without a new password", Link: m.LoginLink, at: m.SentAt})
		}
		messages = append(messages, mail{To: m.To, Kind: kind, Link: m.Link, Code: m.Code, Used: m.Used, at: m.SentAt})
	}
	for _, m := range s.Texts() {
		messages = append(messages, mail{To: m.To, Kind: "a code by text message", Code: m.Code, at: m.SentAt})
	}
	slices.Reverse(messages)
	slices.SortStableFunc(messages, func(a, b mail) int { return b.at.Compare(a.at) })
	messages = messages[:min(len(messages), mailShown)]
	for i, m := range messages {
		messages[i].SentAt = m.at.Format("15:04:05")
	}
	return messages
}

// kindOf is a stytch_token_type for people.
func kindOf(tokenType string) string {
	switch tokenType {
	case "multi_tenant_magic_links":
		return "to one organization"
	case "discovery":
		return "to choose an organization"
	case "magic_links":
		return "to log in"
	case "multi_tenant_passwords", "reset_password":
		return "for a new password"
	}
	return tokenType
}

// indented is a value as JSON for people; what is not known is null.
func indented(value any) string {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return "null"
	}
	return string(text)
}
