package desk

import (
	"context"
	"iter"
)

// Log is where the desk is kept: the events, and the views and indexes derived
// from them. Package store implements it on Badger.
type Log interface {
	Standing
	// Update runs f on the one writer and commits what it wrote, together with
	// what others queued meanwhile, in one synced transaction: durable when it
	// returns nil. When f fails nothing of it is kept. f may run more than once.
	Update(ctx context.Context, f func(Tx) error) error
	// Read runs f over one consistent snapshot. Byte slices that it hands out
	// are copies.
	Read(f func(Reader) error) error
	// Owed is how many entities are dirty, and how many events are owed to them, of
	// what is durable.
	Owed() (entities, events int)
	// Mark is a moment before which the one deriver reads, for Tx.Changed; Unmark
	// says that it reads no more.
	Mark() uint64
	Unmark()
}

// Standing is how far a log is and who writes in it. A Log tells what is durable;
// a Tx, that with all that its commit has taken so far.
type Standing interface {
	// Vector is the contiguous sequence held of each origin.
	Vector() Vector
	// Newest is the newest stamp of all events held, admitted or not, but for those
	// after LatestStamp; what is
	// written next comes after it.
	Newest() Stamp
	// Origin is this workstation's own incarnation.
	Origin() Origin
	// Signer is who writes under an origin; false when nobody has shown it.
	Signer(Origin) (Signer, bool)
}

// Reader reads one snapshot.
type Reader interface {
	// View is the folded state of an entity; nil when there is none. Of a dirty
	// entity it is of before what is owed to it.
	View(Entity) ([]byte, error)
	// Events are the admitted events of an entity, in the order of the fold, with
	// what is owed to it.
	Events(Entity) ([]Event, error)
	// News is what is owed to an entity, in the order of the fold, where its view and
	// that make the view of all its events; false where it is to be made of all of
	// them: one came or went before what the view is of, or counts otherwise now.
	News(Entity) (news []Event, after bool, err error)
	// Seen is the stamp of the newest event that the view of an entity is of; 0 when
	// it is of none.
	Seen(Entity) (Stamp, error)
	// Dirty walks the entities whose view is not of all their events, or of what
	// they count as now; Owes tells of one.
	Dirty() iter.Seq2[Owing, error]
	Owes(Entity) (bool, error)
	// Event is one event by its identity; an error when it is not held.
	Event(Origin, uint64) (Event, error)
	// Since walks the events of an origin from a stamp on, in sequence; the
	// stamps of an origin only rise. Admitted or not.
	Since(Origin, Stamp) iter.Seq2[Event, error]
	// Scan walks the keys of an index that begin with prefix, from the key from
	// (nil = the beginning; when reverse, the end), forwards or backwards.
	Scan(prefix, from []byte, reverse bool) iter.Seq2[IndexKey, error]
	// Meta is a small named value; nil when there is none.
	Meta(name string) ([]byte, error)
	// Blob is a derived block, such as the sealed columns of a day; nil when
	// there is none.
	Blob(name string) ([]byte, error)
}

// Tx reads and writes within Update. It sees its own writes.
type Tx interface {
	Reader
	Standing
	// After has f run once the commit is over, on the writer, before anybody is
	// answered and anything else is carried out: durable tells whether what was
	// written is. When the function of this Tx fails it is not run. What memory
	// keeps of the log follows here, in the order of the log.
	After(f func(durable bool))
	// Append gives the event this workstation's origin and next sequence
	// number, appends it to the log and admits it.
	Append(*Event) error
	// PutView keeps the state of an entity as of all its events, which makes it
	// clean; nil removes it.
	PutView(e Entity, view []byte) error
	PutIndex(key []byte, value []byte) error
	DeleteIndex(key []byte) error
	PutMeta(name string, value []byte) error
	PutBlob(name string, value []byte) error
	// Receive appends a run of another node, of which what is held already is
	// passed over, and gives its new events. They count only once admitted.
	// ErrGap, ErrForged, ErrStranger, ErrFork.
	Receive(Run) ([]Event, error)
	// Admit puts an event into the timeline of its entity, Expel takes it out.
	// Both leave the entity dirty.
	Admit(*Event) error
	Expel(*Event) error
	// MarkDirty has an entity derived again, of all its events, though they are the same.
	MarkDirty(Entity) error
	// Changed tells whether an entity may have changed since a mark of the Log, by
	// this commit or an earlier one.
	Changed(e Entity, mark uint64) bool
	// Reincarnate begins a new incarnation of this node. Its events after keep
	// leave the log and are given back, to be appended again.
	Reincarnate(keep uint64) ([]Event, error)
}

// Owing is an entity that is to be derived: how many events are owed to it, and the
// stamp of one of them; 0 when it is only to be derived again.
type Owing struct {
	Entity
	Events int
	From   Stamp
}

// IndexKey is one entry of an index: its whole key, with the prefix, and value.
type IndexKey struct{ Key, Value []byte }
