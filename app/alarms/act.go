package alarms

import (
	"context"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// carryOut does to their cases what the rungs of alarms say, where this workstation
// coordinates: it alone may write to a case with nobody signed in.
func carryOut(ctx context.Context, e *engine.Engine) error {
	var todo []desk.ID
	err := e.Log.Read(func(r desk.Reader) error {
		if does, err := records.Coordinates(engine.NewNames(e, r)); err != nil || !does {
			return err
		}
		for k, err := range r.Scan(engine.Prefix(ixToDo), nil, false) {
			if err != nil || len(todo) == engine.MaxBatch {
				return err
			}
			todo = append(todo, engine.IDOf(k.Key))
		}
		return nil
	})
	if err != nil || len(todo) == 0 {
		return err
	}
	_, err = e.Update(ctx, engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
		for _, id := range todo {
			if err := carryOutOne(o, id); err != nil {
				return app.Receipt{}, err
			}
		}
		return app.Receipt{}, nil
	})
	return err
}

func carryOutOne(o *engine.Op, id desk.ID) error {
	a, err := engine.Noun[desk.Alarm](o.Names, desk.AlarmType, id)
	if err != nil || a.DoneAt != 0 {
		return err
	}
	c, err := cases.Of(o, a.Case)
	if app.CodeOf(err) == app.NotFound {
		return nil // it is not here yet
	}
	if err != nil {
		return err
	}
	if c.Status.Open() {
		if !a.Move.IsZero() && c.Group != a.Move {
			b := desk.Moved{Group: a.Move, ByRule: true}
			if err := cases.CompleteMove(o, &b); err != nil {
				return err
			}
			if err := o.Emit(desk.CaseAssigned, cases.Entity(a.Case), b); err != nil {
				return err
			}
		}
		if a.Raise && c.Priority > 1 {
			p, why := c.Priority-1, a.Clock
			if err := o.Emit(desk.CaseEdited, cases.Entity(a.Case), desk.Edited{Priority: &p, Why: &why}); err != nil {
				return err
			}
		}
	}
	a.DoneAt = o.Now
	_, err = records.Save(o, desk.AlarmType, id, a, nil)
	return err
}
