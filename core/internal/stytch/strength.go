package stytch

import "strconv"

// luds is the strength policy that counts characters and their kinds; the other is zxcvbn's.
const luds = "luds"

func (s *Strength) advise(warning string, suggestions []string) {
	if warning != "" {
		s.Advice = append(s.Advice, warning)
	}
	s.Advice = append(s.Advice, suggestions...)
}

func (s *Strength) adviseLUDS(characters, kinds int) {
	if characters > 0 {
		s.Advice = append(s.Advice, "Add "+strconv.Itoa(characters)+" or more characters.")
	}
	if kinds > 0 {
		s.Advice = append(s.Advice, "Use "+strconv.Itoa(kinds)+" more of: lower case, upper case, digits, symbols.")
	}
}
