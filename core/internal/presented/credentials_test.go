package presented_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/presented"
)

// request is one with this header, which is all that is read of it.
type request struct{ header http.Header }

func (r request) Header(name string, i int) (string, bool) {
	values := r.header[name]
	if i >= len(values) {
		return "", false
	}
	return values[i], true
}

// usualCookies is a Cookie header with both cookies among others on their domain.
func usualCookies(token, jwt string) string {
	return "_ga=GA1.2.1804289383.1700000000; theme=dark; stytch_session=" + token + "; csrf=Zm9vYmFyYmF6cXV4; stytch_session_jwt=" + jwt + "; sid=1"
}

// mostCandidates is how many distinct values of one cookie are looked at.
const mostCandidates = 16

// byNetHTTP is what net/http's own parser makes of one cookie's values: distinct, not empty, the
// first few.
func byNetHTTP(header http.Header, name string) []string {
	values := []string{}
	for _, c := range (&http.Request{Header: header}).CookiesNamed(name) {
		if c.Value != "" && !slices.Contains(values, c.Value) && len(values) < mostCandidates {
			values = append(values, c.Value)
		}
	}
	return values
}

// holdAgainstNetHTTP compares the scanner with net/http's parser on the same Cookie lines.
func holdAgainstNetHTTP(t *testing.T, lines ...string) {
	t.Helper()
	header := http.Header{"Cookie": lines}
	var p presented.Credentials
	p.ReadCookies(request{header}, &presented.Names{Token: "s", JWT: "j"})
	p.Settle()
	for _, of := range []struct {
		name string
		ours []string
	}{{"s", p.Tokens.All()}, {"j", p.JWTs.All()}} {
		if theirs := byNetHTTP(header, of.name); !slices.Equal(of.ours, theirs) {
			t.Errorf("Cookie: %.300q\ncookie %s: here %.300q, in net/http %.300q", lines, of.name, of.ours, theirs)
		}
	}
}

// The headers of FRAMEWORKS.md, and what else has ever been read in two ways. Each row is also held
// against net/http.
func TestCookiesAreReadByNetHTTPsRules(t *testing.T) {
	filler := func(n int) string { return strings.Repeat("a=b; ", n) }
	for _, row := range []struct {
		name  string
		lines []string
		want  []string // the values of s
	}{
		{"percent escapes stay as they are", []string{"s=a%3Db%2Bc"}, []string{"a%3Db%2Bc"}},
		{"a malformed percent escape stays as it is", []string{"s=%zz"}, []string{"%zz"}},
		{"an escaped CRLF stays escaped", []string{"s=a%00b%0d%0ac"}, []string{"a%00b%0d%0ac"}},
		{"base64 is verbatim", []string{"s=a+/b=="}, []string{"a+/b=="}},
		{"a backslash is not read", []string{`s=a\b`}, nil},
		{"a quote inside is not read", []string{`s=a"b`}, nil},
		{"an open quote is not read", []string{`s="abc`}, nil},
		{"a quote at the end alone is not read", []string{`s=abc"`}, nil},
		{"a sole quote is not read", []string{`s="`}, nil},
		{"quotes around are stripped once", []string{`s="abc"`}, []string{"abc"}},
		{"quotes around quotes are not read", []string{`s=""abc""`}, nil},
		{"empty quotes are not presented", []string{`s=""`}, nil},
		{"UTF-8 is not read", []string{"s=ä"}, nil},
		{"Latin-1 is not read", []string{"s=\xe4"}, nil},
		{"a tab inside is not read", []string{"s=a\tb"}, nil},
		{"a tab around is trimmed", []string{"\ts=a\t"}, []string{"a"}},
		{"DEL is not read", []string{"s=a\x7f"}, nil},
		{"NUL is not read", []string{"s=a\x00"}, nil},
		{"space and comma are read", []string{"s=a b,c"}, []string{"a b,c"}},
		{"a space before the value belongs to it", []string{"s= a"}, []string{" a"}},
		{"a space before the equals sign does not belong to the name", []string{"s =a"}, []string{"a"}},
		{"no equals sign is an empty value", []string{"s; s=b"}, []string{"b"}},
		{"an empty value is not presented", []string{"s="}, nil},
		{"a malformed first one does not hide a good second", []string{`s=a"b; s=good`}, []string{"good"}},
		{"a good first one is kept before a malformed second", []string{`s=good; s=a"b`}, []string{"good"}},
		{"two malformed ones are none", []string{`s=a"b; s=c"d`}, nil},
		{"equal duplicates are one", []string{"s=a; s=a; s=a"}, []string{"a"}},
		{"quoted and bare are one", []string{`s="a"; s=a`}, []string{"a"}},
		{"duplicates keep their order", []string{"s=b; s=a; s=b; s=c"}, []string{"b", "a", "c"}},
		{"two lines are read in order", []string{"s=a; x=y", "s=b"}, []string{"a", "b"}},
		{"at most sixteen are read", []string{"s=a; s=b; s=c; s=d; s=e; s=f; s=g; s=h", "s=i; s=j; s=k; s=l; s=m; s=n; s=o; s=p; s=q"}, strings.Split("abcdefghijklmnop", "")},
		{"malformed ones do not count among the sixteen", []string{`s=a"; s=b; s=c"; s=d; s=e; s=f`, "s=1; s=2; s=3; s=4; s=5; s=6; s=7; s=8; s=9; s=10; s=11; s=12"}, []string{"b", "d", "e", "f", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}},
		{"empty ones do not count among the four", []string{`s=; s=b; s=; s=c; s=; s=d; s=e`}, []string{"b", "c", "d", "e"}},
		{"names are matched in their own case", []string{"S=a"}, nil},
		{"a longer name is another name", []string{"ss=a; s2=b; xs=c"}, nil},
		{"the value goes on after a second equals sign", []string{"s=a=b=c"}, []string{"a=b=c"}},
		{"separators alone are nothing", []string{";;; ; s=a ;;"}, []string{"a"}},
		{"a comma does not separate cookies", []string{"x=y,s=a"}, nil},
		{"a quoted semicolon separates all the same", []string{`s="a;b"`}, nil},
		{"attributes of RFC 2965 are cookies like others", []string{"$Version=1; s=a; $Path=/"}, []string{"a"}},
		{"no Cookie header presents nothing", nil, nil},
		{"an empty Cookie header presents nothing", []string{""}, nil},
		{"2,900 cookies are read", []string{filler(2899) + "s=a"}, []string{"a"}},
		{"3,000 cookies are read", []string{filler(2999) + "s=a"}, []string{"a"}},
		{"of 3,001 none is read", []string{filler(3000) + "s=a"}, nil},
		{"3,001 separators on many lines count", slices.Repeat([]string{"s=a;"}, 1501), nil},
		{"3,000 short lines are read", slices.Repeat([]string{"s=a"}, 3000), []string{"a"}},
		{"3,001 empty lines are too many", append(slices.Repeat([]string{""}, 3000), "s=a"), nil},
		{"a value of 100 KB is read", []string{"s=" + strings.Repeat("a", 100<<10)}, []string{strings.Repeat("a", 100<<10)}},
	} {
		t.Run(row.name, func(t *testing.T) {
			holdAgainstNetHTTP(t, row.lines...)
			var p presented.Credentials
			p.ReadCookies(request{http.Header{"Cookie": row.lines}}, &presented.Names{Token: "s", JWT: "j"})
			p.Settle()
			if !slices.Equal(p.Tokens.All(), row.want) {
				t.Errorf("Cookie: %.300q\ngot %.300q, want %.300q", row.lines, p.Tokens.All(), row.want)
			}
		})
	}
}

// Every byte, in every place where a parser could treat it in a way of its own.
func TestEveryByteIsReadAsNetHTTPReadsIt(t *testing.T) {
	for b := range 256 {
		for _, form := range []string{"s=%s", "s=a%sb", "s=%sa", "s=a%s", "%ss=a", "s%s=a", "s%s", `s="%s"`, `s="a"%s`, `s=%s"a"`, "s=a;%ss=b", "j=x%s; s=a; j=y", "%s"} {
			holdAgainstNetHTTP(t, fmt.Sprintf(form, string([]byte{byte(b)})))
		}
	}
}

// The line breaks of each argument are no bytes of a header: they part Cookie lines. filler cookies
// stand before them.
func FuzzCookies(f *testing.F) {
	for _, seed := range []string{
		"s=a; j=b", `s="a"; s=b"; j=c`, "s=a\ns=b\nj=c", "s; s=; s==", " s\t=\ta ; j = b ", "s=a;;j=b;", "s=a,j=b", "S=a; s\x00=b",
		`s=""; s="""; s=\"a\"`, "s=1; s=2; s=3; s=4; s=5; j=1; j=1; j=2", "s=\xff; s=ä; s=a\x7f; s=ok", "\r s=a\r\n\rs=b",
	} {
		f.Add(seed, uint16(0))
		f.Add(seed, uint16(2990))
	}
	f.Add("s=a", uint16(2999))
	f.Add("s=a", uint16(3000))
	f.Fuzz(func(t *testing.T, text string, filler uint16) {
		lines := strings.Split(text, "\n")
		if filler > 0 {
			lines[0] = strings.Repeat("a=b;", int(filler)%4096) + lines[0]
		}
		holdAgainstNetHTTP(t, lines...)
	})
}

func TestReadingCredentialsAllocatesNothing(t *testing.T) {
	for name, header := range map[string]http.Header{
		"both cookies in a usual header":      {"Cookie": {usualCookies("token-of-a-session", "header.payload.signature")}},
		"a bearer":                            {"Authorization": {"Bearer header.payload.signature"}},
		"another scheme beside the cookies":   {"Authorization": {"Basic dXNlcjpwYXNz"}, "Cookie": {usualCookies("t", "j")}},
		"two Authorization headers":           {"Authorization": {"Bearer a", "Bearer b"}},
		"malformed candidates":                {"Cookie": {`stytch_session=a"b; stytch_session=ä; stytch_session_jwt=c\d`}},
		"3,001 cookies":                       {"Cookie": {strings.Repeat("a=b; ", 3000) + "stytch_session=a"}},
		"nothing":                             {},
		"a header of nothing but separators":  {"Cookie": {strings.Repeat(";", 500)}},
		"a session cookie without a JWT":      {"Cookie": {"stytch_session=" + strings.Repeat("a", 44)}},
		"an empty bearer beside good cookies": {"Authorization": {"Bearer "}, "Cookie": {usualCookies("t", "j")}},
	} {
		names := presented.Names{Token: "stytch_session", JWT: "stytch_session_jwt"}
		var r presented.Request = request{header}
		var p presented.Credentials
		if got := testing.AllocsPerRun(100, func() {
			p = presented.Credentials{}
			p.Read(r, &names)
			p.Settle()
		}); got != 0 {
			t.Errorf("%s: %v allocations, want 0", name, got)
		}
	}
}

func TestMoreThanSixteenAreSaidToBeTooMany(t *testing.T) {
	for _, row := range []struct {
		name   string
		values int
		want   bool
	}{{"one", 1, false}, {"sixteen", 16, false}, {"seventeen", 17, true}, {"hundreds", 300, true}} {
		var line strings.Builder
		for i := range row.values {
			fmt.Fprintf(&line, "s=value-%d; s=value-%d; ", i, i)
		}
		var p presented.Credentials
		p.ReadCookies(request{http.Header{"Cookie": {line.String()}}}, &presented.Names{Token: "s", JWT: "j"})
		p.Settle()
		if p.TooMany() != row.want {
			t.Errorf("%s: too many %v, want %v", row.name, p.TooMany(), row.want)
		}
	}
}

func TestBearer(t *testing.T) {
	const cookies = "stytch_session=cookie"
	type presents struct {
		bearer, ambiguous bool
		token, jwt        string
	}
	ignored := presents{token: "cookie"}
	for _, row := range []struct {
		name   string
		values []string
		want   presents
	}{
		{"no Authorization header leaves the cookies", nil, ignored},
		{"an opaque bearer decides", []string{"Bearer abc"}, presents{bearer: true, token: "abc"}},
		{"a bearer with a dot is a JWT", []string{"Bearer a.b.c"}, presents{bearer: true, jwt: "a.b.c"}},
		{"a sole dot is a JWT, if a bad one", []string{"Bearer ."}, presents{bearer: true, jwt: "."}},
		{"the scheme is matched in lower case", []string{"bearer abc"}, presents{bearer: true, token: "abc"}},
		{"the scheme is matched in upper case", []string{"BEARER abc"}, presents{bearer: true, token: "abc"}},
		{"the scheme is matched in any case", []string{"bEaReR abc"}, presents{bearer: true, token: "abc"}},
		{"several spaces part scheme and token", []string{"Bearer    abc"}, presents{bearer: true, token: "abc"}},
		{"a tab parts scheme and token", []string{"Bearer\tabc"}, presents{bearer: true, token: "abc"}},
		{"tabs and spaces part scheme and token", []string{"Bearer \t abc"}, presents{bearer: true, token: "abc"}},
		{"space around is trimmed", []string{" \tBearer abc\t "}, presents{bearer: true, token: "abc"}},
		{"space inside belongs to the token", []string{"Bearer a b"}, presents{bearer: true, token: "a b"}},
		{"an empty bearer decides, for nobody", []string{"Bearer "}, presents{bearer: true}},
		{"the scheme alone is an empty bearer", []string{"Bearer"}, presents{bearer: true}},
		{"a bearer of tabs is an empty bearer", []string{"Bearer\t\t"}, presents{bearer: true}},
		{"Basic is ignored", []string{"Basic dXNlcjpwYXNz"}, ignored},
		{"Digest is ignored", []string{`Digest username="x"`}, ignored},
		{"a longer scheme is another scheme", []string{"Bearers abc"}, ignored},
		{"a shorter scheme is another scheme", []string{"Beare abc"}, ignored},
		{"the scheme without a space is another scheme", []string{"Bearer:abc"}, ignored},
		{"a Kelvin sign folds to no letter of Bearer", []string{"\u212Aearer abc"}, ignored},
		{"an empty Authorization header is ignored", []string{""}, ignored},
		{"an Authorization header of spaces is ignored", []string{"  \t"}, ignored},
		{"two bearers contradict each other", []string{"Bearer a", "Bearer b"}, presents{bearer: true, ambiguous: true}},
		{"two equal bearers contradict each other too", []string{"Bearer a", "Bearer a"}, presents{bearer: true, ambiguous: true}},
		{"Basic and a bearer contradict each other", []string{"Basic dXNlcjpwYXNz", "Bearer a"}, presents{bearer: true, ambiguous: true}},
		{"two of Basic are two Authorization headers", []string{"Basic a", "Basic b"}, presents{bearer: true, ambiguous: true}},
		{"a bearer and an empty one contradict each other", []string{"Bearer a", ""}, presents{bearer: true, ambiguous: true}},
		{"quotes belong to a bearer", []string{`Bearer "abc"`}, presents{bearer: true, token: `"abc"`}},
		{"bytes that no cookie holds belong to a bearer", []string{"Bearer ä\\\x7f"}, presents{bearer: true, token: "ä\\\x7f"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := request{http.Header{"Cookie": {cookies}}}
			if row.values != nil {
				r.header["Authorization"] = row.values
			}
			var p presented.Credentials
			p.Read(r, &presented.Names{Token: "stytch_session", JWT: "stytch_session_jwt"})
			p.Settle()
			got := presents{p.Bearer, p.Ambiguous, strings.Join(p.Tokens.All(), " and "), strings.Join(p.JWTs.All(), " and ")}
			if got != row.want {
				t.Errorf("Authorization: %q\ngot  %+v\nwant %+v", row.values, got, row.want)
			}
		})
	}
}
