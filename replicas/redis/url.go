package stytchredis

import (
	"errors"
	"net"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

// parse reads the engine's URL, and sets what matters for a stream that few records go through, and that must
// fail soon rather than late.
func parse(url string) (rueidis.ClientOption, error) {
	if rest, ok := strings.CutPrefix(url, "valkey"); ok {
		url = "redis" + rest
	}
	option, err := rueidis.ParseURL(url)
	if err != nil { // it may quote the password
		return option, errors.New("stytchredis: the engine's URL cannot be read (want redis://, rediss://, valkey://, valkeys:// or unix://, such as redis://user:password@localhost:6379)")
	}
	option.Dialer = net.Dialer{Timeout: time.Second}
	option.ConnWriteTimeout = time.Second
	option.PipelineMultiplex = -1
	option.RingScaleEachConn = 8
	option.ReadBufferEachConn, option.WriteBufferEachConn = 16<<10, 16<<10
	option.BlockingPoolSize = 2
	option.DisableCache = true
	option.DisableRetry = true // it would add a record twice, and wait for an engine that is gone
	return option, nil
}
