package engine

import (
	"context"
	"fmt"
	"io"
	"iter"
	"reflect"

	"punto/app"
	"punto/app/desk"
	"punto/app/rights"
)

// Op is one command being carried out inside a transaction. One goroutine.
type Op struct {
	*Names
	ctx     context.Context
	Tx      desk.Tx
	Session Session
	Now     int64 // Unix milliseconds, one for the whole command
	Touched map[desk.Entity]*Touched
	order   []desk.Entity
	states  map[reflect.Type]any
	Last    *desk.Event
	dial    *dial // how the clock is read from now on; nil = as before

	judged  *rights.Authority    // by which everything held was judged so far
	top     desk.Stamp           // newest of all held before this command
	news    []desk.Event         // of a merge, and of records that others may name already and take versions of
	refold  map[desk.Entity]bool // whose views are to be made again
	whole   map[desk.Entity]bool // of them, those that are to be of all events anew: one counts otherwise, or follows another version
	guarded map[desk.Entity]bool // who has an event that not all who may undo may undo
	dated   map[desk.Type]bool   // types of which a view that was made may name a version that does not count any more, or counts now
	minted  desk.ID              // the last new id: nobody names it yet
}

// Touched is an entity that this command writes: its events and views.
type Touched struct {
	op     *Op
	ent    desk.Entity
	last   desk.Stamp   // of its newest event; 0 = it has none
	events []desk.Event // all of it, in the order of the fold, once it was read
	known  bool         // it was
	old    [][]byte     // index keys before
	view   View
	refold bool // the view is to be made of events, which are known

	changed bool // though no event was added
}

// Held tells whether the entity has any event.
func (t *Touched) Held() bool { return t.last > 0 }

// Events are all events of the entity, in the order of the fold, with those of this
// command: read when first asked for. They are not to be changed.
func (t *Touched) Events() (es []desk.Event, err error) {
	if t.known || t.last == 0 {
		return t.events, nil
	}
	if es, err = t.op.eventsOf(t.ent); err == nil {
		t.of(es)
	}
	return es, err
}

// of notes all events of the entity.
func (t *Touched) of(es []desk.Event) {
	if t.events, t.known, t.last = es, true, 0; len(es) > 0 {
		t.last = es[len(es)-1].Stamp
	}
}

func newOp(ctx context.Context, e *Engine, tx desk.Tx, s Session) *Op {
	o := &Op{Names: NewNames(e, &fresh{Reader: tx, e: e}), ctx: ctx, Tx: tx, Session: s, Now: e.Now().UnixMilli(), Touched: map[desk.Entity]*Touched{}, states: map[reflect.Type]any{}, dated: map[desk.Type]bool{},
		judged: e.standing(), top: tx.Newest(), refold: map[desk.Entity]bool{}, whole: map[desk.Entity]bool{}, guarded: map[desk.Entity]bool{}}
	o.Rights = o.judged
	if !s.Agent.IsZero() { // who asked may have lost it since
		o.Session.Role = o.Rights.Role(s.Agent)
	}
	o.Written = o.recordSoFar
	o.Events = func(ent desk.Entity) ([]desk.Event, error) {
		if t := o.Touched[ent]; t != nil {
			return t.Events()
		}
		return o.Stored(ent)
	}
	return o
}

// eventsOf are the events of an entity, their times as all clocks agreed.
func (o *Op) eventsOf(ent desk.Entity) ([]desk.Event, error) {
	es, err := o.Tx.Events(ent)
	return o.Rights.Corrected(es), err
}

// recordSoFar is a record as this command has left it, before finish writes its
// view.
func (o *Op) recordSoFar(ent desk.Entity) (desk.Record, bool) {
	t := o.Touched[ent]
	if t == nil {
		return desk.Record{}, false
	}
	if v, ok := t.Current().(*RecordView); ok {
		return v.Record, true
	}
	return desk.Record{}, false
}

// Me is this workstation.
func (o *Op) Me() desk.ID {
	s, _ := o.Tx.Signer(o.Tx.Origin())
	return s.Node
}

// stamp is the next reading of the hybrid logical clock: later than all that is
// held, with what this commit has taken, whoever wrote it.
func (o *Op) stamp() desk.Stamp {
	return max(o.Tx.Newest()+1, desk.Stamp(max(o.Now, 0))<<16)
}

// NewID is a new id of this instant.
func (o *Op) NewID() desk.ID {
	var r [10]byte
	_, _ = io.ReadFull(o.Engine.Random, r[:]) // crypto/rand never fails
	o.minted = desk.NewID(o.Now, r)
	return o.minted
}

// Open loads an entity to be written.
func (o *Op) Open(ent desk.Entity) (*Touched, error) {
	if t := o.Touched[ent]; t != nil {
		return t, nil
	}
	if dirty, err := o.Tx.Owes(ent); err != nil {
		return nil, err
	} else if dirty { // the command derives what it writes
		err := o.reload(ent)
		return o.Touched[ent], err
	}
	t := &Touched{op: o, ent: ent, view: o.Engine.table.view(ent.Type)}
	b, err := o.Tx.View(ent)
	if err != nil {
		return nil, err
	}
	if b != nil {
		if t.last, err = o.Tx.Seen(ent); err != nil {
			return nil, err
		}
		if t.last == 0 { // the end of a long timeline went: it is looked for
			if es, err := o.eventsOf(ent); err != nil {
				return nil, err
			} else {
				t.of(es)
			}
		}
		if err = DecodeView(b, t.view.Stored()); err != nil {
			return nil, fmt.Errorf("read the view of %s %s: %w", ent.Type, ent.ID, err)
		}
		t.old = t.view.Keys(ent)
		o.sees(ent, t.view)
	}
	o.Touched[ent] = t
	o.order = append(o.order, ent)
	return t, nil
}

// Current is the view as the command has left it so far.
func (t *Touched) Current() View {
	if t.refold {
		t.view.Fold(t.events)
		t.refold = false
	}
	return t.view
}

// Views are the entities that the command writes, in its order, and their views.
func (o *Op) Views() iter.Seq2[desk.Entity, View] {
	return func(yield func(desk.Entity, View) bool) {
		for _, ent := range o.order {
			if !yield(ent, o.Touched[ent].view) {
				return
			}
		}
	}
}

// Emit writes one event as the signed-in agent, at the command's instant.
func (o *Op) Emit(k desk.Kind, ent desk.Entity, body any) error {
	return o.EmitAt(k, ent, body, o.Now, o.Session.Agent)
}

// EmitAt is emit for what happened at another time, or by somebody else: an
// import.
func (o *Op) EmitAt(k desk.Kind, ent desk.Entity, body any, at int64, by desk.ID) error {
	if !desk.ValidAt(at) || !desk.ValidAt(o.Now) {
		return app.Fail(app.Invalid, "the time of what happened is not between the years 1970 and 2199: correct it, or the clock of this workstation")
	}
	t, err := o.Open(ent)
	if err != nil {
		return err
	}
	b, err := desk.Encode(body)
	if err != nil {
		return err
	}
	if len(b) > desk.MaxEventBytes {
		return app.Fail(app.Invalid, "what is to be written takes %d bytes, and at most %d are kept at once: write less", len(b), desk.MaxEventBytes)
	}
	ev := desk.Event{Origin: o.Tx.Origin(), Stamp: o.stamp(), Kind: k, Version: 1, Entity: ent, Base: t.last, Actor: by, Writer: o.Session.Agent, At: at, Body: b}
	if ev.Seq = 1; o.Last != nil && o.Last.Origin == ev.Origin {
		ev.Seq += o.Last.Seq
	} else {
		ev.Seq += o.Tx.Vector()[ev.Origin]
	}
	switch o.Rights.Judge(o.Tx, &ev) {
	case rights.Unentitled:
		return app.Fail(app.NotAllowed, "the role %q may not do %q on a %s: ask a supervisor or the administrator", o.Session.Role, k, ent.Type)
	case rights.Unattended:
		return app.Fail(app.NotAllowed, "this workstation may not do %q on a %s with nobody signed in: sign in, or do it on the coordinator", k, ent.Type)
	case rights.Absent:
		return app.Fail(app.NotSignedIn, "the password was changed elsewhere: sign in again")
	case rights.Revoked:
		return app.Fail(app.NotAllowed, "this workstation was shut out of the desk: ask the administrator")
	case rights.Values:
		return app.Fail(app.Invalid, "a value of what is to be written is out of bounds: correct it")
	}
	if err := o.Tx.Append(&ev); err != nil {
		return err
	}
	if rights.Rules(&ev) {
		if err := o.rule(ev); err != nil {
			return err
		}
	}
	if o.Engine.table.dated(ent.Type) && ent.ID != o.minted {
		o.news = append(o.news, ev)
	}
	if rights.Guarded(k, ent.Type) {
		o.guarded[ent] = true
	}
	ev = o.Rights.Corrected([]desk.Event{ev})[0] // it may be said in advance that this clock is ahead
	o.Last = &ev
	if t.known || t.last == 0 {
		t.of(append(t.events, ev))
	}
	t.last = ev.Stamp
	if t.refold || k != desk.EventUndone && t.view.Apply(&ev) {
		return nil
	}
	if _, err := t.Events(); err != nil {
		return err
	}
	t.refold = true
	return nil
}

// Receipt is of the last event written about id.
func (o *Op) Receipt(id desk.ID) app.Receipt {
	r := app.Receipt{ID: id}
	if o.Last != nil {
		r.Origin, r.Seq = o.Last.Origin, o.Last.Seq
	}
	return r
}
