package store

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
	"punto/store/volume"
)

// Options say where the desk lies. Only Dir is required.
type Options struct {
	Dir      string // made with mode 0700 when missing
	ReadOnly bool
	Memory   *Memory      // instead of Dir: nothing is on a device
	Place    Place        // where this folder was last known to be; the zero Place asks nothing
	Logger   *slog.Logger // nil discards
	// Measure is the free bytes, and all, of the volume of a folder; nil asks the system.
	Measure func(dir string) (free, all uint64, err error)
	// Check proves the tables of the folder once it is open; nil is kv.CheckTables, in
	// this process.
	Check func(dir string) error

	step func(string) // of a rebuild, for tests that kill it; nil = nobody is told
}

// DB is an open data folder; safe for many goroutines. It is a desk.Log.
type DB struct {
	disk     kv.Disk
	memory   *Memory // nil = Badger
	dir      string
	readOnly bool
	lock     *volume.Lock // of the folder; released last
	log      *slog.Logger
	key      ed25519.PrivateKey
	codec    *chain.Codec
	blocks   blockCache
	marks    *marks
	room     *volume.Space       // nil = without limit
	step     func(string)        // told how far a rebuild is
	commits  uint64              // made so far; belongs to the writer
	dirty    map[desk.Entity]int // how many events are owed to each; belongs to the writer
	killed   bool                // of a folder that is only read: who wrote it was killed
	registry bool                // the same: its registry of keys is damaged, and is not needed

	queue   chan *request
	quit    chan struct{}
	written chan struct{} // closed when the writer has ended
	checked chan struct{} // closed when the tables have been checked
	ending  sync.Once

	mu         sync.Mutex                 // guards what follows
	headsNow   map[desk.Origin]chain.Head // replaced, never changed
	points     map[desk.Origin]desk.Point // of headsNow; nil until asked for
	recent     recent
	newest     desk.Stamp // of all events
	failure    error      // first one
	origin     desk.Origin
	identities map[desk.Origin]Identity
	frozen     map[desk.Origin]bool

	owedEntities, owedEvents int
	mark, floor              uint64                 // the newest mark given, and the oldest that is kept
	changed                  map[desk.Entity]uint64 // at which mark; nil = nobody derives
	dirtying, dirtied        uint64                 // commits that make dirty: begun, and told of
}

// heads are the current heads; they are not to be changed.
func (db *DB) heads() map[desk.Origin]chain.Head {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.headsNow
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
	before, clean := db.soil()
	s := db.disk.Snapshot()
	defer s.Discard()
	after, still := db.soil()
	return f(&Reader{db: db, snap: s, clean: clean && still && before == after})
}

// Vector is the contiguous sequence held of each origin.
func (db *DB) Vector() desk.Vector { return vectorOf(db.heads()) }

func vectorOf(heads map[desk.Origin]chain.Head) desk.Vector {
	v := make(desk.Vector, len(heads))
	for o, h := range heads {
		v[o] = h.Seq
	}
	return v
}

// Newest is the newest stamp of all events, but for those after desk.LatestStamp.
func (db *DB) Newest() desk.Stamp {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.newest
}

// Origin is this workstation's own incarnation.
func (db *DB) Origin() desk.Origin {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.origin
}

// Killed tells of a folder that is only read that who wrote it was killed: what had
// begun is ended when it is opened to be written.
func (db *DB) Killed() bool { return db.killed }

// Registry tells of a folder that is only read that the file KEYREGISTRY is damaged.
// It holds nothing that is needed, and is made anew when it is opened to be written.
func (db *DB) Registry() bool { return db.registry }

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
		err = db.disk.Close()
		if db.memory == nil {
			err = errors.Join(err, db.marks.close())
		}
		err = errors.Join(err, db.lock.Release(), db.codec.Close())
	})
	return err
}
