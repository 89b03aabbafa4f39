module github.com/stytchkit/stytchkit/examples/e2e

go 1.26.0

replace (
	github.com/stytchkit/stytchkit/adapters/echo => ../../adapters/echo
	github.com/stytchkit/stytchkit/adapters/fiber => ../../adapters/fiber
	github.com/stytchkit/stytchkit/adapters/gin => ../../adapters/gin
	github.com/stytchkit/stytchkit/adapters/nethttp => ../../adapters/nethttp
	github.com/stytchkit/stytchkit/core => ../../core
	github.com/stytchkit/stytchkit/examples => ../
)

require (
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
	github.com/stytchkit/stytchkit/examples v0.0.0
)

require github.com/go-json-experiment/json v1.27.2 // indirect
