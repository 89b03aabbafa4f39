package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const verifyMail = "/auth/email-code/verify"

// code is the latest code that was mailed.
func (w *world) code() string {
	w.t.Helper()
	mail := w.stytch.Mail()
	if len(mail) == 0 || mail[len(mail)-1].Code == "" {
		w.t.Fatal("no code was mailed")
	}
	return mail[len(mail)-1].Code
}

// another is a code that this one is not.
func another(code string) string {
	if code == "123456" {
		return "654321"
	}
	return "123456"
}

// verifies is the endpoint that takes codes for an organization, or in a consumer project.
func verifies(organization string) stytchtest.Endpoint {
	if organization == "" {
		return stytchtest.AuthenticateCode
	}
	return stytchtest.AuthenticateEmailCode
}

// asksForCode is a browser that waits for a code at its page.
func (w *world) asksForCode(email, organization string) *browser {
	w.t.Helper()
	b := w.browser()
	b.posts("/auth/email-code", "email", email, "organization", organization, "return_to", "/documents").goes(w.t, verifyMail)
	return b
}

func (b *browser) holdsNoCode() {
	b.w.t.Helper()
	if slices.Contains(b.cookies(), "stytchkit_code") {
		b.w.t.Error("the code's cookie is left")
	}
}

func TestAMailedCodeSignsIn(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		form := b.gets("/auth/email-code?organization=" + organization + "&return_to=/documents")
		form.says(t, http.StatusOK, `type="email"`)
		b.posts(form.formIn(t), "email", " ada@example.com ", "organization", organization, "return_to", "/documents").goes(t, verifyMail)
		page := b.gets(verifyMail)
		page.says(t, http.StatusOK, `inputmode="numeric" autocomplete="one-time-code"`)
		page.says(t, http.StatusOK, "ada@example.com")
		page.says(t, http.StatusOK, "Enter the newest one")
		code := w.code()
		b.posts(page.formIn(t), "code", code[:3]+" "+code[3:]).goes(t, "/documents")
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
		b.holdsNoCode()
		if n := w.stytch.TotalCalls(); n != 2 {
			t.Errorf("%d calls", n)
		}
		b.posts(verifyMail, "code", code).goes(t, "/") // back, and sent again
	})
}

func TestACodeByDiscoveryLeadsToTheChoice(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	b := w.asksForCode("ada@example.com", "")
	b.posts(verifyMail, "code", w.code()).goes(t, "/auth/organizations")
	b.holdsNoCode()
	b.gets("/auth/organizations").says(t, http.StatusOK, "acme")
	if b.whoami() != "" {
		t.Error("signed in before an organization was chosen")
	}
}

func TestACodeMayNotBeAllThatIsNeeded(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.MFAURL = "" })
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "acme", MFA: true})
	b := w.asksForCode("alice@acme.example", "acme")
	b.posts(verifyMail, "code", w.code()).goes(t, "/auth/mfa")
	b.holdsNoCode()
	b.posts("/auth/mfa", "method", "totp", "code", alice.TOTP()).goes(t, "/documents")
	b.isSignedInAs(alice)
}

// A code signs in only where it was asked for, and only who it was asked for.
func TestACodeIsBoundToItsBrowser(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		ada := w.asksForCode("ada@example.com", organization)
		code := w.code()
		calls := w.stytch.TotalCalls()
		theirs := []string{"code", code, "email", "ada@example.com", "organization", organization, "method_id", "email-test-1", "return_to", "/x"}
		thief := w.browser()
		thief.gets(verifyMail).goes(t, "/login?reason=login_expired")
		thief.posts(verifyMail, theirs...).goes(t, "/login?reason=login_expired")
		thief.asks(http.MethodPost, verifyMail, `{"code":"`+code+`"}`).says(t, http.StatusUnauthorized, `"login_expired"`)
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls for whoever has asked for no code", n)
		}
		eve := w.asksForCode("eve@example.com", organization)
		if w.lastMailTo("eve@example.com") != code {
			eve.posts(verifyMail, theirs...).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		for _, b := range []*browser{thief, eve} {
			if who := b.whoami(); who != "" {
				t.Errorf("signed in as %s", who)
			}
		}
		ada.posts(verifyMail, "code", code).goes(t, "/documents")
	})
}

func (w *world) lastMailTo(email string) string {
	for _, m := range slices.Backward(w.stytch.Mail()) {
		if m.To == email {
			return m.Code
		}
	}
	return ""
}

// What a code is for is in a cookie that this application has sealed.
func TestAForgedCodeCookieCostsNoCall(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		code, calls := w.code(), w.stytch.TotalCalls()
		for _, c := range b.held(verifyMail) {
			for _, forged := range []string{"A" + c.Value, c.Value[:len(c.Value)-22], c.Value[:len(c.Value)-22] + strings.Repeat("A", 22), "", "x"} {
				w.browser().does(http.MethodPost, verifyMail, formOf("code", code), "Cookie: "+c.Name+"="+forged).goes(t, "/login?reason=login_expired")
			}
		}
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestAWrongCodeLosesNothing(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		code := w.code()
		wrong := b.posts(verifyMail, "code", another(code))
		wrong.says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		for _, kept := range []string{`name="email" value="ada@example.com"`, `name="organization" value="` + organization + `"`, `name="return_to" value="/documents"`, `aria-describedby="wrong"`} {
			if !strings.Contains(wrong.body, kept) {
				t.Errorf("the page lacks %s:\n%s", kept, wrong.body)
			}
		}
		if strings.Contains(wrong.body, another(code)) {
			t.Error("the page repeats the code")
		}
		calls := w.stytch.TotalCalls()
		for _, none := range []string{"", "abcdef", "12345678901", "１２３４５６"} {
			b.posts(verifyMail, "code", none).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls for what is no code", n)
		}
		b.posts(wrong.formIn(t), "code", code).goes(t, "/documents")
	})
}

// A code that is sent again makes the first one void, also in another tab: the newest flow counts.
func TestOnlyTheNewestCodeCounts(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		first := w.code()
		b.posts("/auth/email-code", "email", "ada@example.com", "organization", organization, "return_to", "/other").goes(t, verifyMail)
		if n := slices.Index(b.cookies(), "stytchkit_code"); n < 0 || slices.Contains(b.cookies()[n+1:], "stytchkit_code") {
			t.Errorf("the cookies are %q", b.cookies())
		}
		if second := w.code(); first != second {
			b.posts(verifyMail, "code", first).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		b.posts(verifyMail, "code", w.code()).goes(t, "/other")
	})
}

func TestACodeThatComesTooLate(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		w.clock.Advance(10 * time.Minute)
		b.posts(verifyMail, "code", w.code()).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		w.clock.Advance(10 * time.Minute)
		calls := w.stytch.Calls(verifies(organization))
		b.posts(verifyMail, "code", w.code()).goes(t, "/login?reason=login_expired")
		if n := w.stytch.Calls(verifies(organization)) - calls; n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

// asked is everything that somebody is told who asks for a code and enters a wrong one, and what it cost.
func (w *world) asked(path, field, address, organization string) string {
	w.t.Helper()
	before := w.stytch.TotalCalls()
	var all []string
	for _, asJSON := range []bool{false, true} {
		b := w.browser()
		var got []reply
		if asJSON {
			got = append(got,
				b.asks(http.MethodPost, path, fmt.Sprintf(`{%q:%q,"organization":%q}`, field, address, organization)),
				b.asks(http.MethodGet, path+"/verify", ""), b.asks(http.MethodPost, path+"/verify", `{"code":"000000"}`))
		} else {
			got = append(got, b.posts(path, field, address, "organization", organization), b.gets(path+"/verify"), b.posts(path+"/verify", "code", "000000"))
		}
		for _, r := range got {
			r.Header.Del("Date")
			for i, cookie := range r.Header["Set-Cookie"] {
				name, value, _ := strings.Cut(cookie, "=")
				value, attributes, _ := strings.Cut(value, ";")
				r.Header["Set-Cookie"][i] = fmt.Sprint(name, len(value), attributes)
			}
			all = append(all, strings.NewReplacer(strings.ReplaceAll(address, "+", "&#43;"), "ADDRESS", address, "ADDRESS").Replace(fmt.Sprint(r.StatusCode, r.Header, r.body)))
		}
	}
	return strings.Join(append(all, fmt.Sprint(w.stytch.TotalCalls()-before, " calls")), "\n")
}

func TestACodeTellsNobodyWhoHasAnAccount(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		known := w.asked("/auth/email-code", "email", "ada@example.com", organization)
		if !strings.Contains(known, "code_wrong") {
			t.Fatalf("said\n%s", known)
		}
		if unknown := w.asked("/auth/email-code", "email", "eve@example.com", organization); unknown != known {
			t.Errorf("whoever is known is told\n%s\nwhoever is not\n%s", known, unknown)
		}
		w.stytch.Fail(stytchtest.SendEmailCode, stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
		w.stytch.Fail(verifies(organization), stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
		if locked := w.asked("/auth/email-code", "email", "bob@example.com", organization); locked != known {
			t.Errorf("whoever is known is told\n%s\nwhoever is locked\n%s", known, locked)
		}
	})
}

// An intermediate session of somebody else's costs no second call where there is such a member.
func TestAnEarlierLoginTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	for _, email := range []string{"ada@example.com", "eve@example.com"} {
		b := w.discovered("mallory@example.com", "")
		b.posts("/auth/email-code", "email", email, "organization", "acme").goes(t, verifyMail)
		before := w.stytch.TotalCalls()
		b.posts(verifyMail, "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		if n := w.stytch.TotalCalls() - before; n != 1 {
			t.Errorf("%s: %d calls", email, n)
		}
		if email == "ada@example.com" {
			b.posts(verifyMail, "code", w.code()).goes(t, "/")
			for _, cookie := range b.cookies() {
				if cookie != "stytch_session" && cookie != "stytch_session_jwt" {
					t.Errorf("%s is left", cookie)
				}
			}
		}
	}
}

// What the cookie names is of the same form and as lasting where no code was sent.
func TestTheCookieTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.Consumer)
	method := func() string {
		t.Helper()
		value := w.asksForCode("ada@example.com", "").held(verifyMail)[0].Value
		found := regexp.MustCompile(`"m":"([^"]*)"`).FindStringSubmatch(decoded(t, value[:len(value)-22]))
		if found == nil {
			t.Fatal("the cookie names nothing")
		}
		return found[1]
	}
	shape := regexp.MustCompile(`^email-test-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	sent := method()
	w.stytch.Fail(stytchtest.SendEmailCode, stytchtest.Fault{Status: 403, ErrorType: "user_lock_limit_reached"})
	invented := method()
	if len(sent) != len(invented) || !shape.MatchString(invented) || method() != invented {
		t.Errorf("names %q where a code was sent, else %q", sent, invented)
	}
}

func TestCodesToOneAddressAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for _, email := range []string{"ada@example.com", "eve@example.com"} {
			for range 5 {
				w.asksForCode(email, organization)
			}
			calls := w.stytch.TotalCalls()
			for _, again := range []string{email, strings.ToUpper(email)} {
				r := w.browser().posts("/auth/email-code", "email", again, "organization", organization)
				r.isBounded(t)
				if len(r.Cookies()) != 0 {
					t.Errorf("cookies %v", r.Cookies())
				}
			}
			if n := w.stytch.TotalCalls() - calls; n != 0 {
				t.Errorf("%d calls out of bounds", n)
			}
		}
		w.clock.Advance(time.Minute + time.Second)
		w.asksForCode("ada@example.com", organization)
	})
}

func (r reply) isBounded(t *testing.T) {
	t.Helper()
	r.says(t, http.StatusTooManyRequests, "")
	if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err != nil || seconds < 50 || seconds > 70 {
		t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
	}
}

// Another flow for the same address gives no more tries.
func TestGuessesAtACodeAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		for range 3 {
			b.posts(verifyMail, "code", another(w.code())).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		b = w.asksForCode("Ada@example.com", organization)
		for range 2 {
			b.posts(verifyMail, "code", another(w.code())).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		calls := w.stytch.TotalCalls()
		b.posts(verifyMail, "code", w.code()).isBounded(t)
		b.asks(http.MethodPost, verifyMail, `{"code":"`+w.code()+`"}`).says(t, http.StatusTooManyRequests, `"rate_limited"`)
		if n := w.stytch.TotalCalls() - calls; n != 0 {
			t.Errorf("%d calls out of bounds", n)
		}
		w.clock.Advance(time.Minute + time.Second)
		b.posts(verifyMail, "code", w.code()).goes(t, "/documents")
		b = w.asksForCode("ada@example.com", organization)
		for range 5 { // whoever had the code begins anew
			b.posts(verifyMail, "code", another(w.code())).says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
	})
}

// Whoever guesses from many addresses has one flow's tries all the same.
func TestGuessesFromEverywhereAreBounded(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		cookies := b.held(verifyMail)
		guess := func(from, code string) int {
			r := httptest.NewRequest(http.MethodPost, w.app.URL+verifyMail, strings.NewReader(`{"code":"`+code+`"}`))
			r.Header.Set("Content-Type", "application/json")
			r.RemoteAddr = from + ":1234"
			for _, c := range cookies {
				r.AddCookie(c)
			}
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, r)
			return answer.Code
		}
		for i := range 5 {
			if got := guess(fmt.Sprint("198.51.100.", i), another(w.code())); got != http.StatusUnauthorized {
				t.Fatalf("guess %d got %d", i, got)
			}
		}
		if got := guess("198.51.100.77", w.code()); got != http.StatusTooManyRequests {
			t.Errorf("a sixth guess got %d", got)
		}
		w.asksForCode("ada@example.com", organization).posts(verifyMail, "code", w.code()).goes(t, "/documents") // and its owner is not kept out
	})
}

func TestACodeLeadsNowhereElse(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for _, evil := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/auth/logout"} {
			b := w.browser()
			b.posts("/auth/email-code", "email", "ada@example.com", "organization", organization, "return_to", evil).goes(t, verifyMail)
			if page := b.gets(verifyMail + "?return_to=" + evil); strings.Contains(page.body, "evil") {
				t.Errorf("the page has it:\n%s", page.body)
			}
			b.posts(verifyMail, "code", w.code(), "return_to", evil).goes(t, "/")
		}
		if page := w.browser().gets("/auth/email-code?return_to=//evil.example&organization=%3Cevil%3E"); strings.Contains(page.body, "evil") {
			t.Errorf("the page has it:\n%s", page.body)
		}
	})
}

func TestWhatIsNoAddressIsAskedForAgain(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		page := w.browser().posts("/auth/email-code", "email", "nobody", "organization", organization, "return_to", "/documents")
		page.says(t, http.StatusBadRequest, signin.Message("invalid_email"))
		for _, kept := range []string{`value="nobody"`, `name="return_to" value="/documents"`, `name="organization" value="` + organization + `"`} {
			if !strings.Contains(page.body, kept) {
				t.Errorf("the form lacks %s:\n%s", kept, page.body)
			}
		}
		w.browser().asks(http.MethodPost, "/auth/email-code", `{"email":"nobody"}`).says(t, http.StatusBadRequest, `"invalid_email"`)
		w.browser().asks(http.MethodPost, "/auth/email-code", `{"email":"ada@example.com","organization":"no name"}`).says(t, http.StatusBadRequest, `"invalid_input"`)
		if n := w.stytch.TotalCalls(); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestAClientSignsInByACode(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		sent := b.asks(http.MethodPost, "/auth/email-code", fmt.Sprintf(`{"email":"ada@example.com","organization":%q,"return_to":"/documents"}`, organization))
		sent.says(t, http.StatusOK, `{"sent":true,"next":"/auth/email-code/verify"}`)
		b.asks(http.MethodGet, verifyMail, "").says(t, http.StatusOK, `"email":"ada@example.com"`)
		b.asks(http.MethodPost, verifyMail, `{"code":"`+another(w.code())+`"}`).says(t, http.StatusUnauthorized, `"code_wrong"`)
		b.asks(http.MethodPost, verifyMail, `{"code":"`+w.code()+`"}`).says(t, http.StatusOK, `"next":"/documents"`)
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
	})
}

func TestACodeInAnOutage(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 500, Times: 1})
		r := w.browser().posts("/auth/email-code", "email", "ada@example.com", "organization", organization)
		r.says(t, http.StatusServiceUnavailable, "")
		if len(r.Cookies()) != 0 {
			t.Errorf("cookies %v", r.Cookies())
		}
		b := w.asksForCode("ada@example.com", organization)
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 500, Times: 1})
		b.posts(verifyMail, "code", w.code()).says(t, http.StatusServiceUnavailable, "")
		b.posts(verifyMail, "code", w.code()).goes(t, "/documents")
	})
}

// A form that is sent twice, by a double click, uses the code once and gets one answer.
func TestACodeThatIsSentTwiceIsUsedOnce(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		cookies, code := b.held(verifyMail), w.code()
		var pairs []string
		for _, c := range cookies {
			pairs = append(pairs, c.Name+"="+c.Value)
		}
		w.stytch.ResetCalls()
		for range 3 {
			w.browser().does(http.MethodPost, verifyMail, formOf("code", code), "Cookie: "+strings.Join(pairs, "; ")).goes(t, "/documents")
		}
		if n := w.stytch.TotalCalls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestCodesAreNotLogged(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.asksForCode("ada@example.com", organization)
		code := w.code()
		b.posts(verifyMail, "code", another(code)+"9")
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 500, Times: 1})
		b.posts(verifyMail, "code", code).says(t, http.StatusServiceUnavailable, "")
		b.posts(verifyMail, "code", code).goes(t, "/documents")
		for _, secret := range []string{code, another(code) + "9", "ada@example.com"} {
			if strings.Contains(w.log.String(), secret) {
				t.Errorf("the log has %s:\n%s", secret, w.log)
			}
		}
	})
}
