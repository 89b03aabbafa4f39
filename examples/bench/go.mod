module github.com/stytchkit/stytchkit/examples/bench

go 1.26.0

require (
	connectrpc.com/connect v1.20.0
	github.com/MicahParks/keyfunc/v3 v3.9.1
	github.com/appleboy/gin-jwt/v3 v3.4.1
	github.com/auth0/go-jwt-middleware/v3 v3.2.0
	github.com/clerk/clerk-sdk-go/v2 v2.5.1
	github.com/gin-gonic/gin v1.12.0
	github.com/gofiber/contrib/jwt v1.1.2
	github.com/gofiber/fiber/v2 v2.52.15
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/labstack/echo-jwt/v4 v4.4.0
	github.com/labstack/echo/v4 v4.16.0
	github.com/labstack/echo/v5 v5.4.4
	github.com/stytchauth/stytch-go/v16 v16.41.0
	github.com/stytchkit/stytchkit/adapters/connect v0.0.0
	github.com/stytchkit/stytchkit/adapters/echo v0.0.0-00010101000000-000000000000
	github.com/stytchkit/stytchkit/adapters/echo5 v0.0.0
	github.com/stytchkit/stytchkit/adapters/fiber v0.0.0-00010101000000-000000000000
	github.com/stytchkit/stytchkit/adapters/gin v0.0.0-00010101000000-000000000000
	github.com/stytchkit/stytchkit/adapters/grpc v0.0.0
	github.com/stytchkit/stytchkit/adapters/nethttp v0.0.0-00010101000000-000000000000
	github.com/stytchkit/stytchkit/core v0.0.0
	github.com/stytchkit/stytchkit/otel v0.0.0
	github.com/valyala/fasthttp v1.51.0
	go.opentelemetry.io/otel/sdk v1.47.0
	go.opentelemetry.io/otel/sdk/metric v1.47.0
	golang.org/x/sync v0.22.0
	google.golang.org/grpc v1.81.0
	google.golang.org/protobuf v1.36.11
)

require (
	github.com/MicahParks/jwkset v0.11.4 // indirect
	github.com/MicahParks/keyfunc/v2 v2.1.0 // indirect
	github.com/andybalholm/brotli v1.1.0 // indirect
	github.com/bytedance/gopkg v0.1.3 // indirect
	github.com/bytedance/sonic v1.15.0 // indirect
	github.com/bytedance/sonic/loader v0.5.0 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/cloudwego/base64x v0.1.6 // indirect
	github.com/decred/dcrd/dcrec/secp256k1/v4 v4.4.0 // indirect
	github.com/gabriel-vasile/mimetype v1.4.12 // indirect
	github.com/gin-contrib/sse v1.1.0 // indirect
	github.com/go-jose/go-jose/v3 v3.0.4 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/go-logr/logr v1.4.4 // indirect
	github.com/go-logr/stdr v1.2.2 // indirect
	github.com/go-playground/locales v0.14.1 // indirect
	github.com/go-playground/universal-translator v0.18.1 // indirect
	github.com/go-playground/validator/v10 v10.30.1 // indirect
	github.com/goccy/go-json v0.10.5 // indirect
	github.com/goccy/go-yaml v1.19.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/klauspost/compress v1.18.0 // indirect
	github.com/klauspost/cpuid/v2 v2.3.0 // indirect
	github.com/labstack/gommon v0.5.0 // indirect
	github.com/leodido/go-urn v1.4.0 // indirect
	github.com/lestrrat-go/blackmagic v1.0.4 // indirect
	github.com/lestrrat-go/dsig v1.0.0 // indirect
	github.com/lestrrat-go/dsig-secp256k1 v1.0.0 // indirect
	github.com/lestrrat-go/httpcc v1.0.1 // indirect
	github.com/lestrrat-go/httprc/v3 v3.0.3 // indirect
	github.com/lestrrat-go/jwx/v3 v3.0.13 // indirect
	github.com/lestrrat-go/option/v2 v2.0.0 // indirect
	github.com/mattn/go-colorable v0.1.15 // indirect
	github.com/mattn/go-isatty v0.0.22 // indirect
	github.com/mattn/go-runewidth v0.0.16 // indirect
	github.com/maypok86/otter/v2 v2.4.0 // indirect
	github.com/mitchellh/mapstructure v1.5.0 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
	github.com/pelletier/go-toml/v2 v2.2.4 // indirect
	github.com/quic-go/qpack v0.6.0 // indirect
	github.com/quic-go/quic-go v0.59.0 // indirect
	github.com/redis/rueidis v1.0.66 // indirect
	github.com/rivo/uniseg v0.2.0 // indirect
	github.com/segmentio/asm v1.2.1 // indirect
	github.com/sony/gobreaker/v2 v2.4.0 // indirect
	github.com/stytchkit/stytchkit/adapters/fasthttp v0.0.0 // indirect
	github.com/stytchkit/stytchkit/adapters/rpc v0.0.0 // indirect
	github.com/twitchyliquid64/golang-asm v0.15.1 // indirect
	github.com/ugorji/go/codec v1.3.1 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	github.com/valyala/fastjson v1.6.7 // indirect
	github.com/valyala/fasttemplate v1.2.2 // indirect
	github.com/valyala/tcplisten v1.0.0 // indirect
	github.com/youmark/pkcs8 v0.0.0-20240726163527-a2c0da244d78 // indirect
	go.mongodb.org/mongo-driver/v2 v2.5.0 // indirect
	go.opentelemetry.io/auto/sdk v1.2.1 // indirect
	go.opentelemetry.io/otel v1.47.0 // indirect
	go.opentelemetry.io/otel/log v1.47.0 // indirect
	go.opentelemetry.io/otel/metric v1.47.0 // indirect
	go.opentelemetry.io/otel/trace v1.47.0 // indirect
	golang.org/x/arch v0.22.0 // indirect
	golang.org/x/crypto v0.54.0 // indirect
	golang.org/x/net v0.57.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.40.0 // indirect
	golang.org/x/time v0.16.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260226221140-a57be14db171 // indirect
)

replace (
	github.com/stytchkit/stytchkit/adapters/connect => ../../adapters/connect
	github.com/stytchkit/stytchkit/adapters/echo => ../../adapters/echo
	github.com/stytchkit/stytchkit/adapters/echo5 => ../../adapters/echo5
	github.com/stytchkit/stytchkit/adapters/fasthttp => ../../adapters/fasthttp
	github.com/stytchkit/stytchkit/adapters/fiber => ../../adapters/fiber
	github.com/stytchkit/stytchkit/adapters/gin => ../../adapters/gin
	github.com/stytchkit/stytchkit/adapters/grpc => ../../adapters/grpc
	github.com/stytchkit/stytchkit/adapters/nethttp => ../../adapters/nethttp
	github.com/stytchkit/stytchkit/adapters/rpc => ../../adapters/rpc
	github.com/stytchkit/stytchkit/core => ../../core
)

replace github.com/stytchkit/stytchkit/otel => ../../otel
