package signin

// style is the pages' only stylesheet; their policy allows it by its hash.
const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#c9ced6;--soft:#57606a;--accent:#0b57d0;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16181c;--line:#454b54;--soft:#a7b0ba;--accent:#8ab4f8;--on:#10141a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:12vh 1.25rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.1rem;margin:2rem 0 .75rem}
p{margin:0 0 1rem;overflow-wrap:anywhere}
ul{list-style:none;margin:0 0 1rem;padding:0}
li{margin:0 0 .5rem}
small,.soft{color:var(--soft)}
label{display:block;font-weight:600;margin:0 0 .25rem}
input{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.5rem;padding:.6rem .75rem;margin:0 0 1rem}
button,.button{display:block;width:100%;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer;color:var(--on);background:var(--accent);border:1px solid var(--accent);border-radius:.5rem;padding:.65rem 1rem}
li button{text-align:start;color:var(--ink);background:transparent;border-color:var(--line);overflow-wrap:anywhere}
li small{display:block;font-weight:400}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.quiet{margin:.75rem 0 1rem;color:var(--accent);background:transparent;border-color:transparent}
.codes{columns:2;margin:.5rem 0}
.qr{display:block;width:12rem;max-width:100%;margin:.75rem 0;border-radius:.5rem;background:#fff}
.check{display:flex;gap:.5rem;align-items:center}
.check input{width:auto;margin:0}
code{overflow-wrap:anywhere}
ol{margin:0 0 1rem;padding:0 0 0 1.25rem}
.note{border-inline-start:4px solid var(--accent);padding:.25rem .75rem}
`

// markup is the pages' only template.
const markup = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
<style>` + style + `</style>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
{{- if eq .Name "organizations"}}
{{if .Detail}}<p class="note" role="alert">{{.Detail}}</p>
{{end}}{{if .Email}}<p class="soft">You are {{.Email}}.</p>
{{end}}{{if .Organizations}}<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<ul>
{{range .Organizations}}<li><button name="organization_id" value="{{.ID}}">{{.Name}}<small>{{if .Joins}}Join{{else}}{{.Slug}}{{end}}{{if not .Ready}} · one more step{{end}}</small></button></li>
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
{{end}}<p class="soft"><a href="{{.LoginURL}}">Use another address</a></p>
{{- else if eq .Name "password"}}{{template "password" .}}
{{- else if eq .Name "reset"}}{{template "reset" .}}
{{- else if eq .Name "second"}}{{template "second" .}}
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
