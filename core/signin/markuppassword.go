package signin

// passwordMarkup are the forms for a password, for a new one, and for both.
const passwordMarkup = `
{{- define "password"}}
{{if .Detail}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{end}}<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<input type="hidden" name="organization" value="{{.Organization}}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" value="{{.Email}}" required maxlength="254" autocomplete="username{{if .ScriptURL}} webauthn{{end}}"{{if .Detail}} aria-describedby="wrong"{{end}}>
<label for="password">Password</label>
<input id="password" name="password" type="password" required maxlength="1024" autocomplete="current-password"{{if .Detail}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Sign in</button>
<button class="quiet" formaction="{{.ForgotURL}}" formnovalidate>Forgot the password?</button>
</form>
<p class="soft"><a href="{{.LoginURL}}">Other ways to sign in</a></p>
{{- if .ScriptURL}}
<form method="post" action="{{.PasskeyURL}}" data-passkey="get" data-options="{{.OptionsURL}}" hidden>
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
{{template "passkeyfields"}}
<button class="quiet">Use a passkey</button>
</form>
{{template "passkeyfailed"}}{{end}}
{{- end}}
{{- define "change"}}{{$new := or (eq .Reason "password_weak") (eq .Reason "password_breached")}}
<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<input type="hidden" name="organization" value="{{.Organization}}">
{{if and .Detail (not $new)}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{end}}<label for="email">E-mail</label>
<input id="email" name="email" type="email" value="{{.Email}}" required maxlength="254" autocomplete="username"{{if and .Detail (not $new)}} aria-describedby="wrong"{{end}}>
<label for="password">Present password</label>
<input id="password" name="password" type="password" required maxlength="1024" autocomplete="current-password"{{if and .Detail (not $new)}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<label for="new_password">New password</label>
{{if $new}}<p class="note" role="alert" id="wrong">{{.Detail}}{{range .Advice}} {{.}}{{end}}</p>
{{end}}<input id="new_password" name="new_password" type="password" required maxlength="1024" autocomplete="new-password"{{if $new}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Save and sign in</button>
<button class="quiet" formaction="{{.ForgotURL}}" formnovalidate>Forgot the password?</button>
</form>
<p class="soft"><a href="{{.LoginURL}}">Back to the sign-in page</a></p>
{{- end}}
{{- define "reset"}}
<form method="post" action="{{.Action}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<label for="password">New password</label>
{{if .Detail}}<p class="note" role="alert" id="wrong">{{.Detail}}{{range .Advice}} {{.}}{{end}}</p>
{{end}}<input id="password" name="password" type="password" required maxlength="1024" autocomplete="new-password"{{if .Detail}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Save and sign in</button>
</form>
<p class="soft"><a href="{{.LoginURL}}">Back to the sign-in page</a></p>
{{- end}}`
