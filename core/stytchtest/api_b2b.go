package stytchtest

// b2b is what a B2B project answers, by the endpoints' own patterns.
func (s *Server) b2b() map[Endpoint]handler {
	return map[Endpoint]handler{
		Authenticate:              s.authorized(s.authenticateSession),
		Revoke:                    s.authorized(s.revokeSession),
		Exchange:                  s.authorized(s.exchangeSession),
		ListSessions:              s.authorized(s.listSessions),
		JWKS:                      s.jwks, // public at Stytch too
		RBACPolicy:                s.authorized(s.rbacPolicy),
		GetOrganization:           s.authorized(s.getOrganization),
		GetMember:                 s.authorized(s.getMember),
		CreateMember:              s.authorized(s.createMember),
		SearchMembers:             s.authorized(s.searchMembers),
		UpdateMember:              s.authorized(s.updateMember),
		DeleteMember:              s.authorized(s.deleteMember),
		DeleteMemberPhone:         s.authorized(s.deleteMemberPhone),
		DeleteMemberTOTP:          s.authorized(s.deleteMemberTOTP),
		OrganizationPolicy:        s.authorized(s.organizationPolicy),
		LoginOrSignup:             s.authorized(s.loginOrSignup),
		AuthenticateMagicLink:     s.authorized(s.authenticateMagicLink),
		Invite:                    s.authorized(s.invite),
		AuthenticateImpersonation: s.authorized(s.authenticateImpersonation),

		SendDiscovery:         s.authorized(s.sendDiscovery),
		AuthenticateDiscovery: s.authorized(s.authenticateDiscovery),
		ListDiscovered:        s.authorized(s.listDiscovered),
		CreateOrganization:    s.authorized(s.createOrganization),
		ExchangeIntermediate:  s.authorized(s.exchangeIntermediate),

		StartOAuth:                 s.public(s.startOAuth),
		StartDiscoveryOAuth:        s.public(s.startDiscoveryOAuth),
		AuthenticateOAuth:          s.authorized(s.authenticateOAuth),
		AuthenticateDiscoveryOAuth: s.authorized(s.authenticateDiscoveryOAuth),
		StartSSO:                   s.public(s.startSSO),
		AuthenticateSSO:            s.authorized(s.authenticateSSO),

		AuthenticatePassword:    s.authorized(s.authenticatePassword),
		CheckPasswordStrength:   s.authorized(s.checkPasswordStrength),
		StartPasswordReset:      s.authorized(s.startPasswordReset),
		ResetPassword:           s.authorized(s.resetPassword),
		ResetPasswordByExisting: s.authorized(s.resetPasswordByExisting),
		ResetPasswordBySession:  s.authorized(s.resetPasswordBySession),

		AuthenticateDiscoveryPassword: s.authorized(s.crossOrganization(s.authenticateDiscoveryPassword)),
		StartDiscoveryPasswordReset:   s.authorized(s.crossOrganization(s.startDiscoveryPasswordReset)),
		ResetDiscoveryPassword:        s.authorized(s.crossOrganization(s.resetDiscoveryPassword)),

		SendEmailCode:                  s.authorized(s.sendEmailCode),
		AuthenticateEmailCode:          s.authorized(s.authenticateEmailCode),
		SendDiscoveryEmailCode:         s.authorized(s.sendDiscoveryEmailCode),
		AuthenticateDiscoveryEmailCode: s.authorized(s.authenticateDiscoveryEmailCode),

		CreateTOTP:          s.authorized(s.createTOTP),
		AuthenticateTOTP:    s.authorized(s.authenticateTOTP),
		SendSMS:             s.authorized(s.sendSMS),
		AuthenticateSMS:     s.authorized(s.authenticateSMS),
		UseRecoveryCode:     s.authorized(s.recoverMember),
		GetRecoveryCodes:    s.authorized(s.getRecoveryCodes),
		RotateRecoveryCodes: s.authorized(s.rotateRecoveryCodes),
	}
}
