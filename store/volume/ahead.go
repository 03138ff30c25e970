package volume

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A commit may not find in the middle of it that the volume has no room for the log
// of the next memtable: Badger stops for good then. So empty logs, with their blocks,
// wait for the memtables to come; Badger takes them by their names (%05d.mem, counted
// up) and stretches them.

// ahead is how many empty logs are kept ready: a long journal may need the second.
const ahead = 2

// logs are the files of memtables by number, and the highest that is in use; 0 when
// none is.
func (r *Space) logs() (sizes map[int]int64, inUse int) {
	sizes = map[int]int64{}
	es, _ := os.ReadDir(r.Database) // what cannot be listed has none
	for _, e := range es {
		number, isLog := strings.CutSuffix(e.Name(), ".mem")
		n, err := strconv.Atoi(number)
		if !isLog || err != nil {
			continue
		}
		if fi, err := e.Info(); err == nil {
			if sizes[n] = fi.Size(); fi.Size() > 0 {
				inUse = max(inUse, n)
			}
		}
	}
	return sizes, inUse
}

func (r *Space) log(n int) string { return filepath.Join(r.Database, fmt.Sprintf("%05d.mem", n)) }

// Prepare makes the empty logs that are missing. The writer calls it before each
// write: it looks at one file when nothing is.
func (r *Space) Prepare() error {
	if r == nil || r.ahead == 0 {
		return nil
	}
	if fi, err := os.Lstat(r.log(r.last)); r.last > 0 && err == nil && fi.Size() == 0 && r.nextIsEmpty() {
		return nil
	}
	sizes, inUse := r.logs()
	missing := int64(0)
	for n := inUse + 1; n <= inUse+r.ahead; n++ {
		if _, there := sizes[n]; !there {
			missing++
		}
	}
	r.missing.Store(missing)
	if x := r.Look(); missing > 0 && x.Full { // the limit has room for what is missing, and for the tables besides
		return full(r.Dir, x)
	}
	for n := inUse + 1; n <= inUse+r.ahead; n++ {
		if _, there := sizes[n]; !there {
			can, err := reserve(r.log(n), 2*r.memtable)
			if errors.Is(err, os.ErrExist) { // Badger was faster
				can, err = true, nil
			}
			if err != nil {
				return err
			}
			if !can { // the margin of commits is all there is
				r.ahead = 0
				return nil
			}
			r.missing.Add(-1)
		}
	}
	r.next, r.last = inUse+1, inUse+r.ahead
	return nil
}

func (r *Space) nextIsEmpty() bool {
	fi, err := os.Lstat(r.log(r.next))
	return err == nil && fi.Size() == 0
}

// Tidy removes the empty logs: Badger would not open beside them.
func (r *Space) Tidy() error {
	sizes, _ := r.logs()
	for n, size := range sizes {
		if size > 0 {
			continue
		}
		if err := os.Remove(r.log(n)); err != nil {
			return fmt.Errorf("remove an empty log: %w", err)
		}
	}
	return nil
}

// written is how many bytes the logs in use hold: at most so much goes into tables
// when the folder is closed.
func (r *Space) written() (bytes int64) {
	sizes, _ := r.logs()
	for n, size := range sizes {
		if used, err := r.Used(r.log(n)); err == nil {
			bytes += used
		} else {
			bytes += size
		}
	}
	return bytes
}

// Closable tells whether the tables that closing makes have room; the reserve is
// given up for them.
func (r *Space) Closable() bool {
	need := uint64(r.written() + slackBytes/4)
	for {
		x := r.Look()
		if !x.Known || x.Free >= need {
			return true
		}
		if !r.Spend() {
			return false
		}
	}
}
