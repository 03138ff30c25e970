// Package calls is the room of the calls: what was seen of each, live or in a log, and
// the list of them. What a call was is app/phone's to say.
package calls

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

func askCalls(l *engine.Look, q app.Calls) (app.Answer, error) {
	var a app.CallsAnswer
	var err error
	a.Next, err = engine.Page(l.Reader, engine.Prefix(IxCall), q.After, true, q.Limit, 50, func(id desk.ID) (any, error) {
		var v View
		b, err := l.Reader.View(desk.Entity{Type: desk.CallType, ID: id})
		if err == nil {
			err = engine.DecodeView(b, &v)
		}
		a.Rows = append(a.Rows, app.CallRow{ID: id, Call: v.Call, Case: v.Case})
		return v.Call, err
	})
	return a, err
}

func seeCall(o *engine.Op, c app.SeeCall) (app.Receipt, error) {
	if c.Event.Key.UniqueID == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "the call event names no call")
	}
	id := app.CallID(c.Event.Key.PBX, c.Event.Key.UniqueID)
	err := o.EmitAt(desk.CallSeen, desk.Entity{Type: desk.CallType, ID: id}, seen{Event: c.Event, Case: c.Case}, c.Event.At.UnixMilli(), o.Session.Agent)
	return o.Receipt(id), err
}

// Fold implements View: it makes the call of all that is told of it, whatever the
// order: of its events, and of what was recorded of it as a whole.
func (v *View) Fold(events []desk.Event) {
	at := tellings(events)
	v.Case = at.of
	v.Call = phone.Merge(at.calls()...)
}

// View is what is stored of a call.
type View struct {
	Call phone.Call `cbor:"1,keyasint"`
	Case desk.ID    `cbor:"2,keyasint,omitempty"`
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
	keys := [][]byte{engine.Key(IxCall, ent.ID, v.Call.OfferedAt.UnixMilli())}
	who, at := CallerKey(v.Call.Caller), EndOfWait(v.Call)
	switch {
	case Lost(v.Call):
		keys = append(keys, engine.Key(IxLost, ent.ID, at, who), engine.Key(IxLostBy, ent.ID, who, at))
	case v.Call.Answered() && who != "":
		keys = append(keys, engine.Key(IxReached, ent.ID, who, at))
	}
	return keys
}

// Shrink implements View: a call is never too large.
func (v *View) Shrink(int) bool { return false }

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "calls", Handles: []engine.Handler{engine.Does(importCalls).ByRow(), engine.Does(seeCall), engine.Asks(askCalls)},
		Views: map[desk.Type]engine.ViewKind{desk.CallType: {New: func() engine.View { return &View{} }, Late: true}}}
}
