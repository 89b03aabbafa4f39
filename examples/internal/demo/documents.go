package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

const (
	maxDocumentBytes = 4 << 10 // of the JSON that describes one
	maxDocuments     = 50      // of an organization; the oldest goes
	maxOrganizations = 200     // with documents; the one that came first goes
)

// Document belongs to an organization; in a consumer project to everybody.
type Document struct {
	ID             string    `json:"document_id"`
	OrganizationID string    `json:"organization_id,omitempty"` // none in a consumer project
	Title          string    `json:"title"`
	CreatedBy      string    `json:"created_by"` // a member's or a user's ID
	CreatedAt      time.Time `json:"created_at"`
}

// DocumentsAnswer is the answer of GET /api/orgs/{org}/documents, or /api/documents.
type DocumentsAnswer struct {
	Documents []Document `json:"documents"`
}

// Documents are those of the session's organization, oldest first. What the request's path calls
// the organization has been held against the session by the route's guard.
func (app *App) Documents(ctx context.Context) DocumentsAnswer {
	return DocumentsAnswer{app.documents.list(stytchkit.SessionFrom(ctx).OrganizationID())}
}

// AddDocument adds what a request's body describes to the session's organization: {"title": "…"},
// of at most 4 KB. An error says what is wrong with the body.
func (app *App) AddDocument(ctx context.Context, body io.Reader) (Document, error) {
	title, err := readTitle(body)
	if err != nil {
		return Document{}, err
	}
	s := stytchkit.SessionFrom(ctx)
	d := Document{
		ID:             "document-" + rand.Text(),
		OrganizationID: s.OrganizationID(),
		Title:          title,
		CreatedBy:      s.Subject(),
		CreatedAt:      time.Now().UTC(),
	}
	app.documents.add(d)
	return d, nil
}

func readTitle(body io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxDocumentBytes+1))
	switch {
	case err != nil:
		return "", errors.New("the body cannot be read")
	case len(data) > maxDocumentBytes:
		return "", fmt.Errorf("the body is too long (want at most %d bytes)", maxDocumentBytes)
	}
	var described struct {
		Title string `json:"title"`
	}
	if err := json.Unmarshal(data, &described); err != nil {
		return "", errors.New(`the body is not a document (want JSON such as {"title": "Plan"})`)
	}
	title := strings.TrimSpace(described.Title)
	if title == "" {
		return "", errors.New(`the document has no title (want JSON such as {"title": "Plan"})`)
	}
	return title, nil
}

// documents keeps the latest of each organization in memory. It is safe for concurrent use.
type documents struct {
	mu            sync.Mutex
	of            map[string][]Document
	organizations []string // in the order in which they came
}

func newDocuments() *documents { return &documents{of: map[string][]Document{}} }

func (d *documents) list(organization string) []Document {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Document{}, d.of[organization]...)
}

func (d *documents) add(added Document) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, known := d.of[added.OrganizationID]
	if !known {
		d.organizations = append(d.organizations, added.OrganizationID)
	}
	if len(d.organizations) > maxOrganizations {
		delete(d.of, d.organizations[0])
		d.organizations = d.organizations[1:]
	}
	if len(list) == maxDocuments {
		list = list[1:]
	}
	d.of[added.OrganizationID] = append(list, added)
}
