package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"punto/app/desk"
)

// The limits of room. A volume runs low below 512 MB or one part in twenty, and is
// full at half of that, or at what Badger may need before it is looked at again.
const (
	lowBytes  = 512 << 20
	lowShare  = 20
	smallDisk = 1 << 30 // below, memtables are small

	reserveBytes = 64 << 20
	reserveShare = 16

	mergeBytes   = 128 << 20 // of tables that are merged into others at once
	slackBytes   = 4 << 20   // heads, MANIFEST, logs and the search
	vlogBytes    = 1 << 20   // nothing ever goes into the value log
	relookTables = 5 * time.Second
)

// room watches the volume of a data folder. While there is too little nothing is
// committed: all that Badger does by itself, the memtable that it writes out and
// the tables that it merges, still fits. A reserve file is given up when even the
// opening or closing of the folder does not fit. Safe for several goroutines.
type room struct {
	dir      string
	memtable int64
	measure  func(dir string) (free, all uint64, err error)
	ahead    int          // empty logs that are kept ready
	missing  atomic.Int64 // of them, which are still to be made

	at         time.Time // when it was tended; belongs to the writer, as the next
	next, last int       // numbers of the empty logs

	mu     sync.Mutex // guards what follows
	full   bool
	tables int64
	looked time.Time
}

func newRoom(o Options) *room {
	r := &room{dir: o.Dir, measure: o.Measure, memtable: 16 << 20, ahead: ahead}
	if r.measure == nil {
		r.measure = volume
	}
	if _, all, err := r.measure(o.Dir); err == nil && all < smallDisk {
		r.memtable, r.ahead = 8<<20, 1
	}
	logs, _ := filepath.Glob(filepath.Join(dataDir(o.Dir), "*.mem"))
	for _, l := range logs { // what one memtable held must fit into one again
		if fi, err := os.Stat(l); err == nil {
			r.memtable = max(r.memtable, (fi.Size()+1)/2)
		}
	}
	r.missing.Store(int64(r.ahead))
	return r
}

// Survey is how much is free where a folder is, that somebody else may hold.
func Survey(dir string) desk.Room { return newRoom(Options{Dir: dir}).look() }

// limits are what must be free for attachments and for commits.
func (r *room) limits(all uint64) (low, floor uint64) {
	mark := min(uint64(lowBytes), all/lowShare)
	need := uint64(r.memtable + min(r.tables, mergeBytes) + slackBytes)
	need += uint64(2 * r.memtable * r.missing.Load())
	floor = max(mark/2, need)
	return max(mark, floor+uint64(r.memtable)), floor
}

// look measures the volume. Once full it is full until a little more than the
// floor is free, so that it does not flutter.
func (r *room) look() desk.Room {
	free, all, err := r.measure(r.dir)
	if err != nil || all == 0 {
		return desk.Room{} // who cannot measure must not refuse
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.looked) > relookTables {
		r.tables, r.looked = tableBytes(r.dir), time.Now()
	}
	low, floor := r.limits(all)
	if r.full {
		r.full = free < floor+floor/16
	} else {
		r.full = free < floor
	}
	return desk.Room{Known: true, Free: free, All: all, Needed: floor + floor/16, Low: free < low, Full: r.full}
}

func tableBytes(dir string) (n int64) {
	tables, _ := filepath.Glob(filepath.Join(dataDir(dir), "*.sst"))
	for _, t := range tables {
		if fi, err := os.Stat(t); err == nil {
			n += fi.Size()
		}
	}
	return n
}

// commits tells whether there is room for a commit, with the log of the memtable
// that may come in the middle of it.
func (r *room) commits() error {
	if r == nil {
		return nil
	}
	if err := r.prepare(); err != nil {
		return err
	}
	if x := r.look(); x.Full {
		return full(r.dir, x)
	}
	return nil
}

// fits tells whether there is room for a commit of so many bytes: it is in a journal
// first, in logs and then in tables.
func (r *room) fits(bytes int) error {
	if r == nil {
		return nil
	}
	x := r.look()
	if x.Needed += 4 * uint64(bytes); x.Known && x.Free < x.Needed {
		return full(r.dir, x)
	}
	return nil
}

// guard gives the reserve up when somebody has taken even the room that the tables
// under way need.
func (r *room) guard() {
	if x := r.look(); x.Known && x.Free < uint64(r.memtable+slackBytes) {
		r.spend()
	}
}

// guarded is how often.
const guarded = time.Second

// attachments tells whether there is room for one of so many bytes.
func (r *room) attachments(n int) error {
	if r == nil {
		return nil
	}
	if x := r.look(); x.Low || x.Known && x.Free < x.Needed+uint64(n) {
		return full(r.dir, x)
	}
	return nil
}

func full(dir string, x desk.Room) error {
	return fmt.Errorf("%w: %d MB are free where %s is; free some until there are %d MB: nothing is lost, and writing goes on by itself",
		desk.ErrFull, x.Free>>20, dir, (x.Needed>>20)+1)
}

// noRoom tells whether an error says that a volume is full.
func noRoom(err error) bool {
	return err != nil && (errors.Is(err, desk.ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), syscall.ENOSPC.Error())) // Badger wraps some errors as text
}

func (r *room) reserve() string { return filepath.Join(r.dir, "reserve") }

// keep makes the reserve file where there is room for it beside all else.
func (r *room) keep() {
	x := r.look()
	if !x.Known || x.Low {
		return
	}
	size := min(int64(reserveBytes), int64(x.All/reserveShare)) // at most 64 MB
	if fi, err := os.Stat(r.reserve()); err == nil && fi.Size() >= size || x.Free < x.Needed+2*uint64(size) {
		return
	}
	f, err := os.OpenFile(r.reserve(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return
	}
	if err := errors.Join(allocate(f, size), f.Close()); err != nil {
		r.spend() // what cannot be had is no reserve
	}
}

// spend gives the reserve up; false when there is none.
func (r *room) spend() bool {
	return r != nil && os.Remove(r.reserve()) == nil
}

// writeZeros makes the blocks of a file where the system cannot be asked for them.
func writeZeros(f *os.File, n int64) error {
	zeros := make([]byte, 1<<20)
	for at := int64(0); at < n; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), n-at)], at); err != nil {
			return err
		}
	}
	return f.Sync()
}

// tended is how often the room is tended while there are commits.
const tended = time.Minute

// tend makes the reserve again, and has room for what the MANIFEST grows by: a
// record of it that is cut short would make what follows unreadable.
func (r *room) tend() {
	if r == nil || time.Since(r.at) < tended {
		return
	}
	r.at = time.Now()
	r.keep()
	keepAhead(manifestPath(r.dir), manifestAhead)
}

const manifestAhead = 1 << 20

// Room is how much is free where the folder is.
func (db *DB) Room() desk.Room {
	if db.room == nil {
		return desk.Room{}
	}
	return db.room.look()
}

// RoomFor tells with an error when there is no room for an attachment of so many
// bytes.
func (db *DB) RoomFor(n int) error { return db.room.attachments(n) }

// toOpen refuses to open what a full volume would stop in the middle of it: Badger
// needs another log file at once, and writes the old ones out.
func (r *room) toOpen() error {
	need := 2*r.memtable + 2*vlogBytes + slackBytes/4
	logs, _ := filepath.Glob(filepath.Join(dataDir(r.dir), "*.mem"))
	for _, l := range logs {
		used, err := usedLog(l)
		if err != nil {
			return err
		}
		if fi, err := os.Stat(l); err == nil {
			need += 2*used - blocksOf(fi) // it is cut to what is used, and a table is made of that
		}
	}
	for {
		x := r.look()
		if !x.Known || int64(x.Free) >= need { // no volume is that large
			return nil
		}
		if !r.spend() {
			x.Needed = max(x.Needed, uint64(need)) // above zero here
			return full(r.dir, x)
		}
	}
}
