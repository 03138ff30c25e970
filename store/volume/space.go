package volume

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

	memtableBytes = 16 << 20

	reserveBytes = 64 << 20
	reserveShare = 16

	mergeBytes   = 128 << 20 // of tables that are merged into others at once
	slackBytes   = 4 << 20   // heads, MANIFEST, logs and the search
	relookTables = 5 * time.Second
)

// ValueLogBytes is how large the value log of the database is to be: nothing ever goes
// into it.
const ValueLogBytes = 1 << 20

// Space is the room that a data folder has on its volume. While there is too little nothing is
// committed: all that Badger does by itself, the memtable that it writes out and
// the tables that it merges, still fits. A reserve file is given up when even the
// opening or closing of the folder does not fit. Safe for several goroutines; a nil
// Space is without limit.
type Space struct {
	Config
	memtable int64
	ahead    int          // empty logs that are kept ready
	missing  atomic.Int64 // of them, which are still to be made

	at         time.Time // when it was tended; belongs to the writer, as the next
	next, last int       // numbers of the empty logs

	mu     sync.Mutex // guards what follows
	full   bool
	tables int64
	looked time.Time
}

// Config is what a Space watches. Measure may be nil.
type Config struct {
	Dir      string // the data folder
	Database string // the folder of the Badger in it
	// Used is how many bytes of a memtable's log count.
	Used func(log string) (int64, error)
	// Measure is the free bytes, and all, of the volume of a folder; nil asks the system.
	Measure func(dir string) (free, all uint64, err error)
}

// New looks at a folder, which nobody else writes to, and changes nothing.
func New(c Config) *Space {
	if c.Measure == nil {
		c.Measure = measure
	}
	r := &Space{Config: c, memtable: memtableBytes, ahead: ahead}
	if _, all, err := r.Measure(r.Dir); err == nil && all < smallDisk {
		r.memtable, r.ahead = memtableBytes/2, 1
	}
	logs, _ := filepath.Glob(filepath.Join(r.Database, "*.mem"))
	for _, l := range logs { // what one memtable held must fit into one again
		if fi, err := os.Stat(l); err == nil {
			r.memtable = max(r.memtable, (fi.Size()+1)/2)
		}
	}
	r.missing.Store(int64(r.ahead))
	return r
}

// Memtable is how large the memtables of the database are to be, in bytes.
func (r *Space) Memtable() int64 { return r.memtable }

// limits are what must be free for attachments and for commits.
func (r *Space) limits(all uint64) (low, floor uint64) {
	mark := min(uint64(lowBytes), all/lowShare)
	need := uint64(r.memtable + min(r.tables, mergeBytes) + slackBytes)
	need += uint64(2 * r.memtable * r.missing.Load())
	floor = max(mark/2, need)
	return max(mark, floor+uint64(r.memtable)), floor
}

// Look measures the volume. Once full it is full until a little more than the
// floor is free, so that it does not flutter.
func (r *Space) Look() desk.Room {
	free, all, err := r.Measure(r.Dir)
	if err != nil || all == 0 {
		return desk.Room{} // who cannot measure must not refuse
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.looked) > relookTables {
		r.tables, r.looked = r.Tables(), time.Now()
	}
	low, floor := r.limits(all)
	if r.full {
		r.full = free < floor+floor/16
	} else {
		r.full = free < floor
	}
	return desk.Room{Known: true, Free: free, All: all, Needed: floor + floor/16, Low: free < low, Full: r.full}
}

// Tables is how many bytes the tables of the database have.
func (r *Space) Tables() (n int64) {
	tables, _ := filepath.Glob(filepath.Join(r.Database, "*.sst"))
	for _, t := range tables {
		if fi, err := os.Stat(t); err == nil {
			n += fi.Size()
		}
	}
	return n
}

// Commits tells whether there is room for a commit, with the log of the memtable
// that may come in the middle of it.
func (r *Space) Commits() error {
	if r == nil {
		return nil
	}
	if err := r.Prepare(); err != nil {
		return err
	}
	if x := r.Look(); x.Full {
		return full(r.Dir, x)
	}
	return nil
}

// Fits tells whether there is room for a commit of so many bytes: it is in a journal
// first, in logs and then in tables.
func (r *Space) Fits(bytes int) error {
	if r == nil {
		return nil
	}
	x := r.Look()
	if x.Needed += 4 * uint64(bytes); x.Known && x.Free < x.Needed {
		return full(r.Dir, x)
	}
	return nil
}

// Guard gives the reserve up when somebody has taken even the room that the tables
// under way need.
func (r *Space) Guard() {
	if x := r.Look(); x.Known && x.Free < uint64(r.memtable+slackBytes) {
		r.Spend()
	}
}

// Guarded is how often Guard is to be called.
const Guarded = time.Second

// Attachments tells whether there is room for one of so many bytes.
func (r *Space) Attachments(n int) error {
	if r == nil {
		return nil
	}
	if x := r.Look(); x.Low || x.Known && x.Free < x.Needed+uint64(n) {
		return full(r.Dir, x)
	}
	return nil
}

// Full is the error that there is no room, as it is now.
func (r *Space) Full() error { return full(r.Dir, r.Look()) }

func full(dir string, x desk.Room) error {
	return fmt.Errorf("%w: %d MB are free where %s is; free some until there are %d MB: nothing is lost, and writing goes on by itself",
		desk.ErrFull, x.Free>>20, dir, (x.Needed>>20)+1)
}

// NoRoom tells whether an error says that a volume is full.
func NoRoom(err error) bool {
	return err != nil && (errors.Is(err, desk.ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), syscall.ENOSPC.Error())) // Badger wraps some errors as text
}
