package engine

import (
	"context"
	"time"

	"punto/app"
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
	was := e.dial().ahead
	if d := ahead - was; d > -time.Second && d < time.Second {
		return nil
	}
	_, err := e.Update(ctx, Session{}, func(o *Op) (app.Receipt, error) {
		from, to := e.dial().from, o.Tx.Newest()
		o.turn(ahead)
		if to < from {
			return app.Receipt{}, nil // nothing was written by that clock
		}
		return app.Receipt{}, o.EmitAt(desk.ClockMeasured, nodeEntity(o.Me()), desk.Offset{Origin: o.Tx.Origin(), From: from, To: to,
			Ahead: (ahead - was).Milliseconds(), Peers: peers}, o.Now, desk.ID{})
	})
	if err != nil {
		return err
	}
	e.Logger.Info("the clock of this workstation differs from the desk's", "ahead", ahead, "clocks", peers)
	return nil
}

// Stepped records that the wall clock jumped, and how much of it was sleep. What
// was measured before is not known any more.
func (e *Engine) Stepped(ctx context.Context, by, slept time.Duration) error {
	if !e.enter() {
		return errClosed
	}
	defer e.busy.Done()
	_, err := e.Update(ctx, Session{}, func(o *Op) (app.Receipt, error) {
		if by-slept > time.Second || by-slept < -time.Second {
			o.turn(0)
		}
		return app.Receipt{}, o.EmitAt(desk.ClockStepped, nodeEntity(o.Me()), desk.Step{By: by.Milliseconds(), Slept: slept.Milliseconds()}, o.Now, desk.ID{})
	})
	return err
}

// dial is how the clock of this machine is read.
type dial struct {
	ahead time.Duration // of the desk's
	from  desk.Stamp    // where the stretch of the log begins that is written by it
}

// turn has the clock read otherwise from this command on.
func (o *Op) turn(ahead time.Duration) {
	o.dial = &dial{ahead, o.Tx.Newest() + 1}
	o.Now = o.Engine.wall().Add(-ahead).UnixMilli()
}

func (e *Engine) dial() dial {
	e.mu.Lock()
	defer e.mu.Unlock()
	return dial{time.Duration(e.ahead.Load()), e.stretch}
}

// setClock gives how the clock was read before.
func (e *Engine) setClock(d dial) (was dial) {
	e.mu.Lock()
	defer e.mu.Unlock()
	was = dial{time.Duration(e.ahead.Swap(int64(d.ahead))), e.stretch}
	e.stretch = d.from
	return was
}
