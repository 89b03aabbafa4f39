package signin

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

//go:embed client.js
var clientModule []byte

//go:embed passkey.js
var passkeyModule []byte

//go:embed client.d.ts
var clientTypes []byte

const (
	pathClient      = "client.js"
	pathClientTypes = "client.d.ts"

	pathPasskeyClient = "passkey.js"
)

const typeModule = "text/javascript; charset=utf-8"

// revalidateAlways lets anybody keep a file and ask each time whether it is still that one.
// keepForever is for a file whose name has its hash.
const (
	revalidateAlways = "public, no-cache"
	keepForever      = "public, max-age=31536000, immutable"
)

// hashOf is what a file's ETag is, and what its lasting name has.
func hashOf(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:8])
}

// pathClientHashed is the name of the module that stands for these very bytes.
func pathClientHashed() string { return "client." + hashOf(clientModule) + ".js" }

// pathPasskeyClientHashed is the same of the module for passkeys.
func pathPasskeyClientHashed() string { return "passkey." + hashOf(passkeyModule) + ".js" }

// ClientURL is the path of the browser's module under a name that changes with its bytes, so that
// browsers keep it for good. <prefix>/client.js is the same module under a name that stays. A page
// loads it as
//
//	<script type="module">import { session } from "/auth/client.js"</script>
//
// and its policy needs script-src and connect-src 'self' for it, and nothing more. What it exports is
// in <prefix>/client.d.ts.
func (h *Handler) ClientURL() string { return h.path(pathClientHashed()) }

func (v *visit) client()       { v.file(clientModule, typeModule, revalidateAlways) }
func (v *visit) clientHashed() { v.file(clientModule, typeModule, keepForever) }
func (v *visit) clientTypes()  { v.file(clientTypes, "text/plain; charset=utf-8", revalidateAlways) }

// file answers with a file that is the same for everybody.
func (v *visit) file(body []byte, contentType, cacheControl string) {
	h := v.w.Header()
	h.Del("Vary")
	h.Set("Cache-Control", cacheControl)
	h.Set("Content-Type", contentType)
	h.Set("Etag", `"`+hashOf(body)+`"`)
	http.ServeContent(v.w, v.r, "", time.Time{}, bytes.NewReader(body))
}
