// Command fiber signs members in on Fiber: the quick start of the repository's README.
package main

import (
	"cmp"
	"html/template"
	"log"
	"os"

	"github.com/gofiber/fiber/v2"
	recoverer "github.com/gofiber/fiber/v2/middleware/recover"

	stytchfiber "github.com/stytchkit/stytchkit/adapters/fiber"
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
	app := fiber.New(fiber.Config{ReadBufferSize: 16 << 10}) // Fiber's 4 KB are too few for a session's cookies
	app.Use(recoverer.New())
	stytchfiber.Mount(app, login) // everything under /auth
	app.Get("/login", func(c *fiber.Ctx) error {
		return page.ExecuteTemplate(c.Type("html", "utf-8"), "login", fiber.Map{
			"Message":  signin.Message(c.Query("reason")),
			"ReturnTo": stytchkit.ReturnTo(c.Query("return_to")),
		})
	})

	members := app.Group("/", stytchfiber.Require(auth)) // a session, or off to /login
	members.Get("/", func(c *fiber.Ctx) error {
		return page.ExecuteTemplate(c.Type("html", "utf-8"), "home", stytchfiber.Session(c))
	})
	members.Get("/api/me", func(c *fiber.Ctx) error {
		return c.JSON(stytchfiber.Session(c))
	})
	return app.Listen(cmp.Or(os.Getenv("ADDR"), "localhost:8080"))
}
