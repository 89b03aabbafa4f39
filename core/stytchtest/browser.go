package stytchtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// The endpoints that only Stytch's browser SDK calls; see [Options.BrowserSDK].
const (
	Bootstrap Endpoint = "GET /sdk/v1/projects/bootstrap/{public_token}"
	Events    Endpoint = "POST /sdk/v1/events"
)

// SDK is the endpoint as Stytch's browser SDK calls it: POST /sdk/v1/b2b/sessions/authenticate of
// [Authenticate]. In a consumer project it has the B2B name too, as without SDK.
func (e Endpoint) SDK() Endpoint {
	method, path, _ := strings.Cut(string(e), " ")
	return Endpoint(method + " /sdk" + path)
}

// browserEndpoints are the API's endpoints that the browser SDK has below /sdk, and whether they are
// about the session whose token it presents.
func browserEndpoints() map[Endpoint]bool {
	return map[Endpoint]bool{
		Authenticate: true, Revoke: true, Exchange: true,
		LoginOrSignup: false, AuthenticateMagicLink: false, AuthenticatePassword: false, LoginOrCreate: false,
		SendDiscovery: false, AuthenticateDiscovery: false, ListDiscovered: false, ExchangeIntermediate: false,
	}
}

// browser is what the browser SDK calls, for pages of any origin, as at Stytch for those that the
// dashboard lists.
func (s *Server) browser() http.Handler {
	handlers, pattern := s.b2b(), Endpoint.b2bPattern
	if s.options.Vertical == Consumer {
		handlers, pattern = s.consumer(), Endpoint.consumerPattern
	}
	mux := http.NewServeMux()
	for endpoint, ofSession := range browserEndpoints() {
		if h, has := handlers[endpoint]; has {
			mux.Handle(string(Endpoint(pattern(endpoint)).SDK()), s.route(endpoint.SDK(), s.fromBrowser(h, ofSession)))
		}
	}
	mux.Handle(string(Bootstrap), s.route(Bootstrap, s.bootstrap))
	mux.Handle(string(Events), s.route(Events, func(*http.Request) (any, error) { return ok(), nil }))
	mux.Handle(string(Other), s.route(Other, routeNotFound))
	return fromAnyOrigin(mux)
}

// browserBody is how every answer to the browser SDK looks.
type browserBody struct {
	envelope
	Data any `json:"data"`
}

// fromBrowser lets the browser SDK call an endpoint of the API. Its credentials are the public token
// and the session's token; where there is no session, the public token twice.
func (s *Server) fromBrowser(h handler, ofSession bool) handler {
	return func(r *http.Request) (any, error) {
		public, token, _ := r.BasicAuth()
		if public != s.options.PublicToken || ofSession && (token == "" || token == public) {
			return nil, errUnauthorizedCredentials
		}
		r = r.Clone(r.Context())
		r.SetBasicAuth(s.options.ProjectID, s.options.Secret)
		if ofSession {
			if err := addToken(r, token); err != nil {
				return nil, err
			}
		}
		data, err := h(r)
		if err != nil {
			return nil, err
		}
		return browserBody{ok(), data}, nil
	}
}

// addToken puts a session's token into a request's JSON.
func addToken(r *http.Request, token string) error {
	fields, err := decode[map[string]any](r)
	if err != nil {
		return err
	}
	if fields == nil {
		fields = map[string]any{}
	}
	fields["session_token"] = token
	body, err := json.Marshal(fields)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

// bootstrap tells the SDK about its project: everything optional is off.
func (s *Server) bootstrap(r *http.Request) (any, error) {
	if r.PathValue("public_token") != s.options.PublicToken {
		return nil, errPublicTokenNotFound
	}
	data := map[string]any{
		"project_name": "stytchtest", "disable_sdk_watermark": true, "vertical": "B2B",
		"cname_domain": nil, "email_domains": []string{"example.com"}, "slug_pattern": nil,
		"captcha_settings": map[string]any{"enabled": false}, "password_config": nil,
		"pkce_required_for_email_magic_links": false, "pkce_required_for_password_resets": false,
		"pkce_required_for_oauth": false, "pkce_required_for_sso": false,
		"create_organization_enabled": true, "dfp_protected_auth_enabled": false,
		"siwe_required_for_crypto_wallets": false,
	}
	if s.options.Vertical == Consumer {
		data["vertical"] = "CONSUMER"
	}
	policy, err := locked(s, func(st *state) (policyObject, error) { return policyOf(st.policy), nil })
	data["rbac_policy"] = policy
	return browserBody{ok(), data}, err
}

// fromAnyOrigin lets pages of any origin call, with credentials, and answers their preflights.
func fromAnyOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Credentials", "true")
		}
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-SDK-Client, X-SDK-Parent-Host")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
