package e2e

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// console collects what a page's developer would see: errors, warnings and whatever else the page
// says, uncaught exceptions and violations of the content security policy. It is safe for concurrent use.
type console struct {
	mu         sync.Mutex
	complaints []complaint
	tolerated  map[string]bool // URLs that were meant to answer 400 or more
}

type complaint struct {
	about string // the URL of a failed request; empty for all else
	text  string
}

func (c *console) listen(v *visitor) error {
	if err := chromedp.Listen(v.ctx, c.hear); err != nil {
		return err
	}
	if _, err := chromedp.Call(v.ctx, log.Enable, cdp.Empty{}); err != nil {
		return err
	}
	_, err := chromedp.Call(v.ctx, audits.Enable, cdp.Empty{})
	return err
}

func (c *console) hear(event any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError && e.Entry.Level != log.EntryLevelWarning {
			return
		}
		about := ""
		if e.Entry.Source == log.EntrySourceNetwork {
			about = e.Entry.URL
		}
		c.complain(about, "%s: %s", e.Entry.URL, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		c.complain("", "exception: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		var said []string
		for _, argument := range e.Args {
			said = append(said, string(argument.Value)+argument.Description)
		}
		c.complain("", "console.%s: %s", e.Type, strings.Join(said, " "))
	case *audits.EventIssueAdded:
		if csp := e.Issue.Details.ContentSecurityPolicyIssueDetails; csp != nil {
			c.complain("", "violation of %s: %s", csp.ViolatedDirective, csp.BlockedURL)
		}
	}
}

func (c *console) complain(about, format string, a ...any) {
	c.complaints = append(c.complaints, complaint{about, fmt.Sprintf(format, a...)})
}

func (c *console) tolerate(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tolerated[url] = true
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var said []string
	for _, complaint := range c.complaints {
		icon := strings.HasSuffix(complaint.about, "/favicon.ico") // of JSON, which cannot name another
		if !icon && !c.tolerated[complaint.about] {
			said = append(said, complaint.text)
		}
	}
	return strings.Join(said, "\n")
}
