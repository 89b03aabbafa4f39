package stytchredis

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

const (
	// patience bounds dialing, and every command but the reads that wait for records.
	patience = time.Second
	// buffers are small: a record has at most 512 bytes, and half a megabyte for each connection is the
	// client's default.
	buffers = 16 << 10
)

// optionsOf reads a URL. What is wrong with one is told without the URL, which holds a password.
func optionsOf(raw string) (rueidis.ClientOption, error) {
	scheme, rest, found := strings.Cut(raw, "://")
	switch scheme {
	case "valkey":
		raw = "redis://" + rest
	case "valkeys":
		raw = "rediss://" + rest
	case "redis", "rediss", "unix":
	default:
		found = false
	}
	if !found {
		return rueidis.ClientOption{}, errors.New("stytchredis: the URL is none of redis://, rediss://, valkey://, valkeys:// and unix:// (want one such as redis://user:password@127.0.0.1:6379)")
	}
	option, err := rueidis.ParseURL(raw)
	if err != nil {
		return rueidis.ClientOption{}, errors.New("stytchredis: the URL cannot be read (want one such as rediss://user:password@redis.example.com:6379/0): " + quiet(err, raw))
	}
	option.Dialer.Timeout = patience
	option.ConnWriteTimeout = patience
	option.PipelineMultiplex = -1 // one connection for what does not wait
	option.RingScaleEachConn = 8
	option.ReadBufferEachConn, option.WriteBufferEachConn = buffers, buffers
	option.BlockingPoolSize = 2
	option.DisableCache = true
	option.DisableRetry = true // the kit tries again, and knows that a record may be in the log twice
	option.ClientSetInfo = rueidis.DisableClientSetInfo
	return option, nil
}

// quiet is an error without the URL and its password.
func quiet(err error, raw string) string {
	var wrong *url.Error
	if errors.As(err, &wrong) {
		err = wrong.Err
	}
	text := strings.ReplaceAll(err.Error(), raw, "…")
	if u, parsed := url.Parse(raw); parsed == nil {
		if password, _ := u.User.Password(); password != "" {
			text = strings.ReplaceAll(text, password, "…")
		}
		return text
	}
	return "it is no URL"
}
