package engine

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"punto/app/desk"
	"punto/app/rights"
)

// Notes, Note and Noted implement the first pass of a rebuild: rulings make the
// authority.
func (e *Engine) Notes(t desk.Type) bool { return rights.Governs(t) }

func (e *Engine) Note(tx desk.Tx, ev *desk.Event) error {
	if !rights.Rules(ev) {
		return nil
	}
	e.noted = append(e.noted, *ev)
	return tx.PutIndex(placeOf(ixRuling, ev), nil)
}

func (e *Engine) Noted(tx desk.Tx) error {
	e.Rights.Store((&rights.Authority{}).With(tx, e.noted...))
	e.noted = nil
	return nil
}

// Worker implements the rest of it, on one of several goroutines.
func (e *Engine) Worker() desk.Worker { return &worker{e: e, rights: e.Rights.Load()} }

// worker derives on one goroutine and over one snapshot: what it looks up serves all
// that it derives.
type worker struct {
	e      *Engine
	rights *rights.Authority
	op     *Op
}

// Judge tells whether an event counts, and notes why one does not.
func (w *worker) Judge(tx desk.Tx, ev *desk.Event) (bool, error) {
	why := w.rights.Judge(tx, ev)
	if why == "" {
		return true, nil
	}
	return false, tx.PutIndex(placeOf(IxRefused, ev), []byte(why))
}

// Derive makes the view and the indexes of one entity again from all its events, in
// the order of the fold. The events of the records that its view depends on must be
// readable in tx.
func (w *worker) Derive(tx desk.Tx, ent desk.Entity, events []desk.Event) error {
	if w.op == nil {
		w.op = newOp(context.Background(), w.e, tx, Session{})
	}
	o := w.op
	clear(o.Touched)
	t := &Touched{op: o, ent: ent, view: o.Engine.table.view(ent.Type), refold: true}
	t.of(o.Rights.Corrected(events))
	o.Touched[ent] = t
	return o.derive(ent, t)
}

// finish judges what is held by the rulings of this command, and writes the views
// and indexes of all that was touched, once each.
func (o *Op) finish() error {
	for _, step := range []func() error{o.rejudge, o.rejudgeUndos, o.reprice, o.postpone, o.reloadAll} {
		if err := step(); err != nil {
			return err
		}
	}
	o.order = slices.DeleteFunc(o.order, func(ent desk.Entity) bool {
		return !o.Touched[ent].Held() && !o.Touched[ent].changed
	})
	for _, ent := range o.order {
		if err := o.derive(ent, o.Touched[ent]); err != nil {
			return err
		}
	}
	return o.finished()
}

// finished lets the rooms end what they do with a command.
func (o *Op) finished() error {
	for i := range o.Engine.table.rooms {
		if f := o.Engine.table.rooms[i].Finish; f != nil {
			if err := f(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// postpone leaves what is to be folded anew to the deriver, where that is more than a
// moment's work and may come late: never what the command itself writes.
func (o *Op) postpone() error {
	var late []desk.Entity
	for ent := range o.refold {
		if o.Engine.table.views[ent.Type].Late && o.Touched[ent] == nil {
			late = append(late, ent)
		}
	}
	if len(late) <= o.Engine.atOnce {
		return nil
	}
	for _, ent := range late {
		if o.whole[ent] {
			if err := o.Tx.MarkDirty(ent); err != nil {
				return err
			}
		}
		delete(o.refold, ent)
	}
	return nil
}

// derive writes what follows from the events of an entity: its view and its
// index keys.
func (o *Op) derive(ent desk.Entity, t *Touched) error {
	if !t.Held() { // all of them were kept aside
		return errors.Join(o.Tx.PutView(ent, nil), o.index(t.old, nil))
	}
	if err := t.Current().Complete(o.Names); err != nil {
		return err
	}
	o.sees(ent, t.view)
	b, err := encodeView(t.view)
	if err != nil {
		return err
	}
	if err := o.Tx.PutView(ent, b); err != nil {
		return err
	}
	return o.index(t.old, t.view.Keys(ent))
}

// FoldVersion changes when the same events fold into other views or indexes: the
// host of a folder of another version derives it anew.
const FoldVersion = "31"

// index turns the old keys of an entity into the new ones. The last 16 bytes of
// a key are the entity's id, so values stay empty.
func (o *Op) index(old, keys [][]byte) error { return o.change(differ(old, keys)) }

func (o *Op) change(out, put [][]byte) error {
	for _, k := range out {
		if err := o.Tx.DeleteIndex(k); err != nil {
			return err
		}
	}
	for _, k := range put {
		if err := o.Tx.PutIndex(k, nil); err != nil {
			return err
		}
	}
	return nil
}

// differ tells which keys go and which come.
func differ(old, keys [][]byte) (out, put [][]byte) {
	has := func(in [][]byte, k []byte) bool {
		return slices.ContainsFunc(in, func(n []byte) bool { return bytes.Equal(k, n) })
	}
	for _, k := range old {
		if !has(keys, k) {
			out = append(out, k)
		}
	}
	for _, k := range keys {
		if !has(old, k) {
			put = append(put, k)
		}
	}
	return out, put
}
