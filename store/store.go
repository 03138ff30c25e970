package store

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"

	"github.com/dgraph-io/badger/v4"
	"github.com/klauspost/compress/zstd"

	"punto/app/desk"
)

// Options say where the desk lies. Only Dir is required.
type Options struct {
	Dir      string // made with mode 0700 when missing
	ReadOnly bool
	Logger   *slog.Logger // nil discards
}

// DB is an open data folder; safe for many goroutines. It is a desk.Log.
type DB struct {
	badger   *badger.DB
	dir      string
	readOnly bool
	log      *slog.Logger
	origin   desk.Origin
	key      ed25519.PrivateKey
	pub      [32]byte
	zip      *zstd.Encoder
	unzip    *zstd.Decoder
	blocks   blockCache
	marks    *marks

	queue    chan *request
	quit     chan struct{}
	written  chan struct{} // closed when the writer has ended
	checked  chan struct{} // closed when the tables have been checked
	ending   sync.Once
	applying sync.RWMutex // held while a journal is applied

	mu       sync.Mutex
	headsNow map[desk.Origin]head // replaced, never changed; under mu
	failure  error                // first one; under mu
}

// heads is a copy of the current heads.
func (db *DB) heads() map[desk.Origin]head {
	db.mu.Lock()
	defer db.mu.Unlock()
	return maps.Clone(db.headsNow)
}

// health is nil until a write or a check fails, and that failure ever after.
func (db *DB) health() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.failure
}

func (db *DB) fail(err error) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.failure == nil {
		db.failure = fmt.Errorf("%w: %w; restart the program, and check the disk if it comes again", ErrStopped, err)
		db.log.Error("the store has stopped", "err", err)
	}
	return db.failure
}

func (db *DB) stopped() error {
	if err := db.health(); err != nil {
		return err
	}
	return fmt.Errorf("%w: it was closed", ErrStopped)
}

// Read runs f over one consistent snapshot.
func (db *DB) Read(f func(desk.Reader) error) error {
	return db.View(func(r *Reader) error { return f(r) })
}

// View is Read with all that a *Reader can do.
func (db *DB) View(f func(*Reader) error) error {
	if err := db.health(); err != nil {
		return err
	}
	select {
	case <-db.quit:
		return db.stopped()
	default:
	}
	db.applying.RLock()
	txn := db.badger.NewTransaction(false)
	db.applying.RUnlock()
	defer txn.Discard()
	return f(&Reader{db: db, txn: txn})
}

// Vector is the contiguous sequence held of each origin.
func (db *DB) Vector() map[desk.Origin]uint64 {
	v := map[desk.Origin]uint64{}
	for o, h := range db.heads() {
		v[o] = h.seq
	}
	return v
}

// Origin is this workstation's own incarnation.
func (db *DB) Origin() desk.Origin { return db.origin }

// Checked waits until the background check of the tables has ended, and tells
// what it found.
func (db *DB) Checked() error {
	<-db.checked
	return db.health()
}

// Close ends the writer and closes the folder; queued work that has not begun
// gets ErrStopped. No function of Read may be running.
func (db *DB) Close() (err error) {
	db.ending.Do(func() {
		close(db.quit)
		<-db.written
		<-db.checked
		err = errors.Join(db.badger.Close(), db.marks.close(), db.zip.Close(), keepManifest(db.dir, db.readOnly))
		db.unzip.Close()
	})
	return err
}
