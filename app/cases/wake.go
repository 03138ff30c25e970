package cases

import (
	"context"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// A case may sleep until a date: whoever leads wakes it, as the desk itself. Two
// workstations that both think they lead do no harm: the second finds it awake.

// nextWake is when the next pending case wakes.
func nextWake(e *engine.Engine) (at time.Time) {
	_ = e.Log.Read(func(r desk.Reader) error { // what fails here fails again, told, in wake
		for k, err := range r.Scan(engine.Prefix(ixWake), nil, false) {
			if err == nil {
				at = time.UnixMilli(engine.InstantOf(k.Key))
			}
			return err
		}
		return nil
	})
	return at
}

// wake resumes the pending cases whose date has come, as the desk itself. Two
// workstations may do it both: the second finds the case awake.
func wake(ctx context.Context, e *engine.Engine) error {
	var due []desk.ID
	now := e.Now().UnixMilli()
	err := e.Log.Read(func(r desk.Reader) error {
		for k, err := range r.Scan(engine.Prefix(ixWake), nil, false) {
			if err != nil || engine.InstantOf(k.Key) > now || len(due) == engine.MaxBatch {
				return err
			}
			due = append(due, engine.IDOf(k.Key))
		}
		return nil
	})
	if err != nil || len(due) == 0 || !e.Leads() {
		return err
	}
	_, err = e.Update(ctx, engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
		for _, id := range due {
			c, err := Of(o, id)
			if err != nil {
				return app.Receipt{}, err
			}
			if c.Status != desk.Pending || c.Wake == 0 || c.Wake > o.Now {
				continue
			}
			if err := o.EmitAt(desk.CaseResumed, Entity(id), desk.Said{}, o.Now, desk.ID{}); err != nil {
				return app.Receipt{}, err
			}
		}
		return app.Receipt{}, nil
	})
	return err
}
