package stytchtest

import (
	"slices"
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
