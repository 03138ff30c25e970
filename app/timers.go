package app

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
			e.logger.Error("keep the timers", "err", err)
		}
		select {
		case <-time.After(wait):
		case <-e.timed:
		case <-ctx.Done():
			return nil
		}
	}
}

// untilNext is how long until the next case wakes, timerStep at most.
func (e *Engine) untilNext() time.Duration {
	wait := timerStep
	led := e.leads()
	_ = e.log.Read(func(r desk.Reader) error { // what fails here fails again, told, in wake
		for k, err := range r.Scan(prefix(ixWake), nil, false) {
			if err != nil {
				return err
			}
			if wait = min(wait, time.UnixMilli(instantOf(k.Key)).Sub(e.now())); !led {
				wait = max(wait, time.Second) // the lead may come to this one
			}
			return nil
		}
		return nil
	})
	wait = e.alarms.until(e.now().UnixMilli(), wait)
	if e.site() != nil && wait <= 0 { // another workstation leads: it may fall to this one
		return time.Second
	}
	return max(wait, 10*time.Millisecond)
}

// wake resumes the pending cases whose date has come, as the desk itself. Two
// workstations may do it both: the second finds the case awake.
func (e *Engine) wake(ctx context.Context) error {
	var due []desk.ID
	now := e.now().UnixMilli()
	err := e.log.Read(func(r desk.Reader) error {
		for k, err := range r.Scan(prefix(ixWake), nil, false) {
			if err != nil || instantOf(k.Key) > now || len(due) == maxBatch {
				return err
			}
			due = append(due, idOf(k.Key))
		}
		return nil
	})
	if err != nil || len(due) == 0 || !e.leads() {
		return err
	}
	_, err = e.update(ctx, session{role: desk.AdministratorRole}, func(o *op) (Receipt, error) {
		for _, id := range due {
			c, err := o.caseOf(id)
			if err != nil {
				return Receipt{}, err
			}
			if c.Status != desk.Pending || c.Wake == 0 || c.Wake > o.now {
				continue
			}
			if err := o.emitAt(desk.CaseResumed, caseEntity(id), desk.Said{}, o.now, desk.ID{}); err != nil {
				return Receipt{}, err
			}
		}
		return Receipt{}, nil
	})
	return err
}
