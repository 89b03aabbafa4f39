package stytchtest

import "fmt"

// apiError is a refusal in Stytch's own shape.
type apiError struct {
	Status  int
	Type    string
	Message string
}

func (e apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Message) }

// oauth2Error is a refusal of the OAuth 2 endpoints, which have their own shape.
type oauth2Error apiError

func (e oauth2Error) Error() string { return apiError(e).Error() }

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
	errUnableToAuthOTPCode     = apiError{401, "unable_to_auth_otp_code", "The passcode could not be authenticated because it was either already used or expired. Send another passcode to this user."}
	errOTPCodeNotFound         = apiError{404, "otp_code_not_found", "The passcode provided was incorrect and could not be authenticated."}
	errPrimaryNotMet           = apiError{400, "action_available_only_once_primary_authentication_is_met", "You must complete the primary authentication requirements for an organization before completing an MFA flow."}
	errInsufficientFactors     = apiError{401, "insufficient_factors", "The Member must show the second factor they have before another one is added."}
	errInvalidB2BEndpoint      = apiError{400, "invalid_b2b_endpoint", "This endpoint is only for B2B projects; the project is a Consumer project."}
	errInvalidConsumerEndpoint = apiError{400, "invalid_consumer_endpoint", "This endpoint is only for Consumer projects; the project is a B2B project."}
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
	errSessionNotMutable       = apiError{400, "session_not_mutable", "An impersonated session cannot be extended."}
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
	errOAuthTokenNotFound      = apiError{404, "oauth_token_not_found", "The OAuth token could not be found."}
	errSSOTokenNotFound        = apiError{404, "sso_token_not_found", "The SSO token could not be found."}
	errPublicTokenRequired     = apiError{400, "public_token_required", "Please provide a public_token."}
	errPublicTokenNotFound     = apiError{404, "public_token_not_found", "The public_token could not be found."}
	errInvalidOAuthProvider    = apiError{400, "invalid_oauth_provider", "The OAuth provider is not one that the project's kind has."}
	errNoOAuthLocator          = apiError{400, "missing_oauth_organization_locator", "Please provide an organization_id or a slug."}
	errTooManyOAuthLocators    = apiError{400, "too_many_oauth_organization_locators", "Please provide only one of organization_id and slug."}
	errNoSSOLocator            = apiError{400, "missing_sso_connection_locator", "Please provide a connection_id, an organization_id or a slug."}
	errTooManySSOLocators      = apiError{400, "too_many_sso_connection_locators", "Please provide only one of connection_id, organization_id and slug."}
	errSSOConnectionNotFound   = apiError{404, "sso_connection_not_found", "The SSO connection could not be found."}
	errNoSSOConnection         = apiError{404, "no_sso_connection_exists_for_organization", "The organization has no SSO connection."}
	errWhichSSOConnection      = apiError{400, "indeterminate_sso_connection_for_organization", "The organization has several SSO connections; please provide a connection_id."}
	errConnectionJITNotAllowed = apiError{403, "invalid_connection_for_jit_provisioning", "The SSO connection does not let new members join."}

	errUnableToAuthImpersonation   = apiError{401, "unable_to_auth_impersonation_token", "The impersonation token could not be authenticated because it does not exist, was already used or has expired."}
	errUnableToAuthPasswordReset   = apiError{401, "unable_to_auth_password_reset_token", "The password reset token could not be authenticated because it does not exist, was already used or has expired."}
	errIntermediateForOrganization = apiError{400, "invalid_intermediate_session_token_for_organization", "No factor of the intermediate session counts in this organization."}

	errMemberPasswordNotFound     = apiError{404, "member_password_not_found", "The member has no password."}
	errWeakPassword               = apiError{400, "weak_password", "The password is too weak; the stand-in wants 8 characters."}
	errNoPasswordResetRedirectURL = apiError{400, "no_password_reset_redirect_url", "Please provide a reset_password_redirect_url; the stand-in has no default."}
	errNoInviteRedirectURL        = apiError{400, "no_invite_redirect_url", "Please provide an invite_redirect_url; the stand-in has no default."}
	errDuplicateMemberEmail       = apiError{400, "duplicate_member_email", "The email_address belongs to an active member."}
	errInvalidExpiration          = apiError{400, "invalid_expiration", "The expiration must be between 5 and 10080 minutes."}
	// Stytch's reference knows no other refusal of a wrong password than the one of wrong project credentials.
	errWrongPassword = apiError{401, "unauthorized_credentials", "Unauthorized credentials."}

	errTOTPNotFound             = apiError{404, "totp_not_found", "The member has no authenticator app."}
	errInvalidTOTPCode          = apiError{400, "invalid_totp_code", "The code must be 6 digits."}
	errUnableToAuthTOTP         = apiError{401, "unable_to_authenticate_totp", "The code is not one that the authenticator app shows now."}
	errTOTPCodeUsed             = apiError{401, "totp_code_already_authenticated", "The code was used before."}
	errRecoveryCodesNotFound    = apiError{404, "recovery_codes_not_found", "The member has no recovery codes."}
	errUnableToAuthRecoveryCode = apiError{401, "unable_to_authenticate_recovery_code", "The recovery code is unknown or was used before."}
	errInvalidPhoneNumber       = apiError{400, "invalid_phone_number", "mfa_phone_number must be in the form of E.164, such as +15550100."}
	errNoPhoneNumber            = apiError{404, "member_phone_number_not_found", "The member has no phone number; please provide a mfa_phone_number."}
	errOtherPhoneNumber         = apiError{400, "duplicate_member_phone_number_for_member", "The member has another phone number."}

	errConsumerAuthorization = apiError{403, "consumer_session_authorization_error", "The User is not authorized to perform that action on that Resource."}
	errTooManyUserRevokes    = apiError{400, "too_many_session_revoke_arguments", "Please provide only one of session_id, session_token or session_jwt."}
	errNoUserRevokes         = apiError{400, "no_session_revoke_arguments", "Please provide a session_id, session_token or session_jwt."}
	errUserNotFound          = apiError{404, "user_not_found", "The user could not be found."}
	errEmailNotFound         = apiError{404, "email_not_found", "No user has that email address."}
	errNoUserSelection       = apiError{400, "no_user_selection_arguments", "Please provide one of user_id, session_token or session_jwt."}
	errDuplicateEmail        = apiError{400, "duplicate_email", "A user with that email address already exists."}
	errDuplicatePhone        = apiError{400, "duplicate_phone_number", "A user with that phone number already exists."}
	errDuplicateExternalID   = apiError{400, "duplicate_external_id", "A user with that external_id already exists."}
	errInvalidUserPhone      = apiError{400, "invalid_phone_number", "phone_number must be in the form of E.164, such as +15550100."}
	errNoUserPassword        = apiError{404, "no_user_password", "The user has no password."}
	errLocked                = apiError{403, "user_lock_limit_reached", "Too many attempts: whoever it is has been locked out."}
	errResetPassword         = apiError{401, "reset_password", "The password must be reset: it was in a breach, or the user has signed in without it since it was set."}
	errNoCrossOrganization   = apiError{400, "cross_org_passwords_not_enabled", "Passwords do not count across organizations in this project (Options.CrossOrganizationPasswords)."}
	errMemberResetPassword   = apiError{401, "member_reset_password", "The password must be reset: it was in a breach."}
	errBreachedPassword      = apiError{400, "breached_password", "The password was in a breach."}
	errSessionTooOldToReset  = apiError{401, "session_too_old_to_reset_password", "The session has no password or email factor of the last 5 minutes."}
	errActiveTOTPExists      = apiError{400, "active_totp_exists", "There is an authenticator app already."}
	errExpiredTOTP           = apiError{401, "expired_totp", "The authenticator app was not confirmed in time."}

	errPasskeyNotFound   = apiError{404, "webauthn_registration_not_found", "The WebAuthn registration could not be found."}
	errNoPendingPasskey  = apiError{404, "no_pending_webauthn_registration", "No WebAuthn registration of the user waits with that challenge."}
	errUnableToAuthKey   = apiError{401, "unable_to_auth_webauthn_registration", "The WebAuthn registration could not be authenticated."}
	errInvalidKeyDomain  = apiError{400, "invalid_webauthn_registration_domain", "The domain is not a host name, or not the one that the credential is for."}
	errInvalidCredential = apiError{400, "invalid_public_key_credential", "public_key_credential is not a credential as JSON."}

	errClientNotFound  = apiError{404, "m2m_client_not_found", "The M2M client could not be found."}
	errDuplicateClient = apiError{400, "duplicate_m2m_client_id", "An M2M client with that client_id exists already."}
	errNoNextSecret    = apiError{400, "m2m_client_secret_rotation_not_started", "No new secret was made yet."}

	errInvalidForm      = oauth2Error{400, "invalid_request", "The request is not a form."}
	errInvalidClient    = oauth2Error{401, "invalid_client", "The client is unknown or inactive, or its secret is wrong."}
	errUnsupportedGrant = oauth2Error{400, "unsupported_grant_type", "The only grant_type is client_credentials."}
	errInvalidScope     = oauth2Error{400, "invalid_scope", "The client may not ask for one of the scopes."}

	errServerUnavailable = apiError{503, "server_unavailable", "The server is unavailable."}
)
