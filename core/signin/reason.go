package signin

import (
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// The reasons that this package gives, stable and machine-readable: the code of problem details, and
// reason in the URL of the login page.
const (
	reasonLinkUsed     = "link_used"
	reasonLinkInvalid  = "link_invalid"
	reasonOtherBrowser = "other_browser"
	reasonLoginExpired = "login_expired"
	reasonNotAllowed   = "not_allowed"
	reasonRefused      = "sign_in_refused" // not_allowed, in a consumer project
	reasonPrimary      = "primary_required"
	reasonWrongCode    = "code_wrong"
	reasonWrongPhone   = "phone_wrong"
	reasonInvalidEmail = "invalid_email"
	reasonNotYours     = "proof_not_yours"
	reasonLocked       = "account_locked"
	reasonOtherSecond  = "second_factor_not_allowed"
	reasonSecondExists = "second_factor_exists"
	reasonSetUpAgain   = "setup_expired"
	reasonPasskey      = "passkey_refused"

	reasonWrongPassword    = "password_wrong"
	reasonResetNeeded      = "password_reset_required"
	reasonWeakPassword     = "password_weak"
	reasonBreachedPassword = "password_breached"
	reasonTooOld           = "sign_in_too_old"
	reasonImpersonated     = "impersonated"

	reasonSlugTaken     = "slug_taken"
	reasonInvalidSlug   = "invalid_slug"
	reasonConflict      = "session_changed"
	reasonRateLimited   = "rate_limited"
	reasonNotFound      = "not_found"
	reasonMethod        = "method_not_allowed"
	reasonTooLarge      = "too_large"
	reasonMediaType     = "unsupported_media_type"
	reasonInvalid       = "invalid_input"
	reasonUnknownOrigin = "origin_unknown"
	reasonUnknownHost   = "host_unknown"
	reasonUnavailable   = stytchkit.CodeStytchUnavailable
	reasonMisconfigured = stytchkit.CodeStytchMisconfigured
	reasonCrossOrigin   = stytchkit.CodeCrossOrigin
	reasonMissing       = stytchkit.CodeSessionMissing
	reasonEnded         = stytchkit.CodeSessionEnded
)

// place is where a browser is told.
type place uint8

const (
	back    place = iota // where the step began: the login page, or the list of organizations
	atLogin              // always at the login page
	here                 // on a page of its own, with the status
)

// meaning is what a reason means to a client, and to a person.
type meaning struct {
	status int
	at     place
	title  string
	detail string
}

// meanings knows every reason, those of the core's denials included.
func meanings() map[string]meaning {
	return map[string]meaning{
		reasonLinkUsed:     {http.StatusUnauthorized, back, "The link does not work any more", "The link has been used already or is too old. Ask for a new one."},
		reasonLinkInvalid:  {http.StatusBadRequest, back, "The link is not valid", "The link is incomplete, or not one of this application. Ask for a new one."},
		reasonOtherBrowser: {http.StatusBadRequest, back, "Another browser", "The link works only in the browser where it was asked for. Open it there, or ask for a new one here."},
		reasonLoginExpired: {http.StatusUnauthorized, atLogin, "Signing in took too long", "The sign-in was not finished in time. Begin again."},
		reasonNotAllowed:   {http.StatusForbidden, back, "Not possible with this organization", "You cannot sign in to this organization, or not in this way. Ask its administrator for an invitation."},
		reasonRefused:      {http.StatusForbidden, back, "Not possible", "You cannot sign in here, or not in this way."},
		reasonPrimary:      {http.StatusForbidden, atLogin, "Another way to sign in is needed", "This organization asks for another way to sign in. Choose that one."},
		reasonWrongCode:    {http.StatusUnauthorized, back, "The code is wrong", "The code is wrong or too old, or too many were tried. Enter the newest one."},
		reasonWrongPhone:   {http.StatusBadRequest, back, "The number does not work", "No code can be sent to this phone number. Choose another way, or enter it with the code of its country in front."},
		reasonNotYours:     {http.StatusForbidden, back, "Somebody else's proof", "That did not confirm the session that you are signed in with. Confirm it with something of your own."},
		reasonLocked:       {http.StatusForbidden, back, "Locked for a while", "Too much was tried, so that this account is locked for a while. Try again later."},
		reasonOtherSecond:  {http.StatusForbidden, back, "Another second step is needed", "This organization does not take this second step. Choose another one."},
		reasonSecondExists: {http.StatusConflict, back, "There is a second step already", "A second step has been set up already, perhaps in another tab. Use that one: go on there, or sign in again."},
		reasonSetUpAgain:   {http.StatusConflict, back, "Set it up again", "The authenticator app was not confirmed in time. Set it up again."},
		reasonPasskey:      {http.StatusUnauthorized, back, "The passkey was not taken", "The passkey is not known here, or took too long. Try again, or choose another way."},
		reasonInvalidEmail: {http.StatusBadRequest, back, "Not an e-mail address", "Enter an e-mail address such as name@example.com."},

		reasonWrongPassword:    {http.StatusUnauthorized, back, "Address or password wrong", "The address or the password is wrong, or it was tried too often. Have a link mailed if you do not know it."},
		reasonResetNeeded:      {http.StatusForbidden, back, "Choose a new password", "This password must not be used any more: it may be known from a leak. Have a link mailed to choose a new one."},
		reasonWeakPassword:     {http.StatusBadRequest, back, "The password is too weak", "The password is too easy to guess. Choose a longer one."},
		reasonBreachedPassword: {http.StatusBadRequest, back, "The password is known", "The password is known from a leak of another site. Choose another one."},
		reasonTooOld:           {http.StatusForbidden, atLogin, "Sign in again first", "A new password can be chosen only shortly after signing in. Sign in again."},
		reasonImpersonated:     {http.StatusForbidden, here, "Not while acting for somebody else", "You act for somebody else, and how they sign in, or show who they are, is theirs."},

		reasonSlugTaken:     {http.StatusConflict, back, "The name is taken", "Another organization has this short name already. Choose another one."},
		reasonInvalidSlug:   {http.StatusBadRequest, back, "The name does not work", "A short name has 2 to 128 letters, digits, or - . _ ~."},
		reasonConflict:      {http.StatusConflict, back, "Your session has changed", "You signed out or switched meanwhile. Try again."},
		reasonRateLimited:   {http.StatusTooManyRequests, here, "Too many attempts", "Wait a moment, then try again."},
		reasonNotFound:      {http.StatusNotFound, here, "Not found", "There is no such page."},
		reasonMethod:        {http.StatusMethodNotAllowed, here, "Method not allowed", "This address is not for this kind of request."},
		reasonTooLarge:      {http.StatusRequestEntityTooLarge, here, "Too large", "The request is larger than 16 KB."},
		reasonMediaType:     {http.StatusUnsupportedMediaType, here, "Unsupported content", "Send a form, or JSON as application/json."},
		reasonInvalid:       {http.StatusBadRequest, here, "Something is missing", "The request lacks a field, or has one of the wrong form."},
		reasonUnknownOrigin: {http.StatusInternalServerError, here, "Signing in is misconfigured", "The application does not know its own address. The server's log says what to set."},
		reasonUnknownHost:   {http.StatusMisdirectedRequest, here, "Not an address of this application", "The application is not at this address. Look at how it is written."},

		reasonUnavailable:   {http.StatusServiceUnavailable, here, "Try again shortly", "Signing in does not work at the moment. Nothing is lost: try again shortly."},
		reasonMisconfigured: {http.StatusInternalServerError, here, "Signing in is misconfigured", "Stytch refuses this application's own settings. The server's log says why."},
		reasonCrossOrigin:   {http.StatusForbidden, here, "Cross-origin request refused", "Another site's page sent this request. Use the form of this application."},
		reasonMissing:       {http.StatusUnauthorized, atLogin, "Sign in to continue", "Sign in to continue."},
		reasonEnded:         {http.StatusUnauthorized, atLogin, "Session ended", "Your session is over. Sign in again."},

		stytchkit.CodeSessionInvalid:   {http.StatusUnauthorized, atLogin, "Session not valid", "Your session is not valid here. Sign in again."},
		stytchkit.CodeOrganization:     {http.StatusForbidden, back, "Another organization", "That belongs to another organization than you are signed in to. Choose it here, if you are a member of it."},
		stytchkit.CodeReauthentication: {http.StatusUnauthorized, atLogin, "Confirm that it is you", "This needs a more recent or a stronger sign-in. Sign in again."},
	}
}

// Message is what a reason in the login page's URL means, in a sentence for the person who reads it;
// empty for what is none, so that a page shows nothing that somebody else wrote there.
func Message(reason string) string { return meanings()[reason].detail }

// reasonOf is the reason of a failure at Stytch. The types of Stytch are those that its API
// reference and SDKs know; one that is not listed is a refusal of some kind, or an outage.
func reasonOf(f *stytch.Failure) string {
	switch f.ErrorType {
	case "unable_to_auth_magic_link", "magic_link_not_found",
		"oauth_token_not_found", "unable_to_auth_oauth_token", "oauth_auth_code_error",
		"sso_token_not_found", "unable_to_auth_sso_token",
		"impersonation_token_not_found", "unable_to_auth_impersonation_token",
		"invalid_token", "expired_token", "token_not_found":
		return reasonLinkUsed
	case errorMismatch, "pkce_expected_code_verifier", "pkce_missing_code_verifier":
		return reasonOtherBrowser
	case errorUnexpected:
		return reasonLinkInvalid
	case "unable_to_auth_password_reset_token":
		return reasonLinkUsed
	case "intermediate_session_not_found", "intermediate_session_expired":
		return reasonLoginExpired
	case "invalid_intermediate_session_token_for_organization":
		return reasonPrimary
	case errorLocked:
		return reasonLocked
	case "session_not_mutable": // as Stytch says of an impersonated one
		return reasonImpersonated
	case "invalid_email", "invalid_email_address":
		return reasonInvalidEmail
	case "organization_slug_already_used", "duplicate_organization_slug":
		return reasonSlugTaken
	case "invalid_organization_slug", "organization_slug_invalid", "invalid_organization_name":
		return reasonInvalidSlug
	case "too_many_requests", "too_few_tokens_authenticated":
		return reasonRateLimited
	}
	switch {
	case f.Verdict == stytch.Misconfigured, isRedirectRefused(f.ErrorType), isClaimsRefused(f.ErrorType), f.ErrorType == errorDomain:
		return reasonMisconfigured
	case f.Verdict == stytch.Over:
		return reasonEnded
	case f.Verdict == stytch.Refused:
		return reasonNotAllowed
	}
	return reasonUnavailable
}

// errorLocked says that Stytch has locked an account.
const errorLocked = "user_lock_limit_reached"

// errorDomain says that the project has no passkeys at a domain: Config.Origin's, where options are asked for.
const errorDomain = "invalid_webauthn_registration_domain"

// The error_types that say whose PKCE verifier a token wants.
const (
	errorMismatch   = "pkce_mismatch"                     // another one
	errorUnexpected = "pkce_did_not_expect_code_verifier" // none
)

// isRedirectRefused knows the error_types that say that the dashboard does not list the callback as
// a redirect URL: the operator's to mend, and nobody else's.
func isRedirectRefused(errorType string) bool {
	return strings.Contains(errorType, "redirect_url") || strings.Contains(errorType, "magic_link_url") || errorType == "invalid_url"
}

// isClaimsRefused knows the error_types that say that the project adds claims that no session can have.
func isClaimsRefused(errorType string) bool {
	return errorType == "custom_claims_too_large" || errorType == "reserved_claims_in_custom_claims"
}

// isOtherPasswords knows the error_types that say that passwords count otherwise in this project: in every
// organization, or in one alone. They say nothing of anybody.
func isOtherPasswords(errorType string) bool {
	return strings.HasPrefix(errorType, "cross_org_passwords_")
}

// isIntermediateRefused knows the error_types that refuse the intermediate session that was passed
// on, rather than the token.
func isIntermediateRefused(errorType string) bool {
	return strings.Contains(errorType, "intermediate_session")
}
