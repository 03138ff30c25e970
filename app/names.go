package app

import (
	"bytes"
	"context"

	"punto/app/authority"
	"punto/app/desk"
)

// names looks records up in one snapshot and remembers them.
type names struct {
	e       *Engine
	r       desk.Reader
	auth    *authority.Authority // with the rulings of the command
	seen    map[desk.Entity]desk.Record
	written func(desk.Entity) (desk.Record, bool) // by the command itself; nil in a query
	events  func(desk.Entity) ([]desk.Event, error)
	told    map[desk.Entity][]desk.Event
	pinned  map[version]desk.Record
	decoded map[desk.Entity]decodedNoun
}

// forget drops what was looked up: which events count has changed.
func (n *names) forget() {
	clear(n.seen)
	clear(n.told)
	clear(n.pinned)
	clear(n.decoded)
}

// version is a record after its first n events.
type version struct {
	desk.Entity
	n int
}

func newNames(e *Engine, r desk.Reader) *names {
	n := &names{e: e, r: r, auth: e.auth.Load(), seen: map[desk.Entity]desk.Record{}, told: map[desk.Entity][]desk.Event{}, pinned: map[version]desk.Record{},
		decoded: map[desk.Entity]decodedNoun{}}
	n.events = n.stored
	return n
}

// stored are the events of a record in the snapshot, read once.
func (n *names) stored(ent desk.Entity) (es []desk.Event, err error) {
	es, ok := n.told[ent]
	if !ok {
		es, err = n.r.Events(ent)
		n.auth.Corrected(es)
		n.told[ent] = es
	}
	return es, err
}

// recordAt is a record as it was at a stamp: what a case is promised is what was
// in force when its clock started, whatever is agreed later. Before its first
// version the first holds.
func (n *names) recordAt(t desk.Type, id desk.ID, at desk.Stamp) (r desk.Record, err error) {
	ent := desk.Entity{Type: t, ID: id}
	events, err := n.events(ent)
	if err != nil || len(events) == 0 {
		return r, err
	}
	k := 1
	for k < len(events) && events[k].Stamp <= at {
		k++
	}
	v := version{ent, k}
	r, ok := n.pinned[v]
	if !ok {
		r = desk.FoldRecord(events[:k])
		n.pinned[v] = r
	}
	return r, nil
}

// look is one query being answered.
type look struct {
	desk *names
	r    desk.Reader
	e    *Engine
	ctx  context.Context
	s    session
	now  int64
}

func (n *names) record(t desk.Type, id desk.ID) (desk.Record, error) {
	ent := desk.Entity{Type: t, ID: id}
	if n.written != nil {
		if r, ok := n.written(ent); ok {
			return r, nil
		}
	}
	if r, ok := n.seen[ent]; ok || id.IsZero() && t != desk.DeskType && t != desk.ModelType {
		return r, nil
	}
	var r desk.Record
	b, err := n.r.View(ent)
	if err == nil {
		err = decodeView(b, &r)
	}
	if err == nil {
		n.seen[ent] = r
	}
	return r, err
}

// noun reads one record as T; the zero T when there is none.
func noun[T any](n *names, t desk.Type, id desk.ID) (v T, err error) {
	r, err := n.record(t, id)
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

func (n *names) name(t desk.Type, id desk.ID) string {
	if id.IsZero() {
		return ""
	}
	r, err := n.record(t, id)
	if err != nil {
		return ""
	}
	var s struct { // the name is field 1 of every noun, and the title of an article field 2
		One, Two string
	}
	_ = desk.Decode(r.Fields[1], &s.One)
	_ = desk.Decode(r.Fields[2], &s.Two)
	if t == desk.ArticleType || t == desk.ContractType {
		return s.Two
	}
	return s.One
}

// first is the id of the first key under a prefix; false when there is none.
func first(r desk.Reader, p []byte) (id desk.ID, ok bool, err error) {
	for k, err := range r.Scan(p, nil, false) {
		return idOf(k.Key), err == nil, err
	}
	return id, false, nil
}

// byRef finds what was imported under a reference.
func (n *names) byRef(t desk.Type, ref string) (desk.ID, bool, error) {
	return first(n.r, prefix(ixRef, t, ref))
}

// everything there is one of: the desk and its service model are entities with
// the zero id.
func (n *names) theDesk() (desk.Desk, error) { return noun[desk.Desk](n, desk.DeskType, desk.ID{}) }

// theModel is the service model. Decoding it is most of a command's work, so the
// last one decoded is kept with its bytes and serves while they are the same.
func (n *names) theModel() (m desk.Model, err error) {
	ent := desk.Entity{Type: desk.ModelType}
	if n.written != nil {
		if r, ok := n.written(ent); ok {
			return desk.As[desk.Model](r)
		}
	}
	b, err := n.r.View(ent)
	if err != nil || b == nil {
		return m, err
	}
	if d := n.e.model.Load(); d != nil && bytes.Equal(d.raw, b) {
		return d.model, nil
	}
	if m, err = noun[desk.Model](n, desk.ModelType, desk.ID{}); err == nil {
		n.e.model.Store(&decodedModel{b, m})
	}
	return m, err
}

// decodedModel is a service model and the bytes that it was read from. It is
// never written.
type decodedModel struct {
	raw   []byte
	model desk.Model
}

// contractOf is the contract with that id, else the first of the desk.
func (n *names) contractOf(id desk.ID) (desk.ID, desk.Contract, error) {
	if id.IsZero() {
		var err error
		if id, _, err = first(n.r, prefix(ixRecord, desk.ContractType)); err != nil {
			return id, desk.Contract{}, err
		}
	}
	c, err := noun[desk.Contract](n, desk.ContractType, id)
	return id, c, err
}

// pageBytes is about how much text one page holds; what is more comes with the
// next, so that rows that are long on purpose keep no list from coming.
const pageBytes = 4 << 20

// page walks an index and gives at most limit rows to use, which answers the row
// that it has kept, or nil; and the key to go on from.
func page(r desk.Reader, p, after []byte, reverse bool, limit, byDefault int, use func(desk.ID) (any, error)) ([]byte, error) {
	if limit <= 0 {
		limit = byDefault
	}
	limit = min(limit, 1000)
	var last []byte
	n, bytesLeft := 0, pageBytes
	for k, err := range r.Scan(p, after, reverse) {
		if err != nil {
			return nil, err
		}
		if bytes.Equal(k.Key, after) {
			continue
		}
		if n == limit || bytesLeft <= 0 {
			return last, nil
		}
		last = bytes.Clone(k.Key)
		row, err := use(idOf(k.Key))
		if err != nil {
			return nil, err
		}
		if row != nil {
			n++
			bytesLeft -= desk.Weigh(row)
		}
	}
	return nil, nil
}
