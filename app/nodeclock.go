package app

import (
	"context"
	"time"

	"punto/app/desk"
)

// Measured tells how far this workstation's clock is ahead of the desk's, against
// so many other clocks. What it wrote since it was started, or since its clock
// last jumped, is published as that much ahead, so that every replica takes it
// off alike; what it writes from now on has the desk's time. A difference of
// less than a second from what is known changes nothing.
func (e *Engine) Measured(ctx context.Context, ahead time.Duration, peers int) error {
	if !e.enter() {
		return errClosed
	}
	defer e.busy.Done()
	was := time.Duration(e.ahead.Load())
	if d := ahead - was; d > -time.Second && d < time.Second {
		return nil
	}
	_, err := e.update(ctx, session{}, func(o *op) (Receipt, error) {
		me, _ := o.e.log.Signer(o.e.log.Origin())
		to := e.top()
		from := e.clockFrom()
		if to <= from {
			return Receipt{}, nil // nothing was written by that clock
		}
		old := o.auth
		err := o.emitAt(desk.ClockMeasured, nodeEntity(me.Node), desk.Offset{Origin: o.e.log.Origin(), From: from, To: to,
			Ahead: (ahead - was).Milliseconds(), Peers: peers}, o.now, desk.ID{})
		if err == nil {
			err = o.refoldAll(old)
		}
		return Receipt{}, err
	})
	if err != nil {
		return err
	}
	e.ahead.Store(int64(ahead))
	e.restartClock()
	e.logger.Info("the clock of this workstation differs from the desk's", "ahead", ahead, "clocks", peers)
	return nil
}

// Stepped records that the wall clock jumped, and how much of it was sleep. What
// was measured before is not known any more.
func (e *Engine) Stepped(ctx context.Context, by, slept time.Duration) error {
	if !e.enter() {
		return errClosed
	}
	defer e.busy.Done()
	if by-slept > time.Second || by-slept < -time.Second {
		e.ahead.Store(0)
		e.restartClock()
	}
	_, err := e.update(ctx, session{}, func(o *op) (Receipt, error) {
		me, _ := o.e.log.Signer(o.e.log.Origin())
		return Receipt{}, o.emitAt(desk.ClockStepped, nodeEntity(me.Node), desk.Step{By: by.Milliseconds(), Slept: slept.Milliseconds()}, o.now, desk.ID{})
	})
	return err
}

func (e *Engine) clockFrom() desk.Stamp {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stretch
}

// restartClock begins a stretch of the log of which no offset is known.
func (e *Engine) restartClock() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stretch = e.clock + 1
}
