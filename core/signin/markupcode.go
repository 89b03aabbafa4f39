package signin

// codeMarkup are the pages that ask where to send a one-time code, and for the code.
const codeMarkup = `
{{- define "sendcode"}}
{{if .Reason}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{end}}<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<input type="hidden" name="organization" value="{{.Organization}}">
{{if eq .Field "phone"}}<label for="phone">Phone number <small>with its country, as in +1 555 0100</small></label>
<input id="phone" name="phone" type="tel" value="{{.Phone}}" required maxlength="32" autocomplete="tel"{{if .Reason}} aria-invalid="true" aria-describedby="wrong"{{end}}>
{{else}}<label for="email">E-mail</label>
<input id="email" name="email" type="email" value="{{.Email}}" required maxlength="254" autocomplete="username"{{if .Reason}} aria-invalid="true" aria-describedby="wrong"{{end}}>
{{end}}<button>Send me a code</button>
</form>
<p class="soft"><a href="{{.LoginURL}}">Other ways to sign in</a></p>
{{- end}}
{{- define "code"}}
<p>If {{.Email}}{{.Phone}} can sign in here, a code is on its way. Enter the newest one.</p>
{{if .Reason}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{end}}<form method="post" action="{{.Action}}">
<label for="code">Code</label>
<input id="code" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if .Reason}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Sign in</button>
</form>
<form method="post" action="{{.SendURL}}">
<input type="hidden" name="{{.Field}}" value="{{.Email}}{{.Phone}}">
<input type="hidden" name="organization" value="{{.Organization}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<button class="quiet">Send a new code</button>
</form>
<p class="soft"><a href="{{.LoginURL}}">Other ways to sign in</a></p>
{{- end}}`
