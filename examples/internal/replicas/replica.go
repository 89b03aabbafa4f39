package main

import (
	"context"
	"fmt"
	"os"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/process"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// replicas is how many run from the beginning; one more comes in the end.
const replicas = 3

// replica is the demo as a process, and its own way to the engine.
type replica struct {
	*visit.Client
	process *process.Demo
	hole    *hole
	log     *process.Journal
}

// startReplica starts one, and returns when it has its keys.
func (t *trial) startReplica(ctx context.Context) (err error) {
	number := len(t.replicas)
	r := &replica{log: &process.Journal{}}
	if t.verbose {
		r.log.Echo = os.Stderr
	}
	at, err := t.stytch.desk(ctx, number)
	if err != nil {
		return err
	}
	if r.hole, err = newHole(ctx, t.engine.address); err != nil {
		return err
	}
	project := &process.Sandbox{
		URL: at, Project: t.stytch.ProjectID(), Secret: t.stytch.Secret(),
		PublicToken: t.stytch.PublicToken(), Vertical: t.stytch.Vertical().String(),
	}
	r.process, err = process.StartDemo(ctx, t.dir, "gin", project, r.log,
		"REPLICAS_URL=redis://"+r.hole.address, "STYTCH_WEBHOOK_SECRET="+stytchtest.WebhookSecret)
	if err != nil {
		r.hole.close()
		return err
	}
	r.Client = visit.New(r.process.URL)
	t.replicas = append(t.replicas, r)
	if err := r.Ready(ctx); err != nil {
		return fmt.Errorf("replica %d: %w", number, err)
	}
	return nil
}

func (r *replica) close() {
	r.process.Kill()
	r.hole.close()
}
