package kv

import (
	"iter"

	"punto/app/desk"
)

// Limits of what is kept, in bytes. Badger would move values of 1 MiB to its value
// log, whose damage it does not notice; so nothing that is derived is ever that long.
const (
	MaxKeyBytes   = 8 << 10
	MaxValueBytes = desk.MaxViewBytes
	entryOverhead = 40
)

// The first byte of a key is its table. These two are this room's own: nobody else
// writes into them.
const (
	tableJournal = 0x03 // n: an Update too big for one transaction, until applied
	tablePiece   = 0x05 // key, n: of a value that is kept in pieces
)

// Disk keeps keys in their order, durably: a Folder, or Memory for simulations. Apply
// and Renew belong to one goroutine, the rest is safe for many.
type Disk interface {
	// Snapshot is to be discarded by who took it.
	Snapshot() Snapshot
	// Apply makes the pending writes durable, all or none.
	Apply(*Pending) error
	// Renew replaces all keys that are not kept by pairs, which come sorted: all or
	// nothing. Step is told how far it is. No Apply may begin meanwhile; snapshots wait
	// while the one takes the place of the other.
	Renew(kept func(key []byte) bool, pairs iter.Seq2[Pair, error], step func(string)) error
	// Check reads all that is kept. The error is desk.ErrDamaged.
	Check() error
	// Close waits for what is read. The error is desk.ErrFull where a full volume keeps
	// it from ending: nothing is lost then.
	Close() error
}

// Snapshot is what was committed when it was taken; safe for many goroutines.
type Snapshot interface {
	Get(key []byte) ([]byte, error) // a copy; nil when there is none
	Iterate(prefix []byte, reverse bool) Iterator
	Discard()
}

// Iterator walks the keys of a snapshot in order. Key and value are copies. It belongs
// to one goroutine.
type Iterator interface {
	Seek(key []byte)
	Valid() bool
	Next()
	Key() []byte
	Value() ([]byte, error)
	Close()
}

// Pair is a key with its value; nil takes the key away.
type Pair struct {
	Key   string
	Value []byte
}

// Packer packs what a journal holds; it belongs to who calls Apply.
type Packer interface {
	Pack(dst, raw []byte) []byte
	Unpack(packed []byte) ([]byte, error)
}
