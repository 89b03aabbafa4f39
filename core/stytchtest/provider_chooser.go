package stytchtest

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
)

// maxChoices bounds the page; whoever is not on it can be typed in.
const maxChoices = 100

// chooser is the page of a provider that does not know who sits before it.
type chooser struct{ page *template.Template }

func newChooser() chooser { return chooser{template.Must(template.New("chooser").Parse(chooserPage))} }

type choice struct {
	Name, Email, Link string
}

// answer lists who may be chosen.
func (c chooser) answer(st *state, start *url.URL, v visit) (answer, error) {
	query := start.Query()
	query.Del(chosenParam)
	var page bytes.Buffer
	err := c.page.Execute(&page, struct {
		At, Path, Param string
		Query           url.Values
		Choices         []choice
	}{v.at, start.Path, chosenParam, query, st.choices(start.Path, query, v)})
	if err != nil {
		return answer{}, err
	}
	return answer{http.StatusOK, http.Header{
		"Content-Type":            {"text/html; charset=utf-8"},
		"Cache-Control":           {"no-store"},
		"Referrer-Policy":         {"no-referrer"},
		"Content-Security-Policy": {"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
	}, page.Bytes()}, nil
}

func (st *state) choices(path string, query url.Values, v visit) []choice {
	var choices []choice
	seen := map[string]bool{}
	for name, email := range v.people(st) {
		if seen[normalEmail(email)] || len(choices) == maxChoices {
			continue
		}
		seen[normalEmail(email)] = true
		query.Set(chosenParam, email)
		choices = append(choices, choice{name, email, path + "?" + query.Encode()})
	}
	query.Del(chosenParam)
	return choices
}

const chooserPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in with {{.At}} (stand-in)</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere }
a, label { display: block; padding: .5rem 0 }
ul { list-style: none; padding: 0 }
input, button { font: inherit; padding: .5rem; box-sizing: border-box; max-width: 100% }
</style>
<main>
<h1>Sign in with {{.At}}</h1>
<p>This page stands in for {{.At}}. Nobody here is real: choose who you are.</p>
<ul>
{{- range .Choices}}
<li><a href="{{.Link}}">{{if .Name}}{{.Name}}, {{end}}{{.Email}}</a></li>
{{- end}}
</ul>
<form action="{{.Path}}">
{{- range $name, $values := .Query}}{{range $values}}
<input type="hidden" name="{{$name}}" value="{{.}}">
{{- end}}{{end}}
<label for="other">Somebody else's e-mail address</label>
<input id="other" type="email" name="{{.Param}}" required autocomplete="off">
<button>Continue</button>
</form>
</main>
</html>
`
