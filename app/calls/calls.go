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

func importCalls(o *engine.Op, c app.ImportCalls) (app.Receipt, error) {
	im := &app.Imported{}
	if err := engine.Batch(len(c.Calls)); err != nil {
		return app.Receipt{}, err
	}
	for i, call := range c.Calls {
		why := engine.FitRow(call)
		if call.UniqueID == "" || call.OfferedAt.IsZero() {
			why = "the call has no id or no time"
		}
		if why != "" {
			im.Rejected = append(im.Rejected, app.Rejected{Line: engine.Line(c.Lines, i), Reason: why})
			continue
		}
		id := app.CallID(call.PBX, call.UniqueID)
		t, err := o.Open(desk.Entity{Type: desk.CallType, ID: id})
		if err != nil {
			return app.Receipt{}, err
		}
		if known := t.Current().(*View); len(t.Events) > 0 && (!known.Call.EndedAt.IsZero() || call.EndedAt.IsZero()) {
			im.Known++ // one that had not ended when its log was read is told again
			continue
		}
		if err := o.EmitAt(desk.CallRecorded, desk.Entity{Type: desk.CallType, ID: id}, call, call.OfferedAt.UnixMilli(), o.Session.Agent); err != nil {
			return app.Receipt{}, err
		}
		im.Imported++
	}
	return app.Receipt{Import: im}, nil
}

func seeCall(o *engine.Op, c app.SeeCall) (app.Receipt, error) {
	if c.Event.Key.UniqueID == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "the call event names no call")
	}
	id := app.CallID(c.Event.Key.PBX, c.Event.Key.UniqueID)
	err := o.EmitAt(desk.CallSeen, desk.Entity{Type: desk.CallType, ID: id}, seen(c), c.Event.At.UnixMilli(), o.Session.Agent)
	return o.Receipt(id), err
}

// seen is the body of CallSeen: its fields are those of the command.
type seen struct {
	Event phone.CallEvent `cbor:"1,keyasint"`
	Case  desk.ID         `cbor:"2,keyasint,omitempty"`
}

// Fold implements View: it makes the call of its events, whatever their order; a call recorded
// whole stands until a live event of it is seen.
func (v *View) Fold(events []desk.Event) {
	var live []phone.CallEvent
	for _, e := range events {
		switch e.Kind {
		case desk.CallRecorded:
			var c phone.Call
			if desk.Decode(e.Body, &c) == nil { // what cannot be read says nothing
				v.Call = c
			}
		case desk.CallSeen:
			var s seen
			if desk.Decode(e.Body, &s) != nil {
				continue
			}
			live = append(live, s.Event)
			if !s.Case.IsZero() {
				v.Case = s.Case
			}
		}
	}
	if len(live) > 0 {
		v.Call = phone.Fold(live)
	}
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
func (v *View) Complete(*engine.Names, []desk.Event) error { return nil }

// Keys implements View.
func (v *View) Keys(ent desk.Entity) [][]byte {
	if v.Call.UniqueID == "" {
		return nil
	}
	return [][]byte{engine.Key(IxCall, ent.ID, v.Call.OfferedAt.UnixMilli())}
}

// Shrink implements View: a call is never too large.
func (v *View) Shrink(int) bool { return false }

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "calls", Handles: []engine.Handler{engine.Does(importCalls).ByRow(), engine.Does(seeCall), engine.Asks(askCalls)},
		Views: map[desk.Type]engine.ViewKind{desk.CallType: {New: func() engine.View { return &View{} }}}}
}
