// Package token reads and verifies the JWTs of sessions, and access tokens.
package token
