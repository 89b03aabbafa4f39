package stytchtest

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Text is a text message that the server would have sent.
type Text struct {
	To     string
	Code   string
	SentAt time.Time
}

// Texts returns the text messages sent so far, oldest first, as many as Options.Limits.Messages keeps.
func (s *Server) Texts() []Text {
	texts, _ := locked(s, func(st *state) ([]Text, error) { return slices.Collect(st.texts.all()), nil })
	return texts
}

func (st *state) keepText(text Text) {
	st.sent++
	st.texts.put(strconv.Itoa(st.sent), text)
}

// isPhone knows numbers in the form of E.164.
func isPhone(number string) bool {
	return regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`).MatchString(number)
}
