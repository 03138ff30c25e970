package engine

import (
	"context"

	"punto/app/desk"
	"punto/app/rights"
)

// Names looks records up in one snapshot and remembers them.
type Names struct {
	Engine  *Engine
	Reader  desk.Reader
	Rights  *rights.Authority // with the rulings of the command
	Seen    map[desk.Entity]desk.Record
	Written func(desk.Entity) (desk.Record, bool) // by the command itself; nil in a query
	Events  func(desk.Entity) ([]desk.Event, error)
	told    map[desk.Entity][]desk.Event
	pinned  map[Version]desk.Record
	kept    map[any]any
	decoded map[desk.Entity]decodedNoun
}

// forget drops what was looked up: which events count has changed.
func (n *Names) forget() {
	clear(n.Seen)
	clear(n.told)
	clear(n.pinned)
	clear(n.kept)
	clear(n.decoded)
}

// Version is a record after its first n events; the zero Version is of none.
type Version struct {
	desk.Entity
	n int
}

// NewNames looks records up in one snapshot.
func NewNames(e *Engine, r desk.Reader) *Names {
	n := &Names{Engine: e, Reader: r, Rights: e.Rights.Load(), Seen: map[desk.Entity]desk.Record{}, told: map[desk.Entity][]desk.Event{}, pinned: map[Version]desk.Record{}, kept: map[any]any{},
		decoded: map[desk.Entity]decodedNoun{}}
	n.Events = n.Stored
	return n
}

// Stored are the events of a record in the snapshot, read once.
func (n *Names) Stored(ent desk.Entity) (es []desk.Event, err error) {
	es, ok := n.told[ent]
	if !ok {
		es, err = n.Reader.Events(ent)
		n.Rights.Corrected(es)
		n.told[ent] = es
	}
	return es, err
}

// RecordAt is a record as it was at a stamp: what a case is promised is what was
// in force when its clock started, whatever is agreed later. Before its first
// version the first holds.
func (n *Names) RecordAt(t desk.Type, id desk.ID, at desk.Stamp) (r desk.Record, err error) {
	v, events, err := n.versionAt(desk.Entity{Type: t, ID: id}, at)
	if err != nil || v.n == 0 {
		return r, err
	}
	r, ok := n.pinned[v]
	if !ok {
		r = desk.FoldRecord(events[:v.n])
		n.pinned[v] = r
	}
	return r, nil
}

func (n *Names) versionAt(ent desk.Entity, at desk.Stamp) (v Version, events []desk.Event, err error) {
	if events, err = n.Events(ent); err != nil || len(events) == 0 {
		return v, nil, err
	}
	v = Version{ent, 1}
	for v.n < len(events) && events[v.n].Stamp <= at {
		v.n++
	}
	return v, events, nil
}

// VersionAt names the version that RecordAt gives.
func (n *Names) VersionAt(t desk.Type, id desk.ID, at desk.Stamp) (Version, error) {
	v, _, err := n.versionAt(desk.Entity{Type: t, ID: id}, at)
	return v, err
}

// Kept gives what make makes of versions of records, once for each snapshot. Key names
// them and what is made of them.
func Kept[T any](n *Names, key any, make func() (T, error)) (T, error) {
	if v, ok := n.kept[key]; ok {
		return v.(T), nil
	}
	v, err := make()
	if err == nil {
		n.kept[key] = v
	}
	return v, err
}

// Look is one query being answered.
type Look struct {
	Names   *Names
	Reader  desk.Reader
	Engine  *Engine
	Ctx     context.Context
	Session Session
	Now     int64
}

// Record is a record as the snapshot has it, or as the command has left it so far.
func (n *Names) Record(t desk.Type, id desk.ID) (desk.Record, error) {
	ent := desk.Entity{Type: t, ID: id}
	if n.Written != nil {
		if r, ok := n.Written(ent); ok {
			return r, nil
		}
	}
	if r, ok := n.Seen[ent]; ok || id.IsZero() && t != desk.OrganisationType && t != desk.ModelType {
		return r, nil
	}
	var r desk.Record
	b, err := n.Reader.View(ent)
	if err == nil {
		err = DecodeView(b, &r)
	}
	if err == nil {
		n.Seen[ent] = r
	}
	return r, err
}

// Noun reads one record as T; the zero T when there is none.
func Noun[T any](n *Names, t desk.Type, id desk.ID) (v T, err error) {
	r, err := n.Record(t, id)
	if err != nil || len(r.Fields) == 0 {
		return v, err
	}
	ent := desk.Entity{Type: t, ID: id}
	if d, ok := n.decoded[ent]; ok && d.head == r.Head {
		if v, ok := d.noun.(T); ok {
			return v, nil
		}
	}
	if v, err = desk.As[T](r); err == nil {
		n.decoded[ent] = decodedNoun{r.Head, v}
	}
	return v, err
}

// decodedNoun is a record decoded as of a stamp; its slices are never written.
type decodedNoun struct {
	head desk.Stamp
	noun any
}
