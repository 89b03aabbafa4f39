package stytchtest

import "fmt"

// apiError is a refusal in Stytch's own shape.
type apiError struct {
	Status  int
	Type    string
	Message string
}

func (e apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Message) }

// Every refusal stands here, so that one that Stytch words or numbers otherwise is easily put
// right. The types are those that Stytch's own SDKs know. These statuses are documented:
var (
	errUnauthorizedCredentials = apiError{401, "unauthorized_credentials", "Unauthorized credentials."}
	errInternal                = apiError{500, "internal_server_error", "Oops, something went wrong inside the stand-in."}
	errSessionNotFound         = apiError{404, "session_not_found", "Session could not be found."}
	errSessionAuthorization    = apiError{403, "session_authorization_error", "The Member is not authorized to perform that action on that Resource."}
	errSessionTenancy          = apiError{403, "session_authorization_tenancy_error", "The Member does not belong to the organization_id of the authorization_check."}
	errIntermediateNotFound    = apiError{404, "intermediate_session_not_found", "Intermediate session could not be found."}
	errUnableToAuthMagicLink   = apiError{401, "unable_to_auth_magic_link", "The magic link could not be authenticated because it was either already used or expired. Send another magic link to this user."}
	errMagicLinkNotFound       = apiError{404, "magic_link_not_found", "The magic link could not be found."}
	errTooManyRequests         = apiError{429, "too_many_requests", "Too many requests have been made."}
)

// These statuses are best guesses.
var (
	errRouteNotFound           = apiError{404, "route_not_found", "The requested route could not be found."}
	errInvalidArgument         = apiError{400, "invalid_argument", "The request body is not valid JSON of the expected shape."}
	errTooLarge                = apiError{413, "invalid_argument", "The request body is larger than 1 MB."}
	errProjectNotFound         = apiError{404, "project_not_found", "The project could not be found."}
	errTooManySessionArguments = apiError{400, "too_many_session_arguments", "Please provide only one of session_token, session_jwt or intermediate_session_token."}
	errNoSessionArguments      = apiError{400, "no_session_arguments", "Please provide a session_token or a session_jwt."}
	errTooManyRevokeArguments  = apiError{400, "too_many_session_revoke_arguments", "Please provide only one of member_session_id, session_token, session_jwt or member_id."}
	errNoRevokeArguments       = apiError{400, "no_session_revoke_arguments", "Please provide a member_session_id, session_token, session_jwt or member_id."}
	errUnableToParseSessionJWT = apiError{400, "unable_to_parse_session_jwt", "The session_jwt could not be parsed or verified."}
	errInvalidSessionDuration  = apiError{400, "invalid_session_duration_minutes", "session_duration_minutes must be between 5 and 527040."}
	errCustomClaimsTooLarge    = apiError{400, "custom_claims_too_large", "session_custom_claims must not be larger than 4 KB."}
	errPKCEMismatch            = apiError{400, "pkce_mismatch", "The submitted code_verifier does not match the code_challenge sent at the start of the flow."}
	errPKCEExpected            = apiError{400, "pkce_expected_code_verifier", "The flow began with a code_challenge; its code_verifier is missing."}
	errPKCEUnexpected          = apiError{400, "pkce_did_not_expect_code_verifier", "The flow began without a code_challenge; a code_verifier was submitted."}
	errInvalidEmail            = apiError{400, "invalid_email", "email_address is invalid."}
	errNoLoginRedirectURL      = apiError{400, "no_login_redirect_url", "Please provide a login_redirect_url; the stand-in has no default."}
	errNoDiscoveryRedirectURL  = apiError{400, "no_discovery_redirect_url", "Please provide a discovery_redirect_url; the stand-in has no default."}
	errInvalidRedirectURL      = apiError{400, "invalid_url", "The redirect URL is not an absolute http or https URL."}
	errOrganizationNotFound    = apiError{404, "organization_not_found", "The organization could not be found."}
	errMemberNotFound          = apiError{404, "member_not_found", "The member could not be found."}
	errMemberGetFields         = apiError{400, "invalid_member_get_fields", "Please provide exactly one of member_id or email_address."}
	errSlugAlreadyUsed         = apiError{400, "organization_slug_already_used", "The provided organization_slug is already used in another organization."}
	errInvalidSlug             = apiError{400, "invalid_organization_slug", "The organization_slug must be 2 to 128 characters of a-z, 0-9, - . _ and ~."}
	errJITNotAllowed           = apiError{403, "email_jit_provisioning_not_allowed", "The organization does not let new members join by their email domain."}
	errInvalidEmailForJIT      = apiError{403, "invalid_email_for_jit_provisioning", "The email domain is not one that may join the organization."}
	errServerUnavailable       = apiError{503, "server_unavailable", "The server is unavailable."}
)
