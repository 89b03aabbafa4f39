package demo

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestDocumentsAreBounded(t *testing.T) {
	app := &App{documents: newDocuments()}
	for o := range maxOrganizations + 1 {
		ctx := memberOf(fmt.Sprint("organization-", o))
		for i := range maxDocuments + 1 {
			if _, err := app.AddDocument(ctx, strings.NewReader(fmt.Sprintf(`{"title":"%d"}`, i))); err != nil {
				t.Fatal(err)
			}
		}
	}
	for organization, want := range map[string]int{"organization-0": 0, "organization-1": maxDocuments, "organization-200": maxDocuments} {
		if got := app.Documents(memberOf(organization)).Documents; len(got) != want {
			t.Errorf("%s has %d documents, want %d", organization, len(got), want)
		}
	}
	if got := app.Documents(memberOf("organization-1")).Documents[0].Title; got != "1" {
		t.Errorf("the oldest document left is %s, want 1", got)
	}
}

func TestDocumentBodies(t *testing.T) {
	longest := maxDocumentBytes - len(`{"title":""}`)
	for name, c := range map[string]struct{ body, says string }{
		"a title":              {`{"title":" Plan "}`, ""},
		"the longest body":     {`{"title":"` + strings.Repeat("a", longest) + `"}`, ""},
		"a longer body":        {`{"title":"` + strings.Repeat("a", longest+1) + `"}`, "too long"},
		"nothing":              {"", "not a document"},
		"two values":           {`{"title":"a"}{}`, "not a document"},
		"a number for a title": {`{"title":1}`, "not a document"},
		"no title":             {`{}`, "no title"},
		"a blank title":        {`{"title":" "}`, "no title"},
	} {
		t.Run(name, func(t *testing.T) {
			app := &App{documents: newDocuments()}
			d, err := app.AddDocument(memberOf("organization-1"), strings.NewReader(c.body))
			if c.says == "" && (err != nil || d.Title != strings.TrimSpace(d.Title) || d.Title == "") {
				t.Errorf("it is refused or has a bad title: %q, %v", d.Title, err)
			}
			if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("the error is %v, want one with %q", err, c.says)
			}
		})
	}
}

// memberOf is the context of a handler behind a guard that let a member of an organization through.
func memberOf(organization string) context.Context {
	return stytchtest.WithSession(context.Background(), stytchtest.NewSession(stytchtest.Member{OrganizationID: organization}))
}
