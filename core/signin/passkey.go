package signin

import (
	"context"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// passkeyRoutes are those of a consumer project.
func passkeyRoutes() map[string]route {
	return map[string]route{
		pathPasskey:        {get: (*visit).askPasskey, post: (*visit).passkey},
		pathPasskeyOptions: {post: (*visit).passkeyOptions},
		pathPasskeys:       {get: (*visit).listPasskeys, post: (*visit).addPasskey},
		pathNewPasskey:     {post: (*visit).newPasskeyOptions},
		pathNamePasskey:    {post: (*visit).namePasskey},
		pathRemovePasskey:  {post: (*visit).removePasskey},

		pathPasskeyClient:         {get: func(v *visit) { v.file(passkeyModule, typeModule, revalidateAlways) }},
		pathPasskeyClientHashed(): {get: func(v *visit) { v.file(passkeyModule, typeModule, keepForever) }},
	}
}

// askPasskey shows the page that signs in by a passkey, or by a code that is mailed.
func (v *visit) askPasskey() {
	query := v.r.URL.Query()
	reason := query.Get("reason")
	v.show(v.withPasskeys(Page{
		Name: PagePasskey, Status: http.StatusOK, Title: "Sign in with a passkey",
		Action: v.path(pathPasskey), SendURL: v.path(pathEmailCode),
		Reason: reason, Detail: Message(reason), ReturnTo: v.returnTo(query.Get("return_to")),
	}, pathPasskeyOptions))
}

// withPasskeys is a page whose script asks for passkeys, where there are any.
func (v *visit) withPasskeys(p Page, options string) Page {
	if v.passkeyDomain() != "" {
		p.ScriptURL, p.OptionsURL = v.path(pathPasskeyClientHashed()), v.path(options)
	}
	return p
}

// passkeyOptions begins a login by whichever passkey the person has here.
func (v *visit) passkeyOptions() {
	domain := v.passkeyDomain()
	if domain == "" {
		v.refuse(reasonNotFound)
		return
	}
	options, err := askForAnybody(v, func(ctx context.Context) (string, error) { return v.in.Consumer.StartPasskey(ctx, domain, "") })
	if err != nil {
		v.failOptions(pathPasskey, err)
		return
	}
	v.beginCeremony(passkeyGet, "", options)
}

// passkey signs in by what a passkey answered.
func (v *visit) passkey() {
	f, ok := v.fields()
	if !ok {
		return
	}
	v.page, v.to = pathPasskey, v.returnTo(f["return_to"])
	credential, ok := v.answered(f, passkeyGet, "")
	if !ok {
		v.refuse(reasonPasskey)
		return
	}
	key := attemptOf("passkey", credential, v.cookie(cookieBrowser))
	out, err := v.tries.do(v.r.Context(), key, func() (outcome, error) {
		l, err := askToTheEnd(v, func(ctx context.Context) (*stytch.Login, error) {
			return v.in.Consumer.Passkey(ctx, credential, stytch.Credential{}, v.cfg.SessionDuration)
		})
		return outcome{login: l}, err
	})
	switch f := stytch.FailureOf(err); {
	case err != nil && f.Verdict == stytch.Refused && f.ErrorType != errorLocked && !isClaimsRefused(f.ErrorType):
		v.in.Log.Debug("signin: Stytch refused a passkey", "error", err)
		v.refuse(reasonPasskey)
	case err != nil:
		v.fail(err)
	default:
		v.drop(cookieBrowser)
		v.arrive(out, flow{ReturnTo: v.to})
	}
}

// askPasskey asks for one of the person's passkeys.
func (v *stepping) askPasskey() {
	options, err := ask(v.visit, func(ctx context.Context) (string, error) {
		return v.in.Consumer.StartPasskey(ctx, v.passkeyDomain(), v.p.User)
	})
	if err != nil {
		v.failOptions(pathStepUp, err)
		return
	}
	v.beginCeremony(passkeyGet, v.p.SessionID, options)
}

// provePasskey adds what a passkey answered to the session.
func (v *stepping) provePasskey(f fields) {
	credential, ok := v.answered(f, passkeyGet, v.p.SessionID)
	if !ok {
		v.again(reasonPasskey)
		return
	}
	v.proveCode(methodPasskey, credential, func(ctx context.Context, s stytch.Second, credential string) (*stytch.Login, error) {
		return v.in.Consumer.Passkey(ctx, credential, s.Session, s.Duration)
	})
}
