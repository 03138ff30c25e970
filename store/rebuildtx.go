package store

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"

	"punto/app/desk"
	"punto/store/kv"
)

// rebuildTx is what a Deriver writes to: a sorter. It reads the log as it is, and the
// events of an entity as they count now. It belongs to one goroutine.
type rebuildTx struct {
	Reader
	b   *rebuilding
	out *kv.Sorter
	put bool // the view of the entity at hand
	now []place
}

// end gives back what is read.
func (t *rebuildTx) end() { t.snap.Discard() }

// each gives the frames of a section.
func (t *rebuildTx) each(p section, f func(frame []byte) error) error {
	o := t.b.origins[p.origin]
	if p.to > t.b.heads[o].Sealed {
		for s := p.from; s <= p.to; s++ {
			x, err := t.frame(o, s)
			if err == nil {
				err = f(x)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	raw, err := t.rawBlock(o, p.from)
	if err != nil {
		return err
	}
	x, err := t.db.codec.Unseal(o, p.from, raw)
	if err != nil {
		return err
	}
	for _, frame := range x.Frames {
		if err := f(frame); err != nil {
			return err
		}
	}
	return nil
}

// entity derives one.
func (t *rebuildTx) entity(d desk.Worker, s stretch) error {
	ent := t.b.all[s.from].entity()
	t.put, t.now = false, t.b.places(s)
	es, err := t.events(t.now)
	if err == nil {
		err = d.Derive(t, ent, es)
	}
	if err == nil && !t.put {
		err = t.PutView(ent, nil)
	}
	if err != nil {
		return fmt.Errorf("derive %v %v: %w", ent.Type, ent.ID, err)
	}
	return nil
}

// PutView implements desk.Tx for the entity at hand.
func (t *rebuildTx) PutView(e desk.Entity, view []byte) error {
	if len(view) > MaxValueBytes {
		return fmt.Errorf("%w: a view of %d bytes, at most %d", ErrTooBig, len(view), MaxValueBytes)
	}
	t.put = true
	end, older := cutPlaces(t.now)
	for _, c := range older {
		if err := t.out.Put(olderKey(e, c.places[0]), c.bytes()); err != nil {
			return err
		}
	}
	return t.out.Put(entityKey(tableEntity, e), joinEntity(end.bytes(), view))
}

// Events implements desk.Reader.
func (t *rebuildTx) Events(e desk.Entity) ([]desk.Event, error) {
	want := standing{hi: binary.BigEndian.Uint64(e.ID[:]), lo: binary.BigEndian.Uint64(e.ID[8:]), kind: e.Type}
	from, found := slices.BinarySearchFunc(t.b.all, want, func(x, y standing) int { return cmp.Or(x.of(&y), 1) })
	if found || from == len(t.b.all) || t.b.all[from].of(&want) != 0 {
		return nil, nil
	}
	to := from + 1
	for to < len(t.b.all) && t.b.all[to].of(&want) == 0 {
		to++
	}
	return t.events(t.b.places(stretch{uint32(from), uint32(to)})) // as above
}

// PutIndex implements desk.Tx.
func (t *rebuildTx) PutIndex(key, value []byte) error {
	if len(value) > MaxValueBytes || len(key) > kv.MaxKeyBytes {
		return fmt.Errorf("%w: a key of %d and a value of %d bytes", ErrTooBig, len(key), len(value))
	}
	return t.out.Put(tableKey(tableIndex, key), value)
}

// Standing implements desk.Tx.
func (t *rebuildTx) Vector() desk.Vector { return vectorOf(t.b.heads) }

func (t *rebuildTx) Newest() desk.Stamp { return t.db.Newest() }

func (t *rebuildTx) Origin() desk.Origin { return t.db.Origin() }

func (t *rebuildTx) Signer(o desk.Origin) (desk.Signer, bool) { return t.db.Signer(o) }

func (t *rebuildTx) View(desk.Entity) ([]byte, error) { return nil, nil }

func (t *rebuildTx) Blob(string) ([]byte, error) { return nil, nil }

func (t *rebuildTx) Changed(desk.Entity, uint64) bool { return false }

func (t *rebuildTx) News(desk.Entity) ([]desk.Event, bool, error) { return nil, false, nil }

func (t *rebuildTx) Seen(desk.Entity) (desk.Stamp, error) { return 0, nil }

func (t *rebuildTx) Owes(desk.Entity) (bool, error) { return false, nil }

func (t *rebuildTx) Dirty() iter.Seq2[desk.Owing, error] {
	return func(func(desk.Owing, error) bool) {}
}

func (t *rebuildTx) Scan(_, _ []byte, _ bool) iter.Seq2[desk.IndexKey, error] {
	return func(func(desk.IndexKey, error) bool) {}
}

// errDeriving is of what follows from no event.
var errDeriving = errors.New("only views and indexes are written while everything is derived anew")

func (t *rebuildTx) After(func(bool)) {}

func (t *rebuildTx) Append(*desk.Event) error { return errDeriving }

func (t *rebuildTx) DeleteIndex([]byte) error { return errDeriving }

func (t *rebuildTx) PutMeta(string, []byte) error { return errDeriving }

func (t *rebuildTx) PutBlob(string, []byte) error { return errDeriving }

func (t *rebuildTx) Receive(desk.Run) ([]desk.Event, error) { return nil, errDeriving }

func (t *rebuildTx) Admit(*desk.Event) error { return errDeriving }

func (t *rebuildTx) Expel(*desk.Event) error { return errDeriving }

func (t *rebuildTx) MarkDirty(desk.Entity) error { return errDeriving }

func (t *rebuildTx) Reincarnate(uint64) ([]desk.Event, error) { return nil, errDeriving }
