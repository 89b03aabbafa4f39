package adaptertest

import "slices"

// testCase is one subtest. Its name is a sentence with the numbers of the cases it covers.
type testCase struct {
	name string
	run  func(*stage)
}

// cases is the suite, in the order in which it runs.
func cases() []testCase {
	return slices.Concat(
		credentialCases(),
		attackCases(),
		hostileCases(),
		floodCases(),
		guardCases(),
		cookieCases(),
		outageCases(),
		identityCases(),
		originCases(),
		clientCases(),
		claimsCases(),
		tokenCases(),
		userCases(),
		denialCases(),
		ruleCases(),
		authorizationCases(),
		organizationCases(),
		stepUpCases(),
		freshnessCases(),
		orderCases(),
		stateCases(),
		responseCases(),
		insideCases(),
	)
}
