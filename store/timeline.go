package store

import (
	"bytes"
	"slices"

	"punto/app/desk"
)

// What is derived of an entity costs one key: its view, and before it the end of its
// timeline, which is the list of the events that count of it. What no longer fits
// there lies in chunks of its own, so that an event in order never writes more than
// one chunk anew.
//
// An event that is admitted does not touch the timeline. It waits in the list of what
// is owed to the entity, which one key holds too, until PutView says that the view is
// of it: then it moves into the timeline. An entity to which something is owed is
// dirty: its view is not of all its events, or its events count otherwise than when
// it was made. Events gives both, so nobody reads half a history.
//
//	tableEntity  type, id            length of the timeline's end, that, view
//	tableOlder   type, id, place     chunk: the events from that place on
//	tableDirty   type, id            places, 24 bytes each, perhaps after anew
const placeBytes = 24

// How many events the end of a timeline holds beside the view, and how many a chunk.
const (
	endPlaces   = 64
	chunkPlaces = 128
)

func olderKey(e desk.Entity, p place) []byte { return p.append(entityKey(tableOlder, e)) }

// entityOf is the entity that a key of entityKey names.
func entityOf(k []byte) desk.Entity { return desk.Entity{Type: desk.Type(k[1]), ID: desk.ID(k[2:18])} }

// anew stands first in a list of what is owed where the view is to be made of all
// events: what is listed is not all that has changed. No event has such a place.
var anew = make([]byte, placeBytes)

// isAnew tells whether a list says so; one without places always did.
func isAnew(owed []byte) bool { return len(owed) == 0 || bytes.HasPrefix(owed, anew) }

// owes is how many events a list has.
func owes(owed []byte) int {
	n := len(owed) / placeBytes
	if n > 0 && isAnew(owed) {
		n--
	}
	return n
}

// parseOwed are the places of a list of what is owed, sorted, each once.
func parseOwed(b []byte) (ps []place, err error) {
	if len(b)%placeBytes != 0 {
		return nil, desk.Damaged("a list of what is to be derived of %d bytes", len(b))
	}
	if len(b) > 0 && isAnew(b) {
		b = b[placeBytes:]
	}
	for ; len(b) > 0; b = b[placeBytes:] {
		ps = append(ps, parsePlace(b))
	}
	slices.SortFunc(ps, place.compare)
	return slices.Compact(ps), nil
}

// View is the folded state of an entity; nil when there is none. It may be of before
// what is owed.
func (r *Reader) View(e desk.Entity) ([]byte, error) {
	b, err := r.get(entityKey(tableEntity, e))
	if err != nil {
		return nil, err
	}
	_, view, err := cutEntity(b)
	return view, err
}

// places are those of all admitted events of an entity, in the order of the fold.
func (r *Reader) places(e desk.Entity) (ps []place, err error) {
	b, err := r.get(entityKey(tableEntity, e))
	if err != nil {
		return nil, err
	}
	end, _, err := cutEntity(b)
	if err != nil {
		return nil, err
	}
	c, err := parseChunk(end)
	if err != nil {
		return nil, err
	}
	if ps = c.places; c.older {
		if ps, err = r.olderThan(e, c.places); err != nil {
			return nil, err
		}
	}
	owed, err := r.owed(e)
	if err != nil || len(owed) == 0 {
		return ps, err
	}
	more, err := parseOwed(owed)
	return merged(ps, more), err
}

// olderThan puts the older chunks of an entity before its end.
func (r *Reader) olderThan(e desk.Entity, end []place) (ps []place, err error) {
	for k, err := range r.scan(entityKey(tableOlder, e), nil, false, true) {
		if err != nil {
			return nil, err
		}
		c, err := parseChunk(k.Value)
		if err != nil {
			return nil, err
		}
		ps = append(ps, c.places...)
	}
	return append(ps, end...), nil
}

// owed is the list of what is owed to an entity; nil when it is not dirty.
func (r *Reader) owed(e desk.Entity) ([]byte, error) {
	k := entityKey(tableDirty, e)
	if r.clean {
		return nil, nil
	}
	if r.tx == nil {
		return r.get(k)
	}
	if v, ok := r.p.Get(k); ok {
		return v, nil
	}
	if _, dirty := r.db.dirty[e]; !dirty {
		return nil, nil
	}
	return r.get(k)
}

// News is what is owed to an entity, in the order of the fold, where its view and that
// make the view of all its events: all of it came after what the view is of, or there is
// neither a view nor what one would be of. False where it is to be made of all events.
func (r *Reader) News(e desk.Entity) (es []desk.Event, after bool, err error) {
	owed, err := r.owed(e)
	if err != nil || owed == nil {
		return nil, err == nil, err
	}
	if isAnew(owed) {
		return nil, false, nil
	}
	b, err := r.get(entityKey(tableEntity, e))
	if err != nil {
		return nil, false, err
	}
	ps, err := parseOwed(owed)
	if err != nil {
		return nil, false, err
	}
	if b != nil {
		last, view, err := lastOf(b)
		if err != nil || view == nil || last == (place{}) || ps[0].compare(last) <= 0 {
			return nil, false, err
		}
	}
	es, err = r.events(ps)
	return es, err == nil, err
}

// Seen is the stamp of the newest event that the view of an entity is of; 0 when it is
// of none.
func (r *Reader) Seen(e desk.Entity) (desk.Stamp, error) {
	b, err := r.get(entityKey(tableEntity, e))
	if err != nil || b == nil {
		return 0, err
	}
	last, _, err := lastOf(b)
	return last.stamp, err
}

// lastOf is the place of the newest event of what lies under the key of an entity; the
// zero place when its end is empty.
func lastOf(b []byte) (last place, view []byte, err error) {
	end, view, err := cutEntity(b)
	if err != nil {
		return last, nil, err
	}
	c, err := parseChunk(end)
	if n := len(c.places); n > 0 {
		last = c.places[n-1]
	}
	return last, view, err
}

// Events are the admitted events of an entity, in the order of the fold.
func (r *Reader) Events(e desk.Entity) (es []desk.Event, err error) {
	ps, err := r.places(e)
	if err != nil || len(ps) == 0 {
		return nil, err
	}
	return r.events(ps)
}

func (r *Reader) events(ps []place) (es []desk.Event, err error) {
	es = make([]desk.Event, len(ps))
	for i, p := range ps {
		if es[i], err = r.Event(p.origin, p.seq); err != nil {
			return nil, err
		}
	}
	return es, nil
}

// owe has more events of an entity derived.
func (t *Tx) owe(e desk.Entity, p place) error {
	now, err := t.owed(e) // what an earlier function of the group left is not written over: only its end is
	if err != nil {
		return err
	}
	switch {
	case now == nil:
		now = make([]byte, 0, placeBytes*8)
	case len(now) == 0:
		now = append(now, anew...)
	}
	t.p.Put(entityKey(tableDirty, e), p.append(now))
	t.touch(e)
	return nil
}

// oweAll has a view made of all the events of an entity.
func (t *Tx) oweAll(e desk.Entity) error {
	was, err := t.owed(e)
	if err != nil || was != nil && isAnew(was) {
		return err
	}
	t.p.Put(entityKey(tableDirty, e), append(bytes.Clone(anew), was...))
	t.touch(e)
	return nil
}

// touch notes that a commit changes an entity.
func (t *Tx) touch(e desk.Entity) {
	if t.touched == nil {
		t.touched = map[desk.Entity]struct{}{}
	}
	t.touched[e] = struct{}{}
}

// Admit puts an event into what is owed to its entity.
func (t *Tx) Admit(e *desk.Event) error { return t.owe(e.Entity, placeOf(e)) }

// MarkDirty has an entity derived again though its events are the same.
func (t *Tx) MarkDirty(e desk.Entity) error { return t.oweAll(e) }

// Expel takes an event out of the timeline of its entity, which is dirty then.
func (t *Tx) Expel(e *desk.Event) error {
	gone := placeOf(e)
	owed, err := t.owed(e.Entity)
	if err != nil {
		return err
	}
	if ps, err := parseOwed(owed); err != nil {
		return err
	} else if i, there := slices.BinarySearchFunc(ps, gone, place.compare); there {
		left := make([]byte, 0, len(owed))
		if isAnew(owed) {
			left = append(left, anew...)
		}
		for _, p := range slices.Delete(ps, i, i+1) {
			left = p.append(left)
		}
		t.p.Set(entityKey(tableDirty, e.Entity), left)
		t.touch(e.Entity)
	}
	end, view, err := t.entity(e.Entity)
	if err != nil {
		return err
	}
	if i, there := slices.BinarySearchFunc(end.places, gone, place.compare); there {
		end.places = slices.Delete(end.places, i, i+1)
		t.p.Put(entityKey(tableEntity, e.Entity), joinEntity(end.bytes(), view))
		return t.oweAll(e.Entity)
	}
	if !end.older {
		return nil
	}
	key, c, err := t.chunkOf(e.Entity, gone)
	if err != nil || key == nil {
		return err
	}
	i, there := slices.BinarySearchFunc(c.places, gone, place.compare)
	if !there {
		return nil
	}
	t.p.Put(key, nil)
	if c.places = slices.Delete(c.places, i, i+1); len(c.places) > 0 {
		t.p.Put(olderKey(e.Entity, c.places[0]), c.bytes())
	}
	return t.oweAll(e.Entity)
}

// entity reads the end of a timeline and the view.
func (t *Tx) entity(e desk.Entity) (end chunk, view []byte, err error) {
	b, err := t.get(entityKey(tableEntity, e))
	if err != nil {
		return end, nil, err
	}
	raw, view, err := cutEntity(b)
	if err == nil {
		end, err = parseChunk(raw)
	}
	return end, view, err
}

// chunkOf is the older chunk that has a place, or would have it; nil when there is
// none.
func (t *Tx) chunkOf(e desk.Entity, p place) (key []byte, c chunk, err error) {
	prefix := entityKey(tableOlder, e)
	for _, reverse := range []bool{true, false} { // the last that begins before it, else the first
		from := olderKey(e, p)
		if !reverse {
			from = nil
		}
		for k, err := range t.scan(prefix, from, reverse, true) {
			if err != nil {
				return nil, c, err
			}
			c, err = parseChunk(k.Value)
			return k.Key, c, err
		}
	}
	return nil, c, nil
}

// PutView keeps the folded state of an entity: of all its events, which is what
// makes it clean. nil removes it.
func (t *Tx) PutView(e desk.Entity, view []byte) error {
	if len(view) > MaxValueBytes {
		return t.set(entityKey(tableEntity, e), view) // says that it is too big
	}
	end, _, err := t.entity(e)
	if err != nil {
		return err
	}
	owed, err := t.owed(e)
	if err != nil {
		return err
	}
	news, err := parseOwed(owed)
	if err != nil {
		return err
	}
	if err := t.extend(e, &end, news); err != nil {
		return err
	}
	k := entityKey(tableDirty, e)
	if _, stored := t.db.dirty[e]; stored {
		t.p.Put(k, nil)
	} else {
		t.p.Forget(k)
	}
	t.touch(e)
	k = entityKey(tableEntity, e)
	if raw := end.bytes(); view != nil || raw != nil {
		t.p.Put(k, joinEntity(raw, view))
		return nil
	}
	return t.delete(k)
}

// extend puts places into the timeline of an entity, whose end is read.
func (t *Tx) extend(e desk.Entity, end *chunk, news []place) error {
	var early []place // of before the end
	if end.older {
		n := 0
		if len(end.places) > 0 {
			n, _ = slices.BinarySearchFunc(news, end.places[0], place.compare)
		} else {
			n = len(news) // the end is empty: its first place is not known
		}
		early, news = news[:n], news[n:]
	}
	for _, p := range early {
		if err := t.insert(e, p); err != nil {
			return err
		}
	}
	var older []chunk
	was := end.older
	*end, older = cutPlaces(merged(end.places, news))
	for _, c := range older {
		t.p.Put(olderKey(e, c.places[0]), c.bytes())
	}
	end.older = end.older || was
	return nil
}

// insert puts a place into an older chunk, which is halved when it has grown.
func (t *Tx) insert(e desk.Entity, p place) error {
	key, c, err := t.chunkOf(e, p)
	if err != nil {
		return err
	}
	i, there := slices.BinarySearchFunc(c.places, p, place.compare)
	if there {
		return nil
	}
	if c.places = slices.Insert(c.places, i, p); i == 0 && key != nil {
		t.p.Put(key, nil)
	}
	if n := len(c.places); n > chunkPlaces {
		half := chunk{places: c.places[n/2:]}
		t.p.Put(olderKey(e, half.places[0]), half.bytes())
		c.places = c.places[:n/2]
	}
	t.p.Put(olderKey(e, c.places[0]), c.bytes())
	return nil
}
