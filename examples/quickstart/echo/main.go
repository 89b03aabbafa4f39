// Command echo signs members in on Echo: the quick start of the repository's README.
package main

import (
	"cmp"
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
)

const pages = `
{{define "login"}}<!doctype html><title>Sign in</title>
<p>{{.Message}}</p>
<form method="post" action="/auth/magic-link">
  <input type="hidden" name="return_to" value="{{.ReturnTo}}">
  <label>E-mail <input name="email" type="email" required></label>
  <button>Send me a link</button>
</form>{{end}}
{{define "home"}}<!doctype html><title>Home</title>
<p>Hello {{.MemberID}} of {{.OrganizationSlug}}</p>
<form method="post" action="/auth/logout"><button>Sign out</button></form>{{end}}`

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: os.Getenv("STYTCH_PROJECT_ID"),
		Secret:    os.Getenv("STYTCH_SECRET"),
		BaseURL:   os.Getenv("STYTCH_BASE_URL"), // the sandbox's; empty means Stytch itself
		Origin:    os.Getenv("ORIGIN"),          // such as https://app.example.com; empty on localhost
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
		LoginURL:  "/login",
	})
	if err != nil {
		return err
	}
	defer auth.Close()
	login, err := signin.New(auth, signin.Config{})
	if err != nil {
		return err
	}

	page := template.Must(template.New("pages").Parse(pages))
	e := echo.New()
	e.Use(middleware.Recover())
	stytchecho.Mount(e, login) // everything under /auth
	e.GET("/login", func(c echo.Context) error {
		return page.ExecuteTemplate(c.Response(), "login", echo.Map{
			"Message":  signin.Message(c.QueryParam("reason")),
			"ReturnTo": stytchkit.ReturnTo(c.QueryParam("return_to")),
		})
	})

	members := e.Group("", stytchecho.Require(auth)) // a session, or off to /login
	members.GET("/", func(c echo.Context) error {
		return page.ExecuteTemplate(c.Response(), "home", stytchecho.Session(c))
	})
	members.GET("/api/me", func(c echo.Context) error {
		return c.JSON(http.StatusOK, stytchecho.Session(c))
	})
	return e.Start(cmp.Or(os.Getenv("ADDR"), "localhost:8080"))
}
