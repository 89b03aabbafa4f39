package demo

import (
	"net/http"
)

// Frontend is the origin whose pages sign members in with Stytch's browser SDK, and call this demo as
// their API. It is empty where there are none on another origin.
func (app *App) Frontend() string { return app.env.Frontend }

// CORS lets the frontend's pages call a handler with their cookies; it answers their preflights.
func (app *App) CORS(next http.Handler) http.Handler {
	if app.env.Frontend == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", app.env.Frontend)
		h.Set("Access-Control-Allow-Credentials", "true")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Content-Type")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
