package signin

// passkeyMarkup are the pages of passkeys. Without the script, or in a browser that has none, words stand
// in the place of the forms; the page is first shown when the script has chosen, as far as the browser waits.
const passkeyMarkup = `
{{- define "passkeyfields"}}<input type="hidden" name="ceremony"><input type="hidden" name="credential">{{end}}
{{- define "passkeyfailed"}}<p class="note" role="alert" data-passkey-failed hidden>No passkey was used. Try again, or choose another way.</p>
{{end}}
{{- define "passkey"}}
{{if .Detail}}<p class="note" role="alert">{{.Detail}}</p>
{{end}}{{template "passkeyfailed"}}{{if .ScriptURL}}<form method="post" action="{{.Action}}" data-passkey="get" data-options="{{.OptionsURL}}" hidden>
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
{{template "passkeyfields"}}
<button>Use a passkey</button>
</form>
{{end}}<p data-passkey-missing>This browser cannot use passkeys here. Have a code mailed instead.</p>
<h2>Without one</h2>
<form method="post" action="{{.SendURL}}">
<input type="hidden" name="return_to" value="{{.ReturnTo}}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="username webauthn">
<button>Send me a code</button>
</form>
<p class="soft"><a href="{{.LoginURL}}">Other ways to sign in</a></p>
{{- end}}
{{- define "passkeys"}}
{{if .Detail}}<p class="note" role="alert">{{.Detail}}</p>
{{end}}{{template "passkeyfailed"}}<p>A passkey signs you in with your fingerprint, your face or your device's PIN.</p>
{{$nameURL := .NameURL}}{{$removeURL := .RemoveURL}}{{range $i, $key := .Passkeys}}<h2>{{or $key.Name "A passkey without a name"}}</h2>
<form method="post" action="{{$nameURL}}">
<input type="hidden" name="passkey" value="{{$key.ID}}">
<label for="name{{$i}}">Name</label>
<input id="name{{$i}}" name="name" value="{{$key.Name}}" required maxlength="64" autocomplete="off">
<button>Save the name</button>
<button class="quiet" formaction="{{$removeURL}}" formnovalidate>Remove {{or $key.Name "it"}}</button>
</form>
{{else}}<p>You have none yet.</p>
{{end}}<h2>Add one</h2>
<p data-passkey-missing>This browser cannot make passkeys here.</p>
{{if .ScriptURL}}<form method="post" action="{{.Action}}" data-passkey="create" data-options="{{.OptionsURL}}" hidden>
{{template "passkeyfields"}}
<label for="new">Name <small>such as the device that it is on</small></label>
<input id="new" name="name" maxlength="64" autocomplete="off">
<button>Add a passkey</button>
</form>
{{end}}<p class="soft"><a href="{{.BackURL}}">Go back</a></p>
{{- end}}`
