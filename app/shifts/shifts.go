// Package shifts is the room of agents at the telephone: when they signed in and out, and
// their breaks, as an exchange tells it or they themselves do; and who is at work now.
package shifts

import (
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "shifts", Handles: []engine.Handler{engine.Does(seeAgents), engine.Does(setShift), engine.Asks(askShifts)},
		Views: map[desk.Type]engine.ViewKind{desk.ShiftType: {New: func() engine.View { return &View{} }, Late: true}}}
}

// seen is the body of AgentSeen: what happened to one agent of one exchange on one day of
// UTC.
type seen struct {
	Events []phone.CallEvent `cbor:"1,keyasint"`
}

// mostOfDay is how many events of an agent count on one day.
const mostOfDay = 2_000

// entity is an agent's day: two workstations that are told of one make one.
func entity(e phone.CallEvent) desk.Entity {
	return desk.Entity{Type: desk.ShiftType, ID: desk.DerivedID("shift", e.Key.PBX, e.Key.UniqueID, e.At.UTC().Format(time.DateOnly))}
}

// ofAgent tells whether an event is of an agent, and can be kept.
func ofAgent(e phone.CallEvent) bool {
	return e.Key.Kind >= phone.AgentSignedIn && e.Key.Kind <= phone.AgentBack && e.Key.UniqueID != "" && !e.At.IsZero()
}

// View is an agent's day.
type View struct {
	Events []phone.CallEvent `cbor:"1,keyasint,omitempty"` // in the order of their times
}

// Stored implements View.
func (v *View) Stored() any { return v }

// Fold implements View: what is told twice counts once, and what is of another agent or
// day nowhere.
func (v *View) Fold(events []desk.Event) {
	*v = View{}
	for _, e := range events {
		var b seen
		if e.Kind != desk.AgentSeen || desk.Decode(e.Body, &b) != nil {
			continue
		}
		for _, x := range b.Events {
			if ofAgent(x) && entity(x) == e.Entity && len(v.Events) < mostOfDay && !v.has(x) {
				v.Events = append(v.Events, x)
			}
		}
	}
	slices.SortStableFunc(v.Events, compare) // of one instant a log tells in order
}

func compare(a, b phone.CallEvent) int { return a.At.Compare(b.At) }

// has tells whether an event is there: two sources of one exchange round its time
// differently.
func (v *View) has(x phone.CallEvent) bool {
	return slices.ContainsFunc(v.Events, func(y phone.CallEvent) bool {
		return y.Key.Kind == x.Key.Kind && y.Key.Queue == x.Key.Queue && y.At.Sub(x.At).Abs() <= time.Second && (y.Reason == x.Reason || y.Rank != x.Rank)
	})
}

// Apply implements View: a day follows from all of it.
func (v *View) Apply(*desk.Event) bool { return false }

// Complete implements View.
func (v *View) Complete(*engine.Names) error { return nil }

// Keys implements View.
func (v *View) Keys(ent desk.Entity) [][]byte {
	if len(v.Events) == 0 {
		return nil
	}
	return [][]byte{engine.Key(IxShift, ent.ID, v.Events[0].At.UTC().Truncate(24*time.Hour).UnixMilli())}
}

// Shrink implements View.
func (v *View) Shrink(step int) bool {
	if step > 0 || len(v.Events) < 2 {
		return false
	}
	v.Events = v.Events[:len(v.Events)/2]
	return true
}

func read(r desk.Reader, id desk.ID) (v View, err error) {
	b, err := r.View(desk.Entity{Type: desk.ShiftType, ID: id})
	if err == nil {
		err = engine.DecodeView(b, &v)
	}
	return v, err
}

// mostTold is how many events one command tells.
const mostTold = 1_000

func seeAgents(o *engine.Op, c app.SeeAgents) (app.Receipt, error) {
	if len(c.Events) > mostTold {
		return app.Receipt{}, app.Fail(app.Invalid, "more than %d events of agents are told at once: tell them in parts", mostTold)
	}
	var order []desk.Entity
	by := map[desk.Entity][]phone.CallEvent{}
	for _, e := range c.Events {
		if !ofAgent(e) || !desk.ValidAt(e.At.UnixMilli()) || e.At.UnixMilli() > o.Now+time.Hour.Milliseconds() {
			return app.Receipt{}, app.Fail(app.Invalid, "an event is not of an agent, or of no time that there is: leave it out")
		}
		ent := entity(e)
		if by[ent] == nil {
			order = append(order, ent)
		}
		by[ent] = append(by[ent], e)
	}
	for _, ent := range order {
		t, err := o.Open(ent)
		if err != nil {
			return app.Receipt{}, err
		}
		v := *t.Current().(*View)
		var news []phone.CallEvent
		for _, e := range by[ent] {
			if len(v.Events) < mostOfDay && !v.has(e) {
				v.Events, news = append(slices.Clip(v.Events), e), append(news, e)
			}
		}
		if len(news) == 0 {
			continue
		}
		if err := o.EmitAt(desk.AgentSeen, ent, seen{news}, news[0].At.UnixMilli(), o.Session.Agent); err != nil {
			return app.Receipt{}, err
		}
	}
	return app.Receipt{}, nil
}

var doings = map[string]phone.EventKind{"in": phone.AgentSignedIn, "out": phone.AgentSignedOut, "break": phone.AgentPaused, "back": phone.AgentBack}

func setShift(o *engine.Op, c app.SetShift) (app.Receipt, error) {
	kind, ok := doings[c.Do]
	if !ok {
		return app.Receipt{}, app.Fail(app.Invalid, "%q is nothing that an agent does: there are in, break, back and out", c.Do)
	}
	if o.Session.Agent.IsZero() {
		return app.Receipt{}, app.Fail(app.NotSignedIn, "only a signed-in agent tells what the agent does: sign in")
	}
	e := phone.CallEvent{Key: phone.Key{PBX: phone.Manual, UniqueID: o.Session.Agent.String(), Kind: kind}, At: time.UnixMilli(o.Now)}
	if kind == phone.AgentPaused {
		e.Reason = c.Reason
	}
	return seeAgents(o, app.SeeAgents{Events: []phone.CallEvent{e}})
}
