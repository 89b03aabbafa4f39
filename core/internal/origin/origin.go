// Package origin knows where a request comes from and where it went: hosts, loopback, origins, and
// whether another origin's page made it.
package origin

import (
	"net/url"
	"strings"
)

// Normal is an origin in the form that browsers send: scheme and host in lower case, no default
// port (RFC 6454 §6). False where it is none.
func Normal(origin string) (string, bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || strings.Contains(origin, "#") {
		return "", false
	}
	return ofURL(u), u.Scheme != ""
}

// ofURL is the origin of an absolute URL.
func ofURL(u *url.URL) string {
	scheme := strings.ToLower(u.Scheme)
	return scheme + "://" + normalHost(scheme, u.Host)
}

// sameHost compares the host of an origin with a Host header.
func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	return normalHost(u.Scheme, u.Host) == normalHost(u.Scheme, host)
}

func normalHost(scheme, host string) string {
	host = LowerASCII(host)
	switch strings.ToLower(scheme) {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}
