// Package quickstart tests the quick start's programs: each is built, started against the sandbox, and
// signs somebody in and out. The README shows them as they stand here.
package quickstart
