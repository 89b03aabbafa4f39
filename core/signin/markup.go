package signin

import "github.com/stytchkit/stytchkit/core/internal/look"

// markup is the pages' only template.
const markup = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
<style>` + look.Style + look.Forms + `</style>
{{if .ScriptURL}}<script type="module" src="{{.ScriptURL}}" blocking="render"></script>
{{end}}</head>
<body>
<main>
<h1>{{.Title}}</h1>
{{- if eq .Name "organizations"}}
{{if .Detail}}<p class="note" role="alert">{{.Detail}}</p>
{{end}}{{if .Email}}<p class="soft">You are {{.Email}}.</p>
{{end}}{{if .Organizations}}<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<ul>
{{range .Organizations}}<li>{{if .Current}}<div class="here" aria-current="true">{{.Name}}<small>You are here.</small></div>{{else}}<button name="organization_id" value="{{.ID}}">{{.Name}}<small>{{if .Joins}}Join{{else}}{{.Slug}}{{end}}{{if not .Ready}} · one more step{{end}}</small></button>{{end}}</li>
{{end}}</ul>
</form>
{{else}}<p>No organization lists this address.</p>
{{end}}{{if .CanCreate}}<h2>Create an organization</h2>
<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<label for="organization_name">Name</label>
<input id="organization_name" name="organization_name" required maxlength="128" autocomplete="organization">
<label for="organization_slug">Short name <small>(optional)</small></label>
<input id="organization_slug" name="organization_slug" minlength="2" maxlength="128" pattern="[A-Za-z0-9._~\-]+" autocapitalize="none" spellcheck="false" aria-describedby="slug_hint">
<p id="slug_hint"><small>Letters, digits and - . _ ~</small></p>
<button>Create</button>
</form>
{{end}}<p class="soft"><a href="{{.BackURL}}">{{if .SignedIn}}Go back{{else}}Use another address{{end}}</a></p>
{{- else if eq .Name "password"}}{{template "password" .}}
{{- else if eq .Name "change"}}{{template "change" .}}
{{- else if eq .Name "reset"}}{{template "reset" .}}
{{- else if eq .Name "second"}}{{template "second" .}}
{{- else if eq .Name "sendcode"}}{{template "sendcode" .}}
{{- else if eq .Name "code"}}{{template "code" .}}
{{- else if eq .Name "passkey"}}{{template "passkey" .}}
{{- else if eq .Name "passkeys"}}{{template "passkeys" .}}
{{- else if eq .Name "account"}}{{template "account" .}}
{{- else if eq .Name "step-up"}}{{template "step-up" .}}
{{- else}}
<p>{{.Detail}}</p>
{{if eq .Name "confirm"}}<form method="post" action="{{.Action}}"><button>Sign in</button></form>
{{else if eq .Name "continue"}}<p><a class="button" href="{{.Action}}">Continue</a></p>
{{else if eq .Name "logout"}}<form method="post" action="{{.Action}}"><button>Sign out</button></form>
{{else if eq .Name "mail"}}<p class="soft"><a href="{{.LoginURL}}">Use another address</a></p>
{{else}}{{if .Retry}}<p><a class="button" href="">Try again</a></p>
{{end}}<p class="soft"><a href="{{.LoginURL}}">Back to the sign-in page</a></p>
{{end}}{{- end}}
</main>
</body>
</html>
`
