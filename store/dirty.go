package store

import (
	"iter"

	"punto/app/desk"
)

// Dirty walks the entities to which something is owed, in the order of their keys, and
// tells since which event.
func (r *Reader) Dirty() iter.Seq2[desk.Owing, error] {
	return func(yield func(desk.Owing, error) bool) {
		if r.clean {
			return
		}
		for k, err := range r.scan([]byte{tableDirty}, nil, false, true) {
			var x desk.Owing
			if err == nil {
				x.Entity, x.Events = entityOf(k.Key), owes(k.Value)
				if x.Events > 0 {
					x.From = parsePlace(k.Value[len(k.Value)-x.Events*placeBytes:]).stamp
				}
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

// Owes tells whether something is owed to an entity.
func (r *Reader) Owes(e desk.Entity) (bool, error) {
	if r.clean {
		return false, nil
	}
	b, err := r.owed(e)
	return b != nil, err
}

// Owed is how many entities are dirty, and how many events are owed to them, of what
// is durable.
func (db *DB) Owed() (entities, events int) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.owedEntities, db.owedEvents
}

// Mark is a moment before which whoever derives reads: Tx.Changed tells what was
// changed since. There is one deriver, who may have read at several moments.
func (db *DB) Mark() uint64 {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.changed == nil || len(db.changed) > changedKept {
		db.changed, db.floor = map[desk.Entity]uint64{}, db.mark+1
	}
	db.mark++
	return db.mark
}

// changedKept is how many changes are remembered; when there are more all has changed
// since the marks before.
const changedKept = 100_000

// Unmark ends the keeping of what changes.
func (db *DB) Unmark() {
	db.mu.Lock()
	defer db.mu.Unlock()
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
	at, changed := t.db.changed[e]
	return changed && at >= mark || t.db.changed == nil || mark < t.db.floor
}

// unclean says before a commit that it may make something dirty: who takes a snapshot
// from now on cannot be sure that it is clean.
func (db *DB) unclean(t *Tx) {
	if len(t.touched) == 0 {
		return
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.dirtying++
}

// soil is how often something may have become dirty, and whether nothing is.
func (db *DB) soil() (times uint64, clean bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.dirtying, db.owedEntities == 0 && db.dirtying == db.dirtied
}

// loadDirty reads what is owed, when the folder is opened.
func (db *DB) loadDirty(r *Reader) error {
	db.dirty = map[desk.Entity]int{}
	for k, err := range r.scan([]byte{tableDirty}, nil, false, true) {
		if err != nil {
			return err
		}
		n := owes(k.Value)
		db.dirty[entityOf(k.Key)] = n
		db.owedEntities, db.owedEvents = db.owedEntities+1, db.owedEvents+n
	}
	return nil
}

// settleDirty has memory follow a commit. The caller holds db.mu, on the writer.
func (db *DB) settleDirty(t *Tx) {
	db.dirtied = db.dirtying
	for e := range t.touched {
		if db.changed != nil {
			db.changed[e] = db.mark
		}
		v, written := t.p.Get(entityKey(tableDirty, e))
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
		n = owes(v)
		db.dirty[e] = n
		db.owedEntities, db.owedEvents = db.owedEntities+1, db.owedEvents+n
	}
}

// forgetDirty is for what was dropped with all that is derived. On the writer.
func (db *DB) forgetDirty() {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.dirty = map[desk.Entity]int{}
	db.owedEntities, db.owedEvents, db.changed = 0, 0, nil
}
