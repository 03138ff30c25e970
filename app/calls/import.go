package calls

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

func importCalls(o *engine.Op, c app.ImportCalls) (app.Receipt, error) {
	im := &app.Imported{}
	if err := engine.Batch(max(len(c.Calls), len(c.Told))); err != nil {
		return app.Receipt{}, err
	}
	for i, call := range c.Calls {
		if why := fitCall(call); why != "" {
			im.Rejected = append(im.Rejected, app.Rejected{Line: engine.Line(c.Lines, i), Reason: why})
			continue
		}
		if err := record(o, call, im); err != nil {
			return app.Receipt{}, err
		}
	}
	for _, told := range c.Told {
		if why := fitTold(told.Events); why != "" {
			im.Rejected = append(im.Rejected, app.Rejected{Line: told.Line, Reason: why})
			continue
		}
		if err := tell(o, told.Events, im); err != nil {
			return app.Receipt{}, err
		}
	}
	return app.Receipt{Import: im}, nil
}

// fitCall tells why a whole call does not go in; "" when it does.
func fitCall(c phone.Call) string {
	if c.UniqueID == "" || c.OfferedAt.IsZero() {
		return "the call has no id or no time"
	}
	return engine.FitRow(c)
}

// fitTold tells why events of a call do not go in; "" when they do.
func fitTold(events []phone.CallEvent) string {
	if len(events) == 0 || len(events) > maxTold {
		return "the call has no events, or more than are taken at once"
	}
	first := events[0].Key
	for _, e := range events {
		switch {
		case e.Key.PBX != first.PBX || e.Key.UniqueID != first.UniqueID || first.UniqueID == "":
			return "the events are not of one call"
		case !e.Key.Kind.OfCall() || e.At.IsZero():
			return "an event is none of a call, or has no time"
		}
	}
	return engine.FitRow(events)
}

// known opens a call and reads what is told of it already; fresh when nothing is.
func known(o *engine.Op, id desk.ID) (t telling, fresh bool, err error) {
	x, err := o.Open(desk.Entity{Type: desk.CallType, ID: id})
	if err != nil {
		return t, false, err
	}
	es, err := x.Events()
	return tellings(es), len(es) == 0, err
}

// record takes a whole call, unless the same is recorded already.
func record(o *engine.Op, c phone.Call, im *app.Imported) error {
	id := app.CallID(c.PBX, c.UniqueID)
	t, fresh, err := known(o, id)
	if err != nil {
		return err
	}
	for _, w := range t.whole {
		if w.Same(c) {
			im.Known++
			return nil
		}
	}
	count(im, fresh || c.Outcome != phone.NoOutcome && t.open())
	return o.EmitAt(desk.CallRecorded, desk.Entity{Type: desk.CallType, ID: id}, c, c.OfferedAt.UnixMilli(), o.Session.Agent)
}

// tell takes the events of a call that are not told already.
func tell(o *engine.Op, events []phone.CallEvent, im *app.Imported) error {
	id := app.CallID(events[0].Key.PBX, events[0].Key.UniqueID)
	t, fresh, err := known(o, id)
	if err != nil {
		return err
	}
	var news []phone.CallEvent
	ends := false
	for _, e := range events {
		if !t.has(e) {
			news = append(news, e)
			ends = ends || e.Key.Kind == phone.Ended
		}
	}
	count(im, fresh || ends && t.open())
	for _, s := range pack(news) {
		if err := o.EmitAt(desk.CallSeen, desk.Entity{Type: desk.CallType, ID: id}, s, s.Event.At.UnixMilli(), o.Session.Agent); err != nil {
			return err
		}
	}
	return nil
}

// count tells a call that is new, or that went on when it was told before, from one
// that is known already.
func count(im *app.Imported, news bool) {
	if news {
		im.Imported++
	} else {
		im.Known++
	}
}
