// Package token reads and verifies the JWTs of sessions.
package token
