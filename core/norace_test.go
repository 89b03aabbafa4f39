//go:build !race

package stytchkit_test

const underRace = false
