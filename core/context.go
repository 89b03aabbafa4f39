package stytchkit

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/presented"
)

// decidedKey finds the innermost decision in a context.
type decidedKey struct{}

// decided is a context that carries a guard's decision. They form a chain, innermost first.
type decided struct {
	context.Context
	decision Decision // which owes to the outermost guard's response, or to its own
	own      Response
}

func (c *decided) Value(key any) any {
	if key == (decidedKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// Context is what the request carries from here on: ctx, with the decision in it. A denied request
// carries no session, not even an outer guard's, whatever an error handler does with it.
// An adapter that answers the request calls [Enter].
func (d Decision) Context(ctx context.Context) context.Context {
	c := new(decided)
	c.begin(ctx, d)
	return c
}

// Entered is the context of a request inside a guard, with what is owed to the response, and with
// room for what an adapter needs for the request, such as a response writer: in one allocation.
type Entered[W any] struct {
	decided
	Beside W
}

var _ context.Context = (*Entered[int])(nil)

// Enter is [Decision.Context], and what the decision owes to the response added to what is owed.
func Enter[W any](ctx context.Context, d Decision) *Entered[W] {
	e := new(Entered[W])
	e.begin(ctx, d)
	if e.IsOutermost() {
		e.own.response.New(d.isAttached(), d.Cookies)
	} else {
		e.decision.response.response.Begin(d.isAttached(), d.Cookies)
	}
	return e
}

// Response is what is owed to the response.
func (e *Entered[W]) Response() *Response { return e.decision.response }

// IsOutermost reports whether no other guard of this request answers for what is owed. A sub-request
// with other credentials has a response of its own, or another member's cookies would go out.
func (e *Entered[W]) IsOutermost() bool { return e.isOutermost() }

// IsNested reports whether another guard stands before, of this request or of one around it.
func (e *Entered[W]) IsNested() bool { return innermost(e.decided.Context) != nil }

func (c *decided) isOutermost() bool { return c.decision.response == &c.own }

func (c *decided) begin(ctx context.Context, d Decision) {
	c.Context, c.decision = ctx, d
	if d.Denial != nil {
		c.decision.Session, c.decision.Token = nil, nil
	}
	if d.response == nil {
		c.decision.response = &c.own
	}
}

// isAbout reports whether a request presents what the decision was about. A denied request's context
// goes nowhere but to an error handler.
func (c *decided) isAbout(r Request) bool {
	d := &c.decision
	switch {
	case d.guard == nil: // made by a test
		return false
	case d.Denial != nil:
		return true
	}
	var p presented.Credentials
	p.Read(r, &d.by().names)
	return d.isAbout(&p)
}

// DecisionFrom returns the innermost guard's decision; false where no guard stands before.
func DecisionFrom(ctx context.Context) (Decision, bool) {
	if c := innermost(ctx); c != nil {
		return c.decision, true
	}
	return Decision{}, false
}

// SessionFrom returns the session that the innermost guard let through; nil when it let an
// anonymous request through, and where no guard stands before.
func SessionFrom(ctx context.Context) *Session {
	if c := innermost(ctx); c != nil {
		return c.decision.Session
	}
	return nil
}

// SessionFrom is the session that the innermost guard of this Authenticator let through, for an
// application that has several.
func (a *Authenticator) SessionFrom(ctx context.Context) *Session {
	if d := a.visibleDecision(ctx); d != nil {
		return d.Session
	}
	return nil
}

// visibleDecision is the innermost decision of this Authenticator, or one that a test put there.
func (a *Authenticator) visibleDecision(ctx context.Context) *Decision {
	for c := innermost(ctx); c != nil; c = innermost(c.Context) {
		if by := c.decision.by(); by == a || by == nil {
			return &c.decision
		}
	}
	return nil
}

// responseTo is what the decision about a request owes to; nil: to a response of its own.
func (c *decided) responseTo(r Request) *Response {
	if c == nil || !c.isAbout(r) {
		return nil
	}
	return c.decision.response
}

// decisionBy is the innermost decision from c on that a guard of this Authenticator made.
func (c *decided) decisionBy(a *Authenticator) *Decision {
	for ; c != nil; c = innermost(c.Context) {
		if c.decision.by() == a {
			return &c.decision
		}
	}
	return nil
}

func innermost(ctx context.Context) *decided {
	c, _ := ctx.Value(decidedKey{}).(*decided)
	return c
}
