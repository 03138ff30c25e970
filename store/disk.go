package store

import "iter"

// disk keeps the keys: Badger, or memory for simulations.
type disk interface {
	snapshot() snapshot
	// apply makes the pending writes durable, all or none.
	apply(*pending) error
	// renew replaces all keys that are not kept by pairs, which come sorted: all or
	// nothing. Step is told how far it is.
	renew(kept func(key []byte) bool, pairs iter.Seq2[pair, error], step func(string)) error
	// check reads all that is kept.
	check() error
	close() error
}

// snapshot is what was committed when it was taken.
type snapshot interface {
	get(key []byte) ([]byte, error) // a copy; nil when there is none
	iterate(prefix []byte, reverse bool) iterator
	discard()
}

// iterator walks the keys of a snapshot in order. Key and value are copies.
type iterator interface {
	seek(key []byte)
	valid() bool
	next()
	key() []byte
	value() ([]byte, error)
	close()
}
