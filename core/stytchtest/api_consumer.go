package stytchtest

// consumerPatterns are the paths in a consumer project of the endpoints that are named by others.
func consumerPatterns() map[Endpoint]string {
	return map[Endpoint]string{
		Authenticate:              "POST /v1/sessions/authenticate",
		Revoke:                    "POST /v1/sessions/revoke",
		ListSessions:              "GET /v1/sessions",
		JWKS:                      "GET /v1/sessions/jwks/{project_id}",
		RBACPolicy:                "GET /v1/rbac/policy",
		AuthenticateMagicLink:     "POST /v1/magic_links/authenticate",
		StartOAuth:                "GET /v1/public/oauth/{provider}/start",
		AuthenticateOAuth:         "POST /v1/oauth/authenticate",
		AuthenticateImpersonation: "POST /v1/impersonation/authenticate",
		AuthenticatePassword:      "POST /v1/passwords/authenticate",
		CheckPasswordStrength:     "POST /v1/passwords/strength_check",
		StartPasswordReset:        "POST /v1/passwords/email/reset/start",
		ResetPassword:             "POST /v1/passwords/email/reset",
		ResetPasswordByExisting:   "POST /v1/passwords/existing_password/reset",
		ResetPasswordBySession:    "POST /v1/passwords/session/reset",
		SendEmailCode:             "POST /v1/otps/email/login_or_create",
		SendSMS:                   "POST /v1/otps/sms/login_or_create",
		CreateTOTP:                "POST /v1/totps",
		AuthenticateTOTP:          "POST /v1/totps/authenticate",
		UseRecoveryCode:           "POST /v1/totps/recover",
	}
}

// consumer is what a consumer project answers.
func (s *Server) consumer() map[Endpoint]handler {
	return map[Endpoint]handler{
		Authenticate: s.authorized(s.authenticateUserSession),
		Revoke:       s.authorized(s.revokeUserSession),
		ListSessions: s.authorized(s.listUserSessions),
		JWKS:         s.jwks, // public at Stytch too
		RBACPolicy:   s.authorized(s.rbacPolicy),
		GetUser:      s.authorized(s.getUser),
		UpdateUser:   s.authorized(s.updateUser),
		DeleteUser:   s.authorized(s.deleteUser),

		LoginOrCreate:             s.authorized(s.loginOrCreate),
		SendMagicLink:             s.authorized(s.sendMagicLink),
		AuthenticateMagicLink:     s.authorized(s.authenticateUserMagicLink),
		StartOAuth:                s.public(s.startUserOAuth),
		AuthenticateOAuth:         s.authorized(s.authenticateUserOAuth),
		AuthenticateImpersonation: s.authorized(s.authenticateUserImpersonation),

		CreatePassword:          s.authorized(s.createPassword),
		AuthenticatePassword:    s.authorized(s.authenticateUserPassword),
		CheckPasswordStrength:   s.authorized(s.checkUserPasswordStrength),
		StartPasswordReset:      s.authorized(s.startUserPasswordReset),
		ResetPassword:           s.authorized(s.resetUserPassword),
		ResetPasswordByExisting: s.authorized(s.resetUserPasswordByExisting),
		ResetPasswordBySession:  s.authorized(s.resetUserPasswordBySession),

		SendEmailCode:     s.authorized(s.sendUserEmailCode),
		SendSMS:           s.authorized(s.sendUserSMS),
		SendWhatsApp:      s.authorized(s.sendUserWhatsApp),
		AuthenticateCode:  s.authorized(s.authenticateUserCode),
		CreateTOTP:        s.authorized(s.createUserTOTP),
		AuthenticateTOTP:  s.authorized(s.authenticateUserTOTP),
		UseRecoveryCode:   s.authorized(s.recoverUser),
		ListRecoveryCodes: s.authorized(s.listUserRecoveryCodes),

		SendNewSMS:      s.authorized(s.sendNewSMS),
		DeleteUserPhone: s.authorized(s.deleteUserPhone),
		DeleteUserTOTP:  s.authorized(s.deleteUserTOTP),

		StartWebAuthnRegistration: s.authorized(s.startPasskeyRegistration),
		RegisterWebAuthn:          s.authorized(s.registerPasskey),
		StartWebAuthn:             s.authorized(s.startPasskey),
		AuthenticateWebAuthn:      s.authorized(s.authenticatePasskey),
		UpdateWebAuthn:            s.authorized(s.updatePasskey),
		DeleteWebAuthn:            s.authorized(s.deletePasskey),
	}
}
