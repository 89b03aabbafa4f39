package signin

// secondMarkup is the page for a second factor.
const secondMarkup = `
{{- define "second"}}
{{if .Detail}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{end}}{{$wrong := .Detail}}{{$action := .Action}}{{with .Second}}
{{- if .Secret}}<ol>
<li>Scan this with your authenticator app, or enter <code>{{.Secret}}</code> there.{{if .QRCode}} <img class="qr" src="{{.QRCode}}" alt="QR code of the secret">{{end}}</li>
{{if .RecoveryCodes}}<li>Keep these recovery codes. Each signs you in once, should you lose the app; they are not shown again.
<ul class="codes">{{range .RecoveryCodes}}<li><code>{{.}}</code></li>{{end}}</ul></li>
{{end}}<li>Enter the code that the app shows.</li>
</ol>
{{end}}{{if .TOTP}}<form method="post" action="{{$action}}">
<input type="hidden" name="method" value="totp">
{{if .RecoveryCodes}}<label class="check"><input type="checkbox" required> I have kept the recovery codes</label>
{{end}}<label for="totp">Code of your authenticator app</label>
<input id="totp" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Continue</button>
</form>
{{end}}{{if and .Phone .Sent}}<form method="post" action="{{$action}}">
<input type="hidden" name="method" value="sms">
<label for="sms">Code sent to {{.Phone}}</label>
<input id="sms" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Continue</button>
</form>
{{end}}{{if and .Phone (not .Secret)}}<form method="post" action="{{$action}}">
<button class="quiet" name="method" value="sms">{{if .Sent}}Send a new code{{else}}Send a code to {{.Phone}}{{end}}</button>
</form>
{{end}}{{if and .Enrols (not .Secret)}}<h2>{{if or .TOTP .Phone}}Or choose another{{else}}Choose one{{end}}</h2>
<form method="post" action="{{$action}}"><button name="method" value="totp">An authenticator app</button></form>
<form method="post" action="{{$action}}">
<input type="hidden" name="method" value="sms">
<label for="phone">Phone number <small>with its country, as in +1 555 0100</small></label>
<input id="phone" name="phone" type="tel" required autocomplete="tel" maxlength="32">
<button>Send a code by SMS</button>
</form>
{{end}}{{if and .TOTP (not .Enrols)}}<h2>Without your app</h2>
<form method="post" action="{{$action}}">
<input type="hidden" name="method" value="recovery">
<label for="recovery">Recovery code</label>
<input id="recovery" name="code" required autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64">
<button>Use a recovery code</button>
</form>
{{end}}{{end}}<p class="soft"><a href="{{.LoginURL}}">Back to the sign-in page</a></p>
{{- end}}`
