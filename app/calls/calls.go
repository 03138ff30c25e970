// Package calls is the room of the calls: what was seen of each, live or in a log, and
// the list of them. What a call was is app/phone's to say.
package calls

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

func seeCall(o *engine.Op, c app.SeeCall) (app.Receipt, error) {
	if c.Event.Key.UniqueID == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "the call event names no call")
	}
	id := app.CallID(c.Event.Key.PBX, c.Event.Key.UniqueID)
	if k := c.Event.Key; k.PBX == phone.Manual && k.Kind == phone.Answered && c.Event.Agent == "" && !o.Session.Agent.IsZero() {
		c.Event.Agent = o.Session.Agent.String() // whoever tells it answers it
	}
	err := o.EmitAt(desk.CallSeen, desk.Entity{Type: desk.CallType, ID: id}, seen{Event: c.Event, Case: c.Case}, c.Event.At.UnixMilli(), o.Session.Agent)
	return o.Receipt(id), err
}

// Fold implements View: it makes the call of all that is told of it, whatever the
// order: of its events, and of what was recorded of it as a whole.
func (v *View) Fold(events []desk.Event) {
	at := tellings(events)
	*v = View{Call: phone.Merge(at.calls()...), Case: at.of}
	for _, e := range desk.Live(events) {
		v.typified(&e)
	}
}

// View is what is stored of a call.
type View struct {
	Call phone.Call `cbor:"1,keyasint"`
	Case desk.ID    `cbor:"2,keyasint,omitempty"` // of the draft in which it was taken; it may never have become one

	// What somebody has said of it: see desk.Typified.
	Cases  []desk.ID `cbor:"3,keyasint,omitempty"`
	Reason string    `cbor:"4,keyasint,omitempty"`
	Person desk.ID   `cbor:"5,keyasint,omitempty"`
	Into   desk.ID   `cbor:"6,keyasint,omitempty"` // the call of an exchange that this one was told of by hand; then it counts nowhere
	Apart  []desk.ID `cbor:"7,keyasint,omitempty"` // calls that it is not
}

// Stored implements View.
func (v *View) Stored() any { return v }

// Apply implements View: what a call was follows from all that was seen of it.
func (v *View) Apply(*desk.Event) bool { return false }

// Complete implements View.
func (v *View) Complete(*engine.Names) error { return nil }

// Keys implements View.
func (v *View) Keys(ent desk.Entity) [][]byte {
	if v.Call.UniqueID == "" {
		return nil
	}
	if !v.Into.IsZero() {
		return [][]byte{engine.Key(ixPart, ent.ID, v.Into)}
	}
	keys := [][]byte{engine.Key(IxCall, ent.ID, v.Call.OfferedAt.UnixMilli())}
	who, at := CallerKey(v.Call.Caller), EndOfWait(v.Call)
	switch {
	case Lost(v.Call):
		keys = append(keys, engine.Key(IxLost, ent.ID, at, who), engine.Key(IxLostBy, ent.ID, who, at))
	case v.Call.Answered() && who != "":
		keys = append(keys, engine.Key(IxReached, ent.ID, who, at))
	}
	if v.Call.Answered() && v.Call.Outcome != phone.NoOutcome && v.Reason == "" && len(v.Cases) == 0 {
		keys = append(keys, engine.Key(ixBare, ent.ID, ended(v.Call)))
	}
	for _, c := range v.Cases {
		keys = append(keys, engine.Key(ixAbout, ent.ID, c))
	}
	return keys
}

// Shrink implements View: a call is never too large.
func (v *View) Shrink(int) bool { return false }

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "calls", Handles: []engine.Handler{engine.Does(importCalls).ByRow(), engine.Does(seeCall), engine.Does(typify), engine.Does(join), engine.Asks(askDoubles), engine.Asks(askCalls), engine.Asks(askUntyped),
		engine.Asks(askCallsOf)},
		Views: map[desk.Type]engine.ViewKind{desk.CallType: {New: func() engine.View { return &View{} }, Late: true}}}
}
