package engine

import (
	"context"
	"errors"
	"fmt"

	"punto/app"
	"punto/app/desk"
	"punto/app/rights"
)

// Reborn writes again, under a new incarnation, what this workstation wrote after
// keep: another copy of it went on under the present one. It does nothing when the
// workstation has begun one meanwhile.
func (e *Engine) Reborn(ctx context.Context, keep uint64) error {
	if !e.enter() {
		return errClosed
	}
	defer e.busy.Done()
	was := e.Log.Origin()
	_, err := e.Update(ctx, Session{}, func(o *Op) (app.Receipt, error) {
		if o.Tx.Origin() != was {
			return app.Receipt{}, nil
		}
		again, err := o.Tx.Reincarnate(keep)
		if err != nil {
			return app.Receipt{}, err
		}
		now := map[desk.Undo]desk.Undo{}
		for i := range again {
			ev := again[i]
			was := desk.Undo{Origin: ev.Origin, Seq: ev.Seq}
			if ev.Kind == desk.EventUndone {
				if err := redirect(&ev, now); err != nil {
					return app.Receipt{}, err
				}
			}
			why := o.Rights.Judge(o.Tx, &again[i])
			if err := o.Tx.Append(&ev); err != nil {
				return app.Receipt{}, err
			}
			if why != "" { // it did not count before either
				if err := errors.Join(o.Tx.DeleteIndex(placeOf(IxRefused, &again[i])), o.settle(&ev, why)); err != nil {
					return app.Receipt{}, err
				}
			}
			now[was] = desk.Undo{Origin: ev.Origin, Seq: ev.Seq}
			if rights.Rules(&ev) {
				if err := errors.Join(o.Tx.DeleteIndex(placeOf(ixRuling, &again[i])), o.Tx.PutIndex(placeOf(ixRuling, &ev), nil)); err != nil {
					return app.Receipt{}, err
				}
			}
			o.refold[ev.Entity], o.whole[ev.Entity] = true, true
		}
		if o.Rights, err = rulingsOf(o.Tx, o.Tx); err != nil {
			return app.Receipt{}, err
		}
		return app.Receipt{}, o.reborn()
	})
	if err != nil {
		return err
	}
	return e.setBorn(ctx)
}

// reborn tells the rooms that another incarnation begins.
func (o *Op) reborn() error {
	for i := range o.Engine.table.rooms {
		if f := o.Engine.table.rooms[i].Reborn; f != nil {
			if err := f(o); err != nil {
				return err
			}
		}
	}
	return nil
}

const bornMeta = "born"

// Born gives a new incarnation that began before the engine was opened case
// numbers of its own.
func (e *Engine) Born(ctx context.Context) error {
	var was []byte
	if err := e.Log.Read(func(r desk.Reader) (err error) { was, err = r.Meta(bornMeta); return err }); err != nil {
		return err
	}
	if string(was) == e.origin() {
		return nil
	}
	if len(was) > 0 {
		if _, err := e.Update(ctx, Session{}, func(o *Op) (app.Receipt, error) { return app.Receipt{}, o.reborn() }); err != nil {
			return err
		}
	}
	return e.setBorn(ctx)
}

func (e *Engine) origin() string { return fmt.Sprintf("%016x", uint64(e.Log.Origin())) }

func (e *Engine) setBorn(ctx context.Context) error {
	return e.Log.Update(ctx, func(tx desk.Tx) error { return tx.PutMeta(bornMeta, []byte(e.origin())) })
}

// redirect makes an undo name the event that it takes back as it is now.
func redirect(ev *desk.Event, now map[desk.Undo]desk.Undo) error {
	var u desk.Undo
	if err := desk.Decode(ev.Body, &u); err != nil {
		return nil // of a newer version: it is kept as it is
	}
	to, moved := now[desk.Undo{Origin: u.Origin, Seq: u.Seq}]
	if !moved {
		return nil
	}
	u.Origin, u.Seq = to.Origin, to.Seq
	b, err := desk.Encode(u)
	ev.Body = b
	return err
}
