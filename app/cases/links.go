package cases

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rights"
)

// Two cases that are one, or one that is two. Both halves are written in one commit,
// and undone together.

func mergeCase(o *engine.Op, c app.MergeCase) (app.Receipt, error) {
	if c.Case == c.Into {
		return app.Receipt{}, app.Fail(app.Invalid, "a case cannot be merged with itself: choose another")
	}
	if _, err := on(o, c.Into, desk.CaseAbsorbed, desk.Joined{Case: c.Case}, open, notOpen); err != nil {
		return app.Receipt{}, err
	}
	return on(o, c.Case, desk.CaseMerged, desk.Joined{Case: c.Into}, open, notOpen)
}

func splitCase(o *engine.Op, c app.SplitCase) (app.Receipt, error) {
	b := c.Opened
	b.Parent, b.Number = c.Case, ""
	if _, err := Of(o, c.Case); err != nil {
		return app.Receipt{}, err
	}
	r, err := Open(o, app.OpenCase{Opened: b})
	if err != nil {
		return r, err
	}
	_, err = on(o, c.Case, desk.CaseSplit, desk.Joined{Case: r.ID}, anyStatus, "")
	return r, err
}

func linkCase(o *engine.Op, c app.LinkCase) (app.Receipt, error) {
	if c.Case == c.Parent {
		return app.Receipt{}, app.Fail(app.Invalid, "a case cannot be its own parent: choose another")
	}
	if !c.Parent.IsZero() {
		if _, err := Of(o, c.Parent); err != nil {
			return app.Receipt{}, err
		}
	}
	return on(o, c.Case, desk.CaseLinked, desk.Joined{Case: c.Parent}, anyStatus, "")
}

func undo(o *engine.Op, c app.Undo) (app.Receipt, error) {
	t, err := o.Open(c.Entity)
	if err != nil {
		return app.Receipt{}, err
	}
	es, err := t.Events()
	if err != nil {
		return app.Receipt{}, err
	}
	var what *desk.Event
	gone := map[desk.Undo]bool{}
	for i := len(es) - 1; i >= 0 && what == nil; i-- {
		ev := &es[i]
		key := desk.Undo{Origin: ev.Origin, Seq: ev.Seq}
		switch {
		case c.Seq != 0 && (ev.Origin != c.Origin || ev.Seq != c.Seq):
		case c.Seq == 0 && (ev.Actor != o.Session.Agent || gone[key]):
		case c.Seq == 0 && ev.Kind == desk.EventUndone:
			var u desk.Undo
			if desk.Decode(ev.Body, &u) == nil {
				gone[desk.Undo{Origin: u.Origin, Seq: u.Seq}] = true
			}
		default:
			what = ev
		}
	}
	if what == nil {
		return app.Receipt{}, app.Fail(app.NotFound, "there is nothing of yours to undo here")
	}
	if what.Kind == desk.CaseOpened {
		return app.Receipt{}, app.Fail(app.Conflict, "the registration of a case cannot be undone: cancel the case")
	}
	if !o.Session.Agent.IsZero() && !rights.May(o.Session.Role, what.Kind, what.Entity.Type) {
		return app.Receipt{}, app.Fail(app.NotAllowed, "the role %q may not do %q on a %s: ask a supervisor or the administrator", o.Session.Role, what.Kind, what.Entity.Type)
	}
	ev := *what
	if err := o.Emit(desk.EventUndone, c.Entity, desk.Undo{Origin: ev.Origin, Seq: ev.Seq, Reason: c.Reason}); err != nil {
		return app.Receipt{}, err
	}
	r := o.Receipt(c.Entity.ID)
	return r, undoOther(o, ev)
}

// undoOther takes back the other half of a merge.
func undoOther(o *engine.Op, ev desk.Event) error {
	if ev.Kind != desk.CaseMerged && ev.Kind != desk.CaseAbsorbed {
		return nil
	}
	var j desk.Joined
	if err := desk.Decode(ev.Body, &j); err != nil {
		return err
	}
	t, err := o.Open(Entity(j.Case))
	if err != nil {
		return err
	}
	es, err := t.Events()
	if err != nil {
		return err
	}
	for i := len(es) - 1; i >= 0; i-- {
		x := es[i]
		var k desk.Joined
		if (x.Kind == desk.CaseMerged || x.Kind == desk.CaseAbsorbed) && desk.Decode(x.Body, &k) == nil && k.Case == ev.Entity.ID {
			return o.Emit(desk.EventUndone, x.Entity, desk.Undo{Origin: x.Origin, Seq: x.Seq})
		}
	}
	return nil
}
