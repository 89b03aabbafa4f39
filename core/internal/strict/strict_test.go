package strict_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/strict"
)

type claims struct {
	Subject string    `json:"sub"`
	Issued  time.Time `json:"iat"`
	Inner   struct {
		ID string `json:"id"`
	} `json:"inner"`
}

func TestJSONHasOneMeaning(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		want string // the subject, "" with an error
	}{
		"the exact name":                     {`{"sub":"a"}`, "a"},
		"an escaped name":                    {`{"s\u0075b":"a"}`, "a"},
		"another case beside it":             {`{"sub":"a","SUB":"b","Sub":"c"}`, "a"},
		"a letter that folds to it":          {`{"sub":"a","ſub":"b"}`, "a"},
		"the name twice":                     {`{"sub":"a","sub":"a"}`, ""},
		"the name twice, escaped":            {`{"sub":"a","s\u0075b":"b"}`, ""},
		"a name twice that nobody reads":     {`{"sub":"a","x":1,"x":2}`, ""},
		"a name twice, deep within":          {`{"sub":"a","x":[{"y":1,"y":1}]}`, ""},
		"a name twice within what is read":   {`{"sub":"a","inner":{"id":"x","id":"y"}}`, ""},
		"invalid UTF-8 in what is read":      {"{\"sub\":\"a\xff\"}", ""},
		"invalid UTF-8 in what nobody reads": {"{\"sub\":\"a\",\"x\":\"\xff\"}", ""},
		"invalid UTF-8 in a name":            {"{\"sub\":\"a\",\"\xff\":1}", ""},
		"half a surrogate pair":              {`{"sub":"a","x":"\ud800"}`, ""},
		"two values":                         {`{"sub":"a"}{}`, ""},
		"cut off":                            {`{"sub":"a"`, ""},
		"another type":                       {`{"sub":1}`, ""},
		"a time that is none":                {`{"sub":"a","iat":"secret"}`, ""},
	} {
		var got claims
		err := strict.Unmarshal([]byte(row.text), &got)
		if (err == nil) != (row.want != "") || err == nil && got.Subject != row.want {
			t.Errorf("%s: got %q, %v; want %q\n%s", name, got.Subject, err, row.want, row.text)
		}
	}
}

func TestErrorsQuoteNothing(t *testing.T) {
	for _, text := range []string{
		`{"sub":{"secret":1}}`, `{"sub":"a","iat":"secret"}`, `{"secret":1,"secret":2}`, `{"x":{"secret":1,"secret":2}}`,
		`{"secret":"secret" x}`, `{"secret":nothing}`, `secret`, "{\"secret\":\"secret\xff\"}", `{"sub":1234567}`,
	} {
		errs := []error{strict.Unmarshal([]byte(text), &claims{})}
		if _, err := strict.Members([]byte(text), func(string) bool { return true }); err != nil {
			errs = append(errs, err)
		}
		for _, err := range errs {
			if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "1234567") {
				t.Errorf("%s: the error is %v", text, err)
			}
		}
	}
}

func TestMembersStandAsTheyWereWritten(t *testing.T) {
	const invalid = "invalid"
	for _, row := range []struct{ object, want string }{
		{`{}`, ""},
		{` { "drop" : 1 } `, ""},
		{`{"a":1}`, `{"a":1}`},
		{`{"drop":1,"a":9007199254740993,"drop2":2,"b":1e400}`, `{"a":9007199254740993,"b":1e400}`},
		{`{ "a" : { "x" : [ 1 , 2 ] } , "drop":3 }`, `{"a":{ "x" : [ 1 , 2 ] }}`},
		{`{"\u0061":"\u0062","dr\u006fp":1}`, `{"\u0061":"\u0062"}`},
		{`{"":null,"DROP":"<&>"}`, `{"":null,"DROP":"<&>"}`},
		{`{"a":1,"a":2}`, invalid}, {`{"a":1,"\u0061":2}`, invalid}, {`{"drop":1,"drop":2}`, invalid},
		{`[1]`, invalid}, {`null`, invalid}, {``, invalid}, {`{"a":1}x`, invalid}, {`{"a":1}{}`, invalid},
		{`{"a":1`, invalid}, {`{"a"`, invalid}, {`{"a":1,}`, invalid}, {"{\"a\":\"\xff\"}", invalid},
	} {
		got, err := strict.Members([]byte(row.object), func(name string) bool { return !strings.HasPrefix(name, "drop") })
		if row.want == invalid && err == nil || row.want != invalid && (err != nil || string(got) != row.want) {
			t.Errorf("%s: got %s, %v; want %s", row.object, got, err, row.want)
		}
	}
}

func TestBytesHaveOneSpelling(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, data := range []string{"", "a", "ab", "abc", "abcd", "\x00\xff\xfe"} {
		text := base64.RawURLEncoding.EncodeToString([]byte(data))
		if got, err := strict.AppendBase64([]byte("x"), text); err != nil || string(got) != "x"+data {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
		for i := range len(text) + 1 {
			for _, more := range []string{"\n", "\r", "\r\n", "=", " ", ".", "\x00", "+", "/"} {
				if _, err := strict.AppendBase64(nil, text[:i]+more+text[i:]); err == nil {
					t.Errorf("%q was read with %q at %d", text, more, i)
				}
			}
		}
		for _, last := range alphabet {
			if text == "" || string(last) == text[len(text)-1:] {
				continue
			}
			if got, err := strict.AppendBase64(nil, text[:len(text)-1]+string(last)); err == nil && string(got) == data {
				t.Errorf("%q is also spelled with %q last", text, last)
			}
		}
	}
}
