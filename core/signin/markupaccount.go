package signin

// accountMarkup is the page where whoever is signed in changes what they sign in with.
const accountMarkup = `
{{- define "account"}}
{{if .Detail}}<p class="note" role="alert" id="wrong">{{.Detail}}</p>
{{end}}{{$wrong := .Detail}}{{$action := .Action}}{{$back := .BackURL}}{{$kept := false}}{{with .Account}}
{{- if eq .Adding "add_totp"}}{{if .Secret}}<ol>
<li>Scan this with your authenticator app, or enter <code>{{.Secret}}</code> there.{{if .QRCode}} <img class="qr" src="{{.QRCode}}" alt="QR code of the secret">{{end}}</li>
{{if .RecoveryCodes}}<li>Keep these recovery codes. Each stands in for the app once, should you lose it; they are not shown again.
<ul class="codes">{{range .RecoveryCodes}}<li><code>{{.}}</code></li>{{end}}</ul></li>
{{end}}<li>Enter the code that the app shows.</li>
</ol>
{{end}}<form method="post" action="{{$action}}">
<input type="hidden" name="change" value="add_totp">
{{if .RecoveryCodes}}<label class="check"><input type="checkbox" required> I have kept the recovery codes</label>
{{end}}<label for="totp">Code of your authenticator app</label>
<input id="totp" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Add the app</button>
</form>
{{else if eq .Adding "add_phone"}}<form method="post" action="{{$action}}">
<input type="hidden" name="change" value="add_phone">
<input type="hidden" name="phone" value="{{.NewPhone}}">
<label for="sms">Code sent to {{.NewPhone}}</label>
<input id="sms" name="code" required inputmode="numeric" autocomplete="one-time-code" maxlength="10"{{if $wrong}} aria-invalid="true" aria-describedby="wrong"{{end}}>
<button>Add the phone</button>
</form>
<form method="post" action="{{$action}}">
<input type="hidden" name="phone" value="{{.NewPhone}}">
<button class="quiet" name="change" value="add_phone">Send a new code</button>
</form>
{{else if .RecoveryCodes}}{{$kept = true}}<p>Keep them where you find them without your app. Each stands in for it once. They are not shown again, and those that you had count no more.</p>
<ul class="codes">{{range .RecoveryCodes}}<li><code>{{.}}</code></li>{{end}}</ul>
<form action="{{$back}}">
<label class="check"><input type="checkbox" required> I have kept the recovery codes</label>
<button>Done</button>
</form>
{{else}}<form method="post" action="{{$action}}">
<h2>Password</h2>
<p>{{if .Password}}You have one. <a href="{{.PasswordURL}}">Change it</a>{{else}}You have none. <a href="{{.PasswordURL}}">Choose one</a>{{end}}</p>
{{if .PasskeysURL}}<h2>Passkeys</h2>
<p><a href="{{.PasskeysURL}}">Add, name and remove passkeys</a></p>
{{end}}<h2>Authenticator app</h2>
{{if .TOTP}}<p>You have one.</p>
<button class="plain" name="change" value="remove_totp">Remove the app</button>
{{if .Can "rotate_recovery_codes"}}<button class="plain" name="change" value="rotate_recovery_codes">Make new recovery codes</button>
{{end}}{{else}}<p>You have none.</p>
<button class="plain" name="change" value="add_totp">Set one up</button>
{{end}}</form>
<form method="post" action="{{$action}}">
<h2>Phone</h2>
{{if .Phone}}<p>Codes are sent to {{.Phone}}.</p>
{{if .Can "remove_phone"}}<button class="plain" name="change" value="remove_phone">Remove the phone</button>
{{end}}{{else}}<label for="phone">Number <small>with the code of its country</small></label>
<input id="phone" name="phone" type="tel" required autocomplete="tel" maxlength="32">
<button class="plain" name="change" value="add_phone">Send a code by SMS</button>
{{end}}</form>
<form method="post" action="{{$action}}">
<h2>Sessions</h2>
<p>Signs you out in every browser and on every device, here too.</p>
<button name="change" value="sign_out_everywhere">Sign out everywhere</button>
</form>
{{end}}{{end}}{{if not $kept}}<p class="soft"><a href="{{.BackURL}}">Go back</a></p>{{end}}
{{- end}}`
