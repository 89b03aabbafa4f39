// Command load asks a small application for a profile page as 10,000 members who are signed in,
// over loopback connections, on each framework, with authentication and without, and prints how
// many requests a second it answers and how long they take, as JSON. The application is a process
// of its own; it shares the machine with this one.
//
//	go run ./load -frameworks nethttp -profile DIR    # pprof's profiles of the applications
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	p := plan{}
	flag.IntVar(&p.Members, "members", 10_000, "how many members")
	flag.IntVar(&p.Connections, "connections", 16, "how many connections")
	flag.IntVar(&p.Rounds, "rounds", 4, "how often each application takes its turn")
	flag.DurationVar(&p.Lasting, "for", 2*time.Second, "how long each phase of a round lasts")
	flag.IntVar(&p.Rate, "rate", 4_000, "requests a second of the paced phase")
	flag.StringVar(&p.before, "before", "", "this program as built with another checkout, to be measured beside")
	flag.StringVar(&p.profiles, "profile", "", "where the profiles of each application's full speed go")
	frameworks := flag.String("frameworks", "nethttp,gin,echo,fiber", "which frameworks")
	app := flag.String("serve", "", "internal: be this application")
	auth := flag.Bool("auth", false, "internal: with authentication")
	flag.Parse()
	p.frameworks = strings.Split(*frameworks, ",")
	run := p.run
	if *app != "" {
		run = func() error { return p.serve(*app, *auth) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func (p *plan) run() error {
	result, err := p.measure()
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	return out.Encode(result)
}
