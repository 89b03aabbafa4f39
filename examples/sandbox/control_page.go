package main

import (
	"net/http"
	"net/url"
)

// page is the sandbox's page. ?signed-in=… follows a sign-in.
func (c *control) page(w http.ResponseWriter, r *http.Request) {
	var notice string
	if m, err := c.sandbox.Find(r.URL.Query().Get("signed-in")); err == nil {
		notice = "This browser is signed in as " + m.Email + " at every port of this host: open the demo."
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(c.pages.SandboxPage(c.sandbox, "", notice)) //nolint:gosec // html/template has escaped it
}

// signIn signs this browser in: cookies know no ports, so a demo on the same host sees them.
func (c *control) signIn(w http.ResponseWriter, r *http.Request) {
	s, err := c.sandbox.SignIn(r.PostFormValue("member"), r.PostFormValue("jwt"))
	if err == nil {
		err = c.save()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, cookie := range s.Cookies() {
		http.SetCookie(w, cookie)
	}
	http.Redirect(w, r, "/?signed-in="+url.QueryEscape(s.MemberID+s.UserID), http.StatusSeeOther)
}

// act is a button of the page.
func (c *control) act(w http.ResponseWriter, r *http.Request) {
	err := c.sandbox.Do(r.PostFormValue("action"))
	if err == nil {
		err = c.save()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
