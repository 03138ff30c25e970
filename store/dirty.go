package store

import (
	"iter"

	"punto/app/desk"
)

// Dirty walks the entities to which something is owed, in the order of their keys.
func (r *Reader) Dirty() iter.Seq2[desk.Entity, error] {
	return func(yield func(desk.Entity, error) bool) {
		for k, err := range r.scan([]byte{tableDirty}, nil, false, false) {
			var e desk.Entity
			if err == nil {
				e = entityOf(k.Key)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Owed is how many entities are dirty, and how many events are owed to them, of what
// is durable.
func (db *DB) Owed() (entities, events int) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.owedEntities, db.owedEvents
}

// Mark is a moment before which whoever derives reads: Tx.Changed tells what was
// changed since. Only the newest mark is kept; of an older one all has changed. There
// is one deriver.
func (db *DB) Mark() uint64 {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.mark++
	db.changed = map[desk.Entity]struct{}{}
	return db.mark
}

// Unmark ends the keeping of what changes.
func (db *DB) Unmark() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.mark++
	db.changed = nil
}

// Changed tells whether an entity may have changed since a mark: its events, which
// of them count, or its view.
func (t *Tx) Changed(e desk.Entity, mark uint64) bool {
	if _, now := t.touched[e]; now {
		return true
	}
	t.db.mu.Lock()
	defer t.db.mu.Unlock()
	_, changed := t.db.changed[e]
	return changed || t.db.changed == nil || mark != t.db.mark
}

// loadDirty reads what is owed, when the folder is opened.
func (db *DB) loadDirty(r *Reader) error {
	db.dirty = map[desk.Entity]int{}
	for k, err := range r.scan([]byte{tableDirty}, nil, false, true) {
		if err != nil {
			return err
		}
		n := len(k.Value) / placeBytes
		db.dirty[entityOf(k.Key)] = n
		db.owedEntities, db.owedEvents = db.owedEntities+1, db.owedEvents+n
	}
	return nil
}

// settleDirty has memory follow a commit. The caller holds db.mu, on the writer.
func (db *DB) settleDirty(t *Tx) {
	for e := range t.touched {
		if db.changed != nil {
			db.changed[e] = struct{}{}
		}
		v, written := t.p.values[string(entityKey(tableDirty, e))]
		if !written {
			continue
		}
		n, was := db.dirty[e]
		if was {
			db.owedEntities, db.owedEvents = db.owedEntities-1, db.owedEvents-n
		}
		if v == nil {
			delete(db.dirty, e)
			continue
		}
		n = len(v) / placeBytes
		db.dirty[e] = n
		db.owedEntities, db.owedEvents = db.owedEntities+1, db.owedEvents+n
	}
}

// forgetDirty is for what was dropped with all that is derived. On the writer.
func (db *DB) forgetDirty() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.dirty = map[desk.Entity]int{}
	db.owedEntities, db.owedEvents = 0, 0
}
