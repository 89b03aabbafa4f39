package demotest

import (
	"fmt"
	"net/http"
	"strings"
)

// kind is a kind of request of the crowd.
type kind struct {
	name  string
	share int // of 100 requests
	ask   func(*asker) *question
}

// planned is each kind as often as its share says.
func planned() []kind {
	var plan []kind
	for _, kind := range kinds() {
		for range kind.share {
			plan = append(plan, kind)
		}
	}
	return plan
}

func kinds() []kind {
	return []kind{
		{"a fresh JWT in a cookie", 16, func(a *asker) *question {
			return a.get("/api/me").cookies(a.fresh, a.token()).as(a.guest).saying(a.ID)
		}},
		{"a fresh JWT as a bearer", 8, func(a *asker) *question {
			return a.get("/api/session").bearer(a.fresh).as(a.guest).saying(a.session.ID, `"badge":"`+a.Email)
		}},
		{"the profile", 5, func(a *asker) *question {
			return a.get("/profile").cookies(a.fresh, a.token()).as(a.guest).saying(a.ID, a.Email)
		}},
		{"the home page of a member", 5, func(a *asker) *question {
			return a.get("/").cookies(a.fresh, "").as(a.guest).saying(a.Email)
		}},
		{"an expired JWT and its token in cookies", 14, func(a *asker) *question {
			return a.get("/api/me").cookies(a.expired, a.token()).as(a.guest).refreshed().saying(a.ID)
		}},
		{"an expired JWT as a bearer", 4, func(a *asker) *question {
			return a.get("/api/me").bearer(a.expired).as(a.guest).saying(a.ID)
		}},
		{"a token as a bearer", 8, func(a *asker) *question {
			return a.get("/api/me").bearer(a.token()).as(a.guest).saying(a.ID)
		}},
		{"a token in a cookie", 4, func(a *asker) *question {
			return a.get("/api/session").cookies("", a.token()).as(a.guest).refreshed().saying(a.ID, a.Email)
		}},
		{"a route that always asks Stytch", 4, func(a *asker) *question {
			return a.get("/api/fresh").cookies(a.fresh, a.token()).as(a.guest).refreshed().saying(a.ID, `"source":"stytch"`)
		}},
		{"nobody's session", 6, func(a *asker) *question {
			return a.get("/api/session").saying(`{"session":null,`)
		}},
		{"nobody's home page", 4, func(a *asker) *question {
			return a.get("/").saying("You are not signed in")
		}},
		{"a forged JWT in a cookie", 5, func(a *asker) *question {
			return a.get("/api/me").cookies(a.forged, "").denied(http.StatusUnauthorized, "session_invalid")
		}},
		{"another member's claims under one's own signature", 4, func(a *asker) *question {
			return a.get("/api/me").bearer(a.stolen()).denied(http.StatusUnauthorized, "session_invalid")
		}},
		{"a token that nobody has", 1, func(a *asker) *question {
			return a.get("/api/me").bearer(a.unknown).denied(http.StatusUnauthorized, "session_ended")
		}},
		{"a forged JWT where a session is optional", 2, func(a *asker) *question {
			return a.get("/api/session").cookies(a.stolen(), "").saying(`{"session":null,`)
		}},
		{"a forged JWT beside a live token", 2, func(a *asker) *question {
			return a.get("/api/me").cookies(a.forged, a.token()).as(a.guest).refreshed().saying(a.ID)
		}},
		{"the organization's documents", 3, func(a *asker) *question {
			return a.documents(http.MethodGet, a.Organization).cookies(a.fresh, a.token()).as(a.guest).among(a.colleagues).saying(`{"documents":[`)
		}},
		{"another document", 2, func(a *asker) *question {
			q := a.documents(http.MethodPost, a.OrganizationID).bearer(a.fresh)
			q.body = fmt.Sprintf(`{"title":"Document %d"}`, a.nth)
			if !a.may("editor") && !a.may("stytch_admin") {
				return q.denied(http.StatusForbidden, "permission_denied")
			}
			q.status = http.StatusCreated
			return q.as(a.guest).saying(fmt.Sprintf(`"title":"Document %d"`, a.nth), `"created_by":"`+a.ID)
		}},
		{"another organization's documents", 2, func(a *asker) *question {
			return a.documents(http.MethodGet, a.other.Organization).cookies(a.fresh, a.token()).refreshing(a.guest).denied(http.StatusForbidden, "organization_mismatch")
		}},
		{"what administrators may do", 1, func(a *asker) *question {
			q := a.get("/api/admin").bearer(a.fresh)
			if !a.may("stytch_admin") {
				return q.denied(http.StatusForbidden, "permission_denied")
			}
			return q.as(a.guest).saying(a.ID)
		}},
	}
}

// asker is who asks the nth request.
type asker struct {
	*guest
	other   *guest // of another organization
	unknown string
	nth     int
}

// stolen is the other's JWT with a signature of the asker's.
func (a *asker) stolen() string {
	signature := strings.LastIndexByte
	return a.other.fresh[:signature(a.other.fresh, '.')] + a.fresh[signature(a.fresh, '.'):]
}

func (a *asker) get(path string) *question {
	return &question{method: http.MethodGet, path: path, status: http.StatusOK, header: map[string]string{}}
}

func (a *asker) documents(method, organization string) *question {
	q := a.get("/api/orgs/" + organization + "/documents")
	q.method = method
	return q
}

// cookies presents the session cookies that are not empty.
func (q *question) cookies(jwt, token string) *question {
	var pairs []string
	if jwt != "" {
		pairs = append(pairs, "stytch_session_jwt="+jwt)
	}
	if token != "" {
		pairs = append(pairs, "stytch_session="+token)
	}
	q.header["Cookie"] = strings.Join(pairs, "; ")
	return q
}

func (q *question) bearer(credential string) *question {
	q.header["Authorization"] = "Bearer " + credential
	return q
}

// as wants an answer about the guest. Cookies may be set where cookies are presented.
func (q *question) as(g *guest) *question {
	q.about = g.own
	if q.header["Cookie"] != "" {
		q.asker = g
	}
	return q
}

// among lets the answer be about others too.
func (q *question) among(others map[string]bool) *question {
	q.about = others
	return q
}

// refreshing lets the answer set the guest's cookies, and identify nobody.
func (q *question) refreshing(g *guest) *question {
	q.asker = g
	return q
}

func (q *question) refreshed() *question {
	q.refreshes = true
	return q
}

func (q *question) saying(parts ...string) *question {
	q.says = parts
	return q
}

func (q *question) denied(status int, code string) *question {
	q.status = status
	return q.saying(`"code":"` + code + `"`)
}
