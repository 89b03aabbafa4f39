package signin

// stepUpMarkup is the page where whoever is signed in proves it once more.
const stepUpMarkup = `
{{- define "step-up"}}
{{if .Detail}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{else}}<p>You are signed in. Show once more that it is you, and you go on where you were.</p>
{{end}}{{$wrong := .Detail}}{{$action := .Action}}{{$to := .ReturnTo}}{{$script := .ScriptURL}}{{with .StepUp}}
{{- if and .Passkey $script}}{{template "passkeyfailed"}}<form method="post" action="{{$action}}" data-passkey="get" data-options="{{$action}}" hidden>
<input type="hidden" name="return_to" value="{{$to}}">
<input type="hidden" name="method" value="passkey">
{{template "passkeyfields"}}
<button>Use a passkey</button>
</form>
<p data-passkey-missing>This browser cannot use your passkey.</p>
{{end}}{{if .Password}}<form method="post" action="{{$action}}">
<input type="hidden" name="return_to" value="{{$to}}">
<input type="hidden" name="method" value="password">
<label for="password">Password</label>
<input id="password" name="password" type="password" required maxlength="1024" autocomplete="current-password"{{if $wrong}} aria-describedby="wrong"{{end}}>
<button>Continue</button>
</form>
{{end}}{{if .TOTP}}<form method="post" action="{{$action}}">
<input type="hidden" name="return_to" value="{{$to}}">
<input type="hidden" name="method" value="totp">
<label for="totp">Code of your authenticator app</label>
<input id="totp" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-describedby="wrong"{{end}}>
<button>Continue</button>
</form>
{{end}}{{if and .Phone .Sent}}<form method="post" action="{{$action}}">
<input type="hidden" name="return_to" value="{{$to}}">
<input type="hidden" name="method" value="sms">
<label for="sms">Code sent to {{.Phone}}</label>
<input id="sms" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-describedby="wrong"{{end}}>
<button>Continue</button>
</form>
{{end}}{{if .Phone}}<form method="post" action="{{$action}}">
<input type="hidden" name="return_to" value="{{$to}}">
<button class="quiet" name="method" value="sms">{{if .Sent}}Send a new code{{else}}Send a code to {{.Phone}}{{end}}</button>
</form>
{{end}}{{if and .Email .Mailed}}<form method="post" action="{{$action}}">
<input type="hidden" name="return_to" value="{{$to}}">
<input type="hidden" name="method" value="email">
<label for="mailed">Code mailed to {{.Email}}</label>
<input id="mailed" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-describedby="wrong"{{end}}>
<button>Continue</button>
</form>
{{end}}{{if .Email}}<form method="post" action="{{$action}}">
<input type="hidden" name="return_to" value="{{$to}}">
<button class="quiet" name="method" value="email">{{if .Mailed}}Mail a new code{{else}}Mail a code to {{.Email}}{{end}}</button>
<button class="quiet" name="method" value="link">Mail a link to {{.Email}}</button>
</form>
{{end}}{{end}}<p class="soft"><a href="{{.LoginURL}}">Sign in again instead</a></p>
{{- end}}`
