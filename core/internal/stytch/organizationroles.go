package stytch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/stytchauth/stytch-go/v16/stytch"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
)

// OrganizationRoles fetches the roles that an organization has beside the project's. A failure whose verdict
// is Refused means that there are none: Stytch lets only some projects have them. This version of the SDK
// does not know the endpoint. (Stytch: GET /v1/b2b/rbac/organizations/{organization_id})
func (c *Client) OrganizationRoles(ctx context.Context, organizationID string) ([]rbac.PolicyRole, error) {
	answer, err := ask(ctx, c.api.Sessions.C.RawRequest, stytch.RequestParams{
		Method: http.MethodGet,
		Path:   "/v1/b2b/rbac/organizations/" + url.PathEscape(organizationID),
	})
	if err != nil {
		return nil, err
	}
	var said struct {
		Policy struct {
			Roles []rbac.PolicyRole `json:"roles"`
		} `json:"org_policy"`
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return nil, unusable(fmt.Errorf("the answer is no JSON that holds roles: %w", err))
	}
	return said.Policy.Roles, nil
}
