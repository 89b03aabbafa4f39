package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// ask asks Stytch within the Authenticator's bounds, about a step that rests on a session or an
// intermediate one. Every error is a *stytch.Failure.
func ask[T any](v *visit, question func(context.Context) (T, error)) (T, error) {
	return askOn(v.r.Context(), v, true, question)
}

// askForAnybody asks about a step that anybody can take: it is in nobody's way who has a session.
func askForAnybody[T any](v *visit, question func(context.Context) (T, error)) (T, error) {
	return askOn(v.r.Context(), v, false, question)
}

// askToTheEnd is [askForAnybody], and hears the answer also when the client is gone: what was asked uses
// something up or ends something.
func askToTheEnd[T any](v *visit, question func(context.Context) (T, error)) (T, error) {
	return askOn(context.WithoutCancel(v.r.Context()), v, false, question)
}

// askStepToTheEnd is [ask], and hears the answer also when the client is gone.
func askStepToTheEnd[T any](v *visit, question func(context.Context) (T, error)) (T, error) {
	return askOn(context.WithoutCancel(v.r.Context()), v, true, question)
}

// onceWith asks Stytch about a code that is added to what there is, at most once.
func (v *visit) onceWith(key attempt, question func(context.Context) (*stytch.Login, error)) (*stytch.Login, error) {
	out, err := v.tries.do(v.r.Context(), key, func() (outcome, error) {
		l, err := askStepToTheEnd(v, question)
		return outcome{login: l}, err
	})
	return out.login, err
}

func askOn[T any](ctx context.Context, v *visit, rests bool, question func(context.Context) (T, error)) (T, error) {
	var found T
	err := v.in.Call(ctx, v.request(), rests, func(ctx context.Context) (err error) {
		found, err = question(ctx)
		return err
	})
	return found, err
}

// maxAsked is how many credentials of one request Stytch is asked about.
const maxAsked = 2

// askAbout asks with each credential of the cookies until one's session lives; nil without any.
func askAbout[T any](v *visit, question func(context.Context, stytch.Credential) (*T, error)) (found *T, err error) {
	creds, _ := v.in.Presented(v.r)
	for _, cred := range creds[:min(len(creds), maxAsked)] {
		found, err = ask(v, func(ctx context.Context) (*T, error) { return question(ctx, cred) })
		if err == nil || stytch.FailureOf(err).Verdict != stytch.Over {
			return found, err
		}
	}
	return nil, err
}
