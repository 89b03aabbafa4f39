package main

import (
	_ "embed"
	"net/http"
	"strings"
)

//go:embed page.html
var page string

// newPage serves the page that calls the service at another origin.
func newPage(calls string) http.Handler {
	body := strings.ReplaceAll(page, "{{calls}}", calls)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	})
}
