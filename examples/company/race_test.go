//go:build race

package company_test

const raceDetector = true
