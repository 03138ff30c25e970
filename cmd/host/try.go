package host

import (
	"context"
	"errors"
	"time"

	"punto/app/draft"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/app/trial"
	"punto/store"
)

// simulated is an empty desk in memory, on a clock that stands.
type simulated struct {
	*engine.Engine
	now time.Time
}

// Set implements trial.Bench.
func (b *simulated) Set(t time.Time) { b.now = t }

// Try runs one scenario against a service model, on a desk of its own in memory. Text
// is the file that f was read from.
func Try(ctx context.Context, f draft.File, text []byte, s trial.Scenario) (r trial.Result, err error) {
	log, err := store.Open(ctx, store.Options{Memory: &store.Memory{}})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	b := &simulated{}
	if b.Engine, err = rooms.Open(ctx, engine.Config{Log: log, Now: func() time.Time { return b.now }}); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return trial.Run(ctx, b, f, text, s)
}
