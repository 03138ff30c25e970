package engine

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"punto/app"
	"punto/app/desk"
	"punto/app/rights"
)

// mergeEvents is about how many events one transaction of a merge takes: a command
// waits for no more than that.
const mergeEvents = 4 * desk.BlockEvents

// Merge takes events of other workstations into the log, judges each of them
// again, and folds what they belong to, or leaves that to the deriver. What is not as
// its origin signed it is told in Bad and changes nothing. With an error what is told
// was taken, and no more.
func (e *Engine) Merge(ctx context.Context, runs []desk.Run) (m desk.Taken, err error) {
	if !e.enter() {
		return m, errClosed
	}
	defer e.busy.Done()
	m.Bad = make([]error, len(runs))
	for from, first := 0, true; from < len(runs) || first; first = false {
		to := from
		for n := uint64(0); to < len(runs) && (n == 0 || n < mergeEvents); to++ {
			n += runs[to].Last() - runs[to].First + 1
		}
		var part desk.Taken
		_, err = e.Update(ctx, Session{}, func(o *Op) (app.Receipt, error) {
			part = desk.Taken{Bad: make([]error, to-from)}
			return app.Receipt{}, o.merge(runs[from:to], &part)
		})
		if err != nil {
			return m, err
		}
		copy(m.Bad[from:], part.Bad)
		m.Events, m.Refused = m.Events+part.Events, m.Refused+part.Refused
		from = to
	}
	return m, nil
}

func (o *Op) merge(runs []desk.Run, m *desk.Taken) error {
	var events []desk.Event
	for i, r := range runs {
		es, err := o.Tx.Receive(r)
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
		if rights.Rules(&events[i]) {
			rulings = append(rulings, events[i])
		}
	}
	// before the new events are judged, those held are by the new rulings
	if err := errors.Join(o.rule(rulings...), o.rejudge()); err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		if why := o.Rights.Judge(o.Tx, e); why != "" {
			m.Refused++
			if err := o.settle(e, why); err != nil {
				return err
			}
			continue
		}
		o.refold[e.Entity] = true
		if err := o.Tx.Admit(e); err != nil {
			return err
		}
		if rights.Guarded(e.Kind, e.Entity.Type) {
			o.guarded[e.Entity] = true
		}
		for i := range o.Engine.table.rooms {
			if f := o.Engine.table.rooms[i].Merged; f != nil {
				f(o, e)
			}
		}
	}
	return nil
}

// reloadAll opens all that is to be folded again.
func (o *Op) reloadAll() error {
	for _, ent := range slices.SortedFunc(maps.Keys(o.refold), func(a, b desk.Entity) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), bytes.Compare(a.ID[:], b.ID[:]))
	}) {
		if err := o.reload(ent); err != nil {
			return err
		}
	}
	return nil
}

// reprice folds the entities again whose views take versions of records that came
// late: a case is promised what was in force when its clock started.
func (o *Op) reprice() error {
	from := map[desk.Type]desk.Stamp{} // of the views, from which on
	late := func(of desk.Type, since desk.Stamp) {
		for _, x := range o.Engine.table.needed[of] {
			if at, ok := from[x]; !ok || since < at {
				from[x] = since
			}
		}
	}
	for of, all := range o.dated {
		if all {
			late(of, 0)
		}
	}
	for i := range o.news {
		e := &o.news[i]
		if !o.Engine.table.dated(e.Entity.Type) {
			continue
		}
		since := e.Stamp
		if es, err := o.Tx.Events(e.Entity); err != nil {
			return err
		} else if len(es) > 0 && es[0].Stamp >= e.Stamp {
			since = 0 // before the first version the first holds
		}
		if since <= o.top {
			late(e.Entity.Type, since)
		}
	}
	if len(from) == 0 {
		return nil
	}
	first := slices.Min(slices.Collect(maps.Values(from)))
	for _, x := range slices.Sorted(maps.Keys(o.Tx.Vector())) {
		for e, err := range o.Tx.Since(x, first) {
			if err != nil {
				return err
			}
			if since, ok := from[e.Entity.Type]; ok && e.Stamp >= since {
				o.refold[e.Entity], o.whole[e.Entity] = true, true
			}
		}
	}
	return nil
}

// reload opens an entity whose events have changed under its view: what is owed to it
// is taken into the view where it can be, else the view is made of all events.
func (o *Op) reload(ent desk.Entity) error {
	t := &Touched{op: o, ent: ent, view: o.Engine.table.view(ent.Type), changed: true}
	b, err := o.Tx.View(ent)
	if err != nil {
		return err
	}
	if b != nil {
		was := o.Engine.table.view(ent.Type)
		if err := DecodeView(b, was.Stored()); err != nil {
			return err
		}
		t.old = was.Keys(ent)
		o.sees(ent, was)
	}
	var stepped View
	if !o.whole[ent] {
		if stepped, t.last, err = o.step(ent, b); err != nil {
			return err
		}
	}
	if stepped != nil {
		t.view = stepped
	} else {
		es, err := o.eventsOf(ent)
		if err != nil {
			return err
		}
		t.of(es)
		t.refold = true
	}
	if o.Touched[ent] == nil {
		o.order = append(o.order, ent)
	}
	o.Touched[ent] = t
	return nil
}
