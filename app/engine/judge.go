package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"punto/app/desk"
	"punto/app/rights"
)

// rule takes rulings into the authority of this transaction and indexes them.
func (o *Op) rule(es ...desk.Event) error {
	if len(es) == 0 {
		return nil
	}
	o.Rights = o.Rights.With(o.Tx, es...)
	for i := range es {
		if err := o.Tx.PutIndex(placeOf(ixRuling, &es[i]), nil); err != nil {
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

// EventOf is the event that a key of placeOf names.
func EventOf(k []byte) (desk.Origin, uint64) {
	return desk.Origin(binary.BigEndian.Uint64(k[9:])), binary.BigEndian.Uint64(k[17:])
}

// settle admits an event or keeps it aside.
func (o *Op) settle(e *desk.Event, why string) error {
	k := placeOf(IxRefused, e)
	if why == "" {
		return errors.Join(o.Tx.DeleteIndex(k), o.Tx.Admit(e))
	}
	return errors.Join(o.Tx.PutIndex(k, []byte(why)), o.Tx.Expel(e))
}

// rejudge judges the events that are held by the rulings of this command: those
// that an earlier authority judged otherwise.
func (o *Op) rejudge() error {
	old := o.judged
	if o.judged = o.Rights; old == o.Rights {
		return nil
	}
	o.forget()
	for x, from := range o.Rights.Changed(old, o.Tx, slices.Sorted(maps.Keys(o.Tx.Vector()))) {
		if from > o.top { // nothing was held there
			continue
		}
		retimed := o.Rights.Retimed(old, x)
		for e, err := range o.Tx.Since(x, from) {
			if err != nil {
				return err
			}
			was, now := old.Judge(o.Tx, &e), o.Rights.Judge(o.Tx, &e)
			if was != now {
				if err := o.settle(&e, now); err != nil {
					return err
				}
				o.dated[e.Entity.Type] = o.dated[e.Entity.Type] || o.Engine.table.dated(e.Entity.Type)
			}
			if was != now || retimed {
				o.refold[e.Entity], o.whole[e.Entity] = true, true
			}
		}
	}
	return nil
}

// rejudgeUndos judges the undos that are held of entities that have got an event
// which not everybody may undo: one may have come before what it takes back.
func (o *Op) rejudgeUndos() error {
	for ent := range o.guarded {
		es, err := o.Tx.Events(ent)
		if err != nil {
			return err
		}
		for i := range es {
			if es[i].Kind != desk.EventUndone {
				continue
			}
			if why := o.Rights.Judge(o.Tx, &es[i]); why != "" {
				if err := o.settle(&es[i], why); err != nil {
					return err
				}
				o.refold[ent], o.whole[ent] = true, true
			}
		}
	}
	return nil
}

// loadAuthority reads the rulings of the log.
func (e *Engine) loadAuthority() error {
	return e.Log.Read(func(r desk.Reader) error {
		a, err := rulingsOf(r, e.Log)
		if err == nil {
			e.Rights.Store(a)
		}
		return err
	})
}

// rulingsOf is the authority of all rulings of a log.
func rulingsOf(r desk.Reader, s desk.Standing) (*rights.Authority, error) {
	var all []desk.Event
	for k, err := range r.Scan([]byte{ixRuling}, nil, false) {
		if err != nil {
			return nil, fmt.Errorf("read the rulings of the log: %w", err)
		}
		ev, err := r.Event(EventOf(k.Key))
		if err != nil {
			return nil, fmt.Errorf("read a ruling of the log: %w", err)
		}
		all = append(all, ev)
	}
	return (&rights.Authority{}).With(struct {
		desk.Reader
		desk.Standing
	}{r, s}, all...), nil
}
