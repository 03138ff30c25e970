package engine

import (
	"context"
	"sync"
	"time"

	"punto/app"
)

// Repeat calls turn at once, whenever something of interest has changed, and when the time
// that turn gave has passed, until ctx or the engine ends. What changes during a turn is
// one turn more.
func (e *Engine) Repeat(ctx context.Context, of app.Interest, turn func(context.Context) time.Duration) {
	var watching sync.WaitGroup
	defer watching.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	changed := make(chan struct{}, 1)
	watching.Go(func() {
		for range e.Watch(ctx, of) {
			select {
			case changed <- struct{}{}:
			default:
			}
		}
		stop() // the engine is closed
	})
	for ctx.Err() == nil {
		wait := time.NewTimer(turn(ctx))
		select {
		case <-changed:
		case <-wait.C:
		case <-ctx.Done():
		}
		wait.Stop()
	}
}
