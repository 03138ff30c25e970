package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"punto/app/authority"
	"punto/app/desk"
)

// Merge takes events of other workstations into the log, judges each of them
// again, and folds what they belong to, in one transaction. What is not as its
// origin signed it is told in Bad and changes nothing. An error means that
// nothing was taken.
func (e *Engine) Merge(ctx context.Context, runs []desk.Run) (m desk.Taken, err error) {
	if !e.enter() {
		return m, errClosed
	}
	defer e.busy.Done()
	_, err = e.update(ctx, session{}, func(o *op) (Receipt, error) {
		m = desk.Taken{Bad: make([]error, len(runs))}
		return Receipt{}, o.merge(runs, &m)
	})
	return m, err
}

func (o *op) merge(runs []desk.Run, m *desk.Taken) error {
	var events []desk.Event
	for i, r := range runs {
		es, err := o.tx.Receive(r)
		if errors.Is(err, desk.ErrForged) || errors.Is(err, desk.ErrGap) || errors.Is(err, desk.ErrStranger) || errors.Is(err, desk.ErrFork) {
			m.Bad[i] = err
			continue
		}
		if err != nil {
			return err
		}
		events = append(events, es...)
	}
	m.Events = len(events)
	o.news = append(o.news, events...)
	var rulings []desk.Event
	for i := range events {
		if authority.Rules(&events[i]) {
			rulings = append(rulings, events[i])
		}
	}
	// before the new events are judged, those held are by the new rulings
	if err := errors.Join(o.rule(rulings...), o.rejudge()); err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		if why := o.auth.Judge(o.tx, e); why != "" {
			m.Refused++
			if err := o.settle(e, why); err != nil {
				return err
			}
			continue
		}
		if err := o.tx.Admit(e); err != nil {
			return err
		}
		o.refold[e.Entity] = true
		o.fresh[e.Entity] = append(o.fresh[e.Entity], *e)
		if authority.Guarded(e.Kind, e.Entity.Type) {
			o.guarded[e.Entity] = true
		}
		o.meet(e)
	}
	return nil
}

// reloadAll opens all that is to be folded again.
func (o *op) reloadAll() error {
	for _, ent := range slices.SortedFunc(maps.Keys(o.refold), func(a, b desk.Entity) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), bytes.Compare(a.ID[:], b.ID[:]))
	}) {
		if err := o.reload(ent); err != nil {
			return err
		}
	}
	return nil
}

// rule takes rulings into the authority of this transaction and indexes them.
func (o *op) rule(es ...desk.Event) error {
	if len(es) == 0 {
		return nil
	}
	o.auth = o.auth.With(o.tx, es...)
	for i := range es {
		if err := o.tx.PutIndex(placeOf(ixRuling, &es[i]), nil); err != nil {
			return err
		}
	}
	return nil
}

// placeOf is the key of an index that lists events by their order.
func placeOf(ix byte, e *desk.Event) []byte {
	k := binary.BigEndian.AppendUint64([]byte{ix}, uint64(e.Stamp))
	k = binary.BigEndian.AppendUint64(k, uint64(e.Origin))
	return binary.BigEndian.AppendUint64(k, e.Seq)
}

// eventOf is the event that a key of placeOf names.
func eventOf(k []byte) (desk.Origin, uint64) {
	return desk.Origin(binary.BigEndian.Uint64(k[9:])), binary.BigEndian.Uint64(k[17:])
}

// settle admits an event or keeps it aside.
func (o *op) settle(e *desk.Event, why string) error {
	k := placeOf(ixRefused, e)
	if why == "" {
		return errors.Join(o.tx.DeleteIndex(k), o.tx.Admit(e))
	}
	return errors.Join(o.tx.PutIndex(k, []byte(why)), o.tx.Expel(e))
}

// rejudge judges the events that are held by the rulings of this command: those
// that an earlier authority judged otherwise.
func (o *op) rejudge() error {
	old := o.judged
	if o.judged = o.auth; old == o.auth {
		return nil
	}
	o.forget()
	for x, from := range o.auth.Changed(old, o.tx, sortedKeys(o.tx.Vector())) {
		if from > o.top { // nothing was held there
			continue
		}
		retimed := o.auth.Retimed(old, x)
		for e, err := range o.tx.Since(x, from) {
			if err != nil {
				return err
			}
			was, now := old.Judge(o.tx, &e), o.auth.Judge(o.tx, &e)
			if was != now {
				if err := o.settle(&e, now); err != nil {
					return err
				}
				o.repriced = o.repriced || promising(e.Entity.Type)
			}
			if was != now || retimed {
				o.refold[e.Entity], o.rejudged[e.Entity] = true, true
			}
		}
	}
	return nil
}

// rejudgeUndos judges the undos that are held of entities that have got an event
// which not everybody may undo: one may have come before what it takes back.
func (o *op) rejudgeUndos() error {
	for ent := range o.guarded {
		es, err := o.tx.Events(ent)
		if err != nil {
			return err
		}
		for i := range es {
			if es[i].Kind != desk.EventUndone {
				continue
			}
			if why := o.auth.Judge(o.tx, &es[i]); why != "" {
				if err := o.settle(&es[i], why); err != nil {
					return err
				}
				o.refold[ent], o.rejudged[ent] = true, true
			}
		}
	}
	return nil
}

// promising tells whether cases are promised what such a record says.
func promising(t desk.Type) bool { return t == desk.ContractType || t == desk.CalendarType }

// reprice folds the cases again whose promises are of contracts or calendars that
// came late: a case is promised what was in force when its clock started.
func (o *op) reprice() error {
	from := ^desk.Stamp(0)
	if o.repriced {
		from = 0
	}
	for i := range o.news {
		e := &o.news[i]
		if !promising(e.Entity.Type) {
			continue
		}
		since := e.Stamp
		if es, err := o.tx.Events(e.Entity); err != nil {
			return err
		} else if len(es) > 0 && es[0].Stamp >= e.Stamp {
			since = 0 // before the first version the first holds
		}
		if since <= o.top {
			from = min(from, since)
		}
	}
	if from == ^desk.Stamp(0) {
		return nil
	}
	for _, x := range sortedKeys(o.tx.Vector()) {
		for e, err := range o.tx.Since(x, from) {
			if err != nil {
				return err
			}
			if e.Entity.Type == desk.CaseType {
				o.refold[e.Entity] = true
			}
		}
	}
	return nil
}

// reload opens an entity whose events have changed under its view, to be folded
// from all of them.
func (o *op) reload(ent desk.Entity) error {
	t := &touched{refold: true, kase: &caseView{}, call: &callView{}, record: desk.FoldRecord(nil), changed: true}
	view, err := o.tx.View(ent)
	if err != nil {
		return err
	}
	if view != nil {
		if t.old, err = o.viewKeys(ent, view); err != nil {
			return err
		}
	}
	if news := o.fresh[ent]; view == nil && len(news) > 0 && !o.rejudged[ent] { // nothing of it was held before
		slices.SortFunc(news, func(a, b desk.Event) int { return desk.Compare(&a, &b) })
		t.events = o.auth.Corrected(news)
	} else if t.events, err = o.eventsOf(ent); err != nil {
		return err
	}
	if o.touched[ent] == nil {
		o.order = append(o.order, ent)
	}
	o.touched[ent] = t
	return nil
}

// viewKeys are the index keys that a stored view has.
func (o *op) viewKeys(ent desk.Entity, view []byte) ([][]byte, error) {
	switch ent.Type {
	case desk.CaseType:
		var v caseView
		if err := desk.Decode(view, &v); err != nil {
			return nil, err
		}
		o.spoilCase(&v)
		return v.keys(ent.ID), nil
	case desk.CallType:
		var v callView
		if err := desk.Decode(view, &v); err != nil {
			return nil, err
		}
		o.spoil(v.Call.OfferedAt.UnixMilli(), 0)
		return v.keys(ent.ID), nil
	}
	var r desk.Record
	if err := desk.Decode(view, &r); err != nil {
		return nil, err
	}
	return recordKeys(ent, r), nil
}

// Note implements the first pass of a rebuild: rulings make the authority.
func (e *Engine) Note(tx desk.Tx, ev *desk.Event) error {
	if e.noted == nil {
		e.noted = []desk.Event{}
	}
	if !authority.Rules(ev) {
		return nil
	}
	e.noted = append(e.noted, *ev)
	return tx.PutIndex(placeOf(ixRuling, ev), nil)
}

// Judge implements the second pass of a rebuild.
func (e *Engine) Judge(tx desk.Tx, ev *desk.Event) (bool, error) {
	if e.noted != nil {
		e.auth.Store((&authority.Authority{}).With(tx, e.noted...))
		e.noted = nil
	}
	why := e.standing().Judge(tx, ev)
	if why == "" {
		return true, nil
	}
	return false, tx.PutIndex(placeOf(ixRefused, ev), []byte(why))
}

// loadAuthority reads the rulings of the log.
func (e *Engine) loadAuthority() error {
	return e.log.Read(func(r desk.Reader) error {
		a, err := rulingsOf(r, e.log)
		if err == nil {
			e.auth.Store(a)
		}
		return err
	})
}

// rulingsOf is the authority of all rulings of a log.
func rulingsOf(r desk.Reader, s desk.Standing) (*authority.Authority, error) {
	var all []desk.Event
	for k, err := range r.Scan([]byte{ixRuling}, nil, false) {
		if err != nil {
			return nil, fmt.Errorf("read the rulings of the log: %w", err)
		}
		ev, err := r.Event(eventOf(k.Key))
		if err != nil {
			return nil, fmt.Errorf("read a ruling of the log: %w", err)
		}
		all = append(all, ev)
	}
	return (&authority.Authority{}).With(struct {
		desk.Reader
		desk.Standing
	}{r, s}, all...), nil
}

// Reborn writes again, under a new incarnation, what this workstation wrote after
// keep: another copy of it went on under the present one. It does nothing when the
// workstation has begun one meanwhile.
func (e *Engine) Reborn(ctx context.Context, keep uint64) error {
	if !e.enter() {
		return errClosed
	}
	defer e.busy.Done()
	was := e.log.Origin()
	_, err := e.update(ctx, session{}, func(o *op) (Receipt, error) {
		if o.tx.Origin() != was {
			return Receipt{}, nil
		}
		again, err := o.tx.Reincarnate(keep)
		if err != nil {
			return Receipt{}, err
		}
		now := map[desk.Undo]desk.Undo{}
		for i := range again {
			ev := again[i]
			was := desk.Undo{Origin: ev.Origin, Seq: ev.Seq}
			if ev.Kind == desk.EventUndone {
				if err := redirect(&ev, now); err != nil {
					return Receipt{}, err
				}
			}
			why := o.auth.Judge(o.tx, &again[i])
			if err := o.tx.Append(&ev); err != nil {
				return Receipt{}, err
			}
			if why != "" { // it did not count before either
				if err := errors.Join(o.tx.DeleteIndex(placeOf(ixRefused, &again[i])), o.settle(&ev, why)); err != nil {
					return Receipt{}, err
				}
			}
			now[was] = desk.Undo{Origin: ev.Origin, Seq: ev.Seq}
			if authority.Rules(&ev) {
				if err := errors.Join(o.tx.DeleteIndex(placeOf(ixRuling, &again[i])), o.tx.PutIndex(placeOf(ixRuling, &ev), nil)); err != nil {
					return Receipt{}, err
				}
			}
			o.refold[ev.Entity] = true
		}
		if o.auth, err = rulingsOf(o.tx, o.tx); err != nil {
			return Receipt{}, err
		}
		return Receipt{}, o.renumber()
	})
	if err != nil {
		return err
	}
	return e.setBorn(ctx)
}

const bornMeta = "born"

// Born gives a new incarnation that began before the engine was opened case
// numbers of its own.
func (e *Engine) Born(ctx context.Context) error {
	var was []byte
	if err := e.log.Read(func(r desk.Reader) (err error) { was, err = r.Meta(bornMeta); return err }); err != nil {
		return err
	}
	if string(was) == e.origin() {
		return nil
	}
	if len(was) > 0 {
		if _, err := e.update(ctx, session{}, func(o *op) (Receipt, error) { return Receipt{}, o.renumber() }); err != nil {
			return err
		}
	}
	return e.setBorn(ctx)
}

func (e *Engine) origin() string { return fmt.Sprintf("%016x", uint64(e.log.Origin())) }

func (e *Engine) setBorn(ctx context.Context) error {
	return e.log.Update(ctx, func(tx desk.Tx) error { return tx.PutMeta(bornMeta, []byte(e.origin())) })
}

// redirect makes an undo name the event that it takes back as it is now.
func redirect(ev *desk.Event, now map[desk.Undo]desk.Undo) error {
	var u desk.Undo
	if err := desk.Decode(ev.Body, &u); err != nil {
		return nil //nolint:nilerr // of a newer version: it is kept as it is
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
