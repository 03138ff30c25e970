package engine

import (
	"context"
	"errors"
	"time"

	"punto/app/desk"
)

// timerStep is how often the timers look at the clock at least: a step of the
// clock or a suspension is noticed within it.
const timerStep = 30 * time.Second

// runTimers wakes what is due until ctx ends. After a restart or a suspension
// what fell due meanwhile goes first, once.
func (e *Engine) runTimers(ctx context.Context) error {
	for {
		wait := time.Second // what failed is not tried without a pause
		switch err := e.Tick(ctx); {
		case err == nil:
			wait = e.untilNext()
		case !errors.Is(err, desk.ErrFull) && ctx.Err() == nil:
			e.Logger.Error("keep the timers", "err", err)
		}
		select {
		case <-time.After(wait):
		case <-e.timed:
		case <-ctx.Done():
			return nil
		}
	}
}

// EachTurn is the Next of a duty that is looked at whenever the timers turn.
func EachTurn(*Engine) time.Time { return time.Time{} }

// Next is when the next duty falls due; the zero time when none will. It is for those who
// move the clock: simulations.
func (e *Engine) Next() (next time.Time) {
	for i := range e.table.rooms {
		for _, d := range e.table.rooms[i].Duties {
			if at := d.Next(e); !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}

// untilNext is how long until the next duty falls due, timerStep at most.
func (e *Engine) untilNext() time.Duration {
	wait := timerStep
	if at := e.Next(); !at.IsZero() {
		wait = min(wait, at.Sub(e.Now()))
	}
	if !e.Leads() { // another workstation leads: it may fall to this one
		return max(wait, time.Second)
	}
	return max(wait, 10*time.Millisecond)
}

// Tick does what timers have to do by now. Run calls it; simulations do when they
// please.
func (e *Engine) Tick(ctx context.Context) error {
	if !e.enter() {
		return nil
	}
	defer e.busy.Done()
	if err := e.Settle(ctx); err != nil { // nothing is told of half of what has come
		return err
	}
	for i := range e.table.rooms {
		for _, d := range e.table.rooms[i].Duties {
			if err := d.Do(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}
