package stytchtest

import "net/http"

// getUser writes the user flat: the fields stand in the answer itself, not under user.
func (s *Server) getUser(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		u, err := st.named404(r)
		if err != nil {
			return nil, err
		}
		return struct {
			envelope
			userObject
		}{ok(), userOf(u)}, nil
	})
}

// named404 is the user whose ID or external_id stands in the path. No address and no number do.
func (st *state) named404(r *http.Request) (userRecord, error) {
	id := r.PathValue("user_id")
	u, err := st.userOr404(id)
	if err == nil && u.ID != id && u.ExternalID != id {
		return userRecord{}, errUserNotFound
	}
	return u, err
}

func (s *Server) updateUser(r *http.Request) (any, error) {
	p, err := decode[struct {
		Name              *userName      `json:"name"`
		TrustedMetadata   map[string]any `json:"trusted_metadata"`
		UntrustedMetadata map[string]any `json:"untrusted_metadata"`
		ExternalID        string         `json:"external_id"`
		Roles             *[]string      `json:"roles"`
	}](r)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		u, err := st.named404(r)
		if err != nil {
			return nil, err
		}
		if other, taken := st.user(p.ExternalID); taken && other.ID != u.ID {
			return nil, errDuplicateExternalID
		}
		if p.Name != nil {
			u.FirstName, u.MiddleName, u.LastName = p.Name.FirstName, p.Name.MiddleName, p.Name.LastName
		}
		if p.ExternalID != "" {
			u.ExternalID = p.ExternalID
		}
		if p.Roles != nil {
			u.Roles = withRole(roleUser, *p.Roles)
		}
		u.TrustedMetadata = mergedMetadata(u.TrustedMetadata, p.TrustedMetadata)
		u.UntrustedMetadata = mergedMetadata(u.UntrustedMetadata, p.UntrustedMetadata)
		st.putUser(u)
		object := userOf(u)
		return struct {
			userBody
			Emails        []userEmail `json:"emails"`
			PhoneNumbers  []userPhone `json:"phone_numbers"`
			CryptoWallets []any       `json:"crypto_wallets"`
		}{userResponse(u), object.Emails, object.PhoneNumbers, object.CryptoWallets}, nil
	})
}

// mergedMetadata sets the fields that are given; null takes one away.
func mergedMetadata(metadata, added map[string]any) map[string]any {
	if len(added) == 0 {
		return metadata
	}
	result := orNone(metadata)
	for name, value := range added {
		if value == nil {
			delete(result, name)
			continue
		}
		result[name] = value
	}
	return result
}

func (s *Server) deleteUser(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		u, err := st.named404(r)
		if err != nil {
			return nil, err
		}
		st.endAll(u.ID, "", s.now())
		st.users.remove(u.ID)
		st.tellGone("user", u.ID)
		return struct {
			envelope
			UserID string `json:"user_id"`
		}{ok(), u.ID}, nil
	})
}
