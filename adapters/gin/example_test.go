package stytchgin_test

import (
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

func Example() {
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: "project-test-11111111-1111-1111-1111-111111111111",
		Secret:    "secret-test-…",
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer auth.Close()

	r := gin.New()
	r.Use(gin.Recovery(), stytchgin.Optional(auth)) // a session if there is one
	api := r.Group("/api", stytchgin.Require(auth)) // 401 without
	api.GET("/me", func(c *gin.Context) {
		c.JSON(http.StatusOK, stytchgin.Session(c))
	})
	// r.Run(":8080")
}
