//go:build race

package stytchkit_test

// underRace: the detector makes Go code slower than the assembly of a signature's arithmetic.
const underRace = true
