package adaptertest

import "slices"

// testCase is one subtest. Its name is a sentence with the numbers of the cases it covers.
type testCase struct {
	name string
	run  func(*stage)
}

// group is cases that are about the same.
type group struct {
	about subject
	cases []testCase
}

// suite is the cases of a kind of project, in the order in which they run.
func suite(k *kind) []testCase {
	var cases []testCase
	for _, g := range groups() {
		if slices.Contains(k.has, g.about) {
			cases = append(cases, g.cases...)
		}
	}
	return cases
}

func groups() []group {
	return []group{
		{anybody, credentialCases()},
		{anybody, attackCases()},
		{anybody, hostileCases()},
		{traffic, floodCases()},
		{anybody, guardCases()},
		{anybody, cookieCases()},
		{anybody, outageCases()},
		{anybody, identityCases()},
		{traffic, crowdCases()},
		{anybody, originCases()},
		{anybody, clientCases()},
		{anybody, claimsCases()},
		{anybody, tokenCases()},
		{anybody, denialCases()},
		{anybody, ruleCases()},
		{anybody, authorizationCases()},
		{organizations, organizationCases()},
		{anybody, stepUpCases()},
		{anybody, freshnessCases()},
		{anybody, orderCases()},
		{anybody, stateCases()},
		{anybody, signOutCases()},
		{anybody, responseCases()},
		{anybody, insideCases()},
	}
}
