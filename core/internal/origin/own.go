package origin

import (
	"errors"
	"net/url"
	"strings"
)

// Own is where browsers reach the application. The zero value is not known.
type Own struct {
	Origin string // as [Normal] writes it
	Path   string // in front of every path, where a proxy strips it: /app
}

// ParseOwn reads the public URL of an application. The error says what is wrong with it.
func ParseOwn(raw string) (Own, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Own{}, errors.New("is not an http or https URL")
	}
	name, _, ok := SplitHost(u.Host)
	switch {
	case u.User != nil:
		return Own{}, errors.New("holds credentials")
	case strings.Contains(name, "*"):
		return Own{}, errors.New("names many hosts, which is not supported")
	case !ok:
		return Own{}, errors.New("names no host")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return Own{}, errors.New("has a query or fragment")
	case u.Scheme == "http" && !IsLoopback(u.Host):
		return Own{}, errors.New("is not https: plain http is only for loopback hosts")
	}
	return Own{Origin: ofURL(u), Path: strings.TrimRight(u.EscapedPath(), "/")}, nil
}

// IsHTTPS reports whether browsers reach the application over https, whatever a proxy makes of it.
func (o Own) IsHTTPS() bool { return strings.HasPrefix(o.Origin, "https:") }

// IsAt reports whether an absolute URL is of this origin, or of the host that a request was for.
func (o Own) IsAt(u *url.URL, host string) bool {
	return o.Origin != "" && ofURL(u) == o.Origin || normalHost(u.Scheme, u.Host) == normalHost(u.Scheme, host)
}

// IsIn reports whether a cookie of this domain may be set by the application.
func (o Own) IsIn(domain string) bool {
	return IsIn(o.Host(), domain)
}

// Host is its host, with a port that is not the default one; empty where it is not known.
func (o Own) Host() string {
	_, host, _ := strings.Cut(o.Origin, "://")
	return host
}

// Inside is a path that browsers see as the application sees it behind the proxy.
func (o Own) Inside(path string) string {
	rest, ok := strings.CutPrefix(path, o.Path)
	switch {
	case !ok:
		return path
	case rest == "":
		return "/"
	case rest[0] == '/':
		return rest
	}
	return path
}
