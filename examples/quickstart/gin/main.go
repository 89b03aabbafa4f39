// Command gin signs members in on Gin: the quick start of the repository's README.
package main

import (
	"cmp"
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
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

	r := gin.New()
	r.Use(gin.LoggerWithConfig(gin.LoggerConfig{SkipQueryString: true}), gin.Recovery()) // a login's token is in a query
	r.SetHTMLTemplate(template.Must(template.New("pages").Parse(pages)))
	stytchgin.Mount(r, login) // everything under /auth
	r.GET("/login", func(c *gin.Context) {
		c.HTML(http.StatusOK, "login", gin.H{
			"Message":  signin.Message(c.Query("reason")),
			"ReturnTo": stytchkit.ReturnTo(c.Query("return_to")),
		})
	})

	members := r.Group("/", stytchgin.Require(auth)) // a session, or off to /login
	members.GET("/", func(c *gin.Context) {
		c.HTML(http.StatusOK, "home", stytchgin.Session(c))
	})
	members.GET("/api/me", func(c *gin.Context) {
		c.JSON(http.StatusOK, stytchgin.Session(c))
	})
	return r.Run(cmp.Or(os.Getenv("ADDR"), "localhost:8080"))
}
