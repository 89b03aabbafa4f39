package session

import "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

// FactorsOf is what the rules read of the SDK's factors.
func FactorsOf(from []sessions.AuthenticationFactor) []Factor {
	if len(from) == 0 {
		return nil
	}
	factors := make([]Factor, len(from))
	for i := range from {
		factors[i] = factorOf(&from[i])
	}
	return factors
}

func factorOf(from *sessions.AuthenticationFactor) Factor {
	f := Factor{
		Type:     string(from.Type),
		Delivery: string(from.DeliveryMethod),
		At:       timeOf(from.LastAuthenticatedAt),
		Impersonated: from.Type == sessions.AuthenticationFactorTypeImpersonated ||
			from.DeliveryMethod == sessions.AuthenticationFactorDeliveryMethodImpersonation || from.ImpersonatedFactor != nil,
	}
	if who := from.ImpersonatedFactor; who != nil {
		f.Impersonator = who.ImpersonatorEmailAddress
		if f.Impersonator == "" {
			f.Impersonator = who.ImpersonatorID
		}
	}
	return f
}
