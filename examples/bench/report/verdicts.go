package main

import (
	"bytes"
	_ "embed" // for why.md
	"fmt"
	"slices"
	"strings"
	"text/template"
)

// miss is a target that was not met.
type miss struct {
	topic string // what explains it
	what  string
}

// verdicts hold figures against targets, and keep which are missed.
type verdicts struct{ missed []miss }

func (v *verdicts) atMost(topic, of, format string, measured, limit float64) string {
	return v.judge(topic, of, format, "≤", measured, limit, measured <= limit)
}

func (v *verdicts) atLeast(topic, of, format string, measured, limit float64) string {
	return v.judge(topic, of, format, "≥", measured, limit, measured >= limit)
}

func (v *verdicts) judge(topic, of, format, sign string, measured, limit float64, met bool) string {
	word := "met"
	if !met { // what is not a number meets nothing
		word = "**not met**"
		v.missed = append(v.missed, miss{topic, fmt.Sprintf("%s: "+format+" (%s "+format+")", of, measured, sign, limit)})
	}
	return fmt.Sprintf(format+" (%s "+format+", %s)", measured, sign, limit, word)
}

// Missed reports whether a target of the topic is missed.
func (v *verdicts) Missed(topic string) bool {
	return slices.ContainsFunc(v.missed, func(m miss) bool { return m.topic == topic })
}

// why is written by hand: a template that explains each topic, where a target of it is missed.
//
//go:embed why.md
var why string

// missedAndWhy lists what is missed, and explains it.
func (v *verdicts) missedAndWhy() (string, error) {
	if len(v.missed) == 0 {
		return "Nothing.\n", nil
	}
	var b bytes.Buffer
	for _, m := range v.missed {
		fmt.Fprintf(&b, "- %s\n", m.what)
	}
	explained, err := template.New("why.md").Parse(why)
	if err != nil {
		return "", err
	}
	b.WriteString("\n")
	if err := explained.Execute(&b, v); err != nil {
		return "", err
	}
	return strings.TrimRight(b.String(), "\n") + "\n", nil
}
