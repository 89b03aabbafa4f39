package stytchkit

import "context"

// decidedKey finds the innermost decision in a context.
type decidedKey struct{}

// decided is a context that carries a guard's decision. They form a chain, innermost first.
type decided struct {
	context.Context
	decision Decision
}

func (c *decided) Value(key any) any {
	if key == (decidedKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// Context is what the request carries from here on: ctx, with the decision in it. A denied request
// carries no session, not even an outer guard's, whatever an error handler does with it.
func (d Decision) Context(ctx context.Context) context.Context {
	c := d.in(ctx)
	return &c
}

func (d Decision) in(ctx context.Context) decided {
	if d.Denial != nil {
		d.Session = nil
	}
	return decided{Context: ctx, decision: d}
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
		if by := c.decision.by; by == a || by == nil {
			return &c.decision
		}
	}
	return nil
}

// decisionOf is the innermost decision that a guard of this Authenticator made.
func (a *Authenticator) decisionOf(ctx context.Context) *Decision {
	for c := innermost(ctx); c != nil; c = innermost(c.Context) {
		if c.decision.by == a {
			return &c.decision
		}
	}
	return nil
}

func innermost(ctx context.Context) *decided {
	c, _ := ctx.Value(decidedKey{}).(*decided)
	return c
}
