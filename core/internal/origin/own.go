package origin

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Own is where browsers reach the application. The zero value is not known.
type Own struct {
	Origin string // as [Normal] writes it, or a pattern of [Matches]: each tenant has a host
	Path   string // in front of every path, where a proxy strips it: /app
}

// ParseOwn reads the public URL of an application. The error says what is wrong with it.
func ParseOwn(raw string) (Own, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Own{}, errors.New("is not an http or https URL")
	}
	host, hasTenants := strings.CutPrefix(u.Host, anyLabel)
	_, _, ok := SplitHost(host)
	switch {
	case u.User != nil:
		return Own{}, errors.New("holds credentials")
	case hasTenants && !isTenantsDomain(host), strings.Contains(host, "*"):
		return Own{}, errors.New("names many hosts in another way than by * for the whole first label of a domain")
	case !ok:
		return Own{}, errors.New("names no host")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return Own{}, errors.New("has a query or fragment")
	case !isPlainPath(u.EscapedPath()):
		return Own{}, errors.New("has a path with empty, dot or encoded segments, which browsers may read as a host")
	case u.Scheme == "http" && !IsLoopback(host):
		return Own{}, errors.New("is not https: plain http is only for loopback hosts")
	}
	return Own{Origin: ofURL(u), Path: strings.TrimRight(u.EscapedPath(), "/")}, nil
}

// isPlainPath reports whether a path can stand in front of others. Slashes at its end are none of it.
func isPlainPath(escaped string) bool {
	escaped = strings.TrimRight(escaped, "/")
	return escaped == "" || path.Clean(escaped) == escaped && !strings.ContainsAny(escaped, "%\\;")
}

// HasTenants reports whether the application has a host for each tenant.
func (o Own) HasTenants() bool { return isPattern(o.Origin) }

// IsHTTPS reports whether browsers reach the application over https, whatever a proxy makes of it.
func (o Own) IsHTTPS() bool { return strings.HasPrefix(o.Origin, "https:") }

// Of is the origin that browsers show for a request with this Host. Only where each tenant has a host it
// is read off there; empty where that is none of them, and where nothing is known.
func (o Own) Of(host string) string {
	if !o.HasTenants() {
		return o.Origin
	}
	name, port, ok := SplitHost(host)
	if !ok {
		return ""
	}
	name = strings.TrimSuffix(name, ".")
	if port != "" {
		name += ":" + port
	}
	scheme, _, _ := strings.Cut(o.Origin, "://")
	own := scheme + "://" + normalHost(scheme, name)
	if !Matches(o.Origin, own) {
		return ""
	}
	return own
}

// Tenant is whose host that is; empty where it is none of a tenant's.
func (o Own) Tenant(host string) string {
	_, name, _ := strings.Cut(o.Of(host), "://")
	label, _, _ := strings.Cut(name, ".")
	if !o.HasTenants() {
		return ""
	}
	return label
}

// At is the origin of the tenant with this name; empty where no host can be called that.
func (o Own) At(tenant string) string {
	if !o.HasTenants() || !isLabel(tenant) {
		return ""
	}
	return strings.Replace(o.Origin, anyLabel, tenant+".", 1)
}

// IsAt reports whether an absolute URL is of this origin, or of the host that a request was for.
func (o Own) IsAt(u *url.URL, host string) bool {
	own := o.Of(host)
	return own != "" && ofURL(u) == own || normalHost(u.Scheme, u.Host) == normalHost(u.Scheme, host)
}

// IsIn reports whether a cookie of this domain may be set by the application, by every host of it.
func (o Own) IsIn(domain string) bool {
	return IsIn(strings.TrimPrefix(o.host(), anyLabel), domain)
}

// HostOf is the host that browsers show for a request with this Host, with a port that is not the default
// one; empty where that is none of the application's.
func (o Own) HostOf(host string) string {
	if o.Origin == "" {
		return host
	}
	return Own{Origin: o.Of(host)}.host()
}

func (o Own) host() string {
	_, host, _ := strings.Cut(o.Origin, "://")
	return host
}

// Outside is a path of the application's as browsers see it, in front of the proxy; an absolute URL is
// left as it is.
func (o Own) Outside(path string) string {
	if !strings.HasPrefix(path, "/") {
		return path
	}
	return o.Path + path
}

// CheckInside refuses a path of the application's that is written as browsers see it.
func (o Own) CheckInside(path string) error {
	if _, ok := o.Inside(path); !ok || o.Path == "" {
		return nil
	}
	return fmt.Errorf("has the path %s of Config.Origin in it, which is put in front of the application's own paths", o.Path)
}

// Inside is a path that browsers see as the application sees it behind the proxy; false where another
// application has it.
func (o Own) Inside(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, o.Path)
	switch {
	case !ok:
		return "", false
	case rest == "" || rest[0] == '?':
		return "/" + rest, true
	}
	return rest, rest[0] == '/'
}
