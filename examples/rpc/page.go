package main

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed page
var files embed.FS

// newPage serves the page that calls the service at another origin.
func newPage(calls string) (http.Handler, error) {
	page, err := fs.Sub(files, "page")
	if err != nil {
		return nil, err
	}
	index, err := fs.ReadFile(page, "index.html")
	if err != nil {
		return nil, err
	}
	html := strings.ReplaceAll(string(index), "{{calls}}", calls)
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(page))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:; connect-src "+calls)
		_, _ = w.Write([]byte(html)) // a browser that is gone needs no page
	})
	return mux, nil
}
