//go:build race

package repotest

const raceDetector = true
