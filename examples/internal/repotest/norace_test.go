//go:build !race

package repotest

const raceDetector = false
