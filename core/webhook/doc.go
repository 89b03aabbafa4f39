// Package webhook hears from Stytch that a member, a user or an organization was changed or deleted, so that
// what was known of them is asked about again, and a connection of theirs that lives long ends.
//
// An event is a hint to ask again, never a verdict: Stytch sends each at least once, in no order and late,
// and none about sessions, logins or the RBAC policy. See https://stytch.com/docs/b2b/guides/webhooks and,
// for how they are signed, https://docs.svix.com/receiving/verifying-payloads/how-manual.
package webhook
