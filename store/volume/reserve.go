package volume

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

func (r *Space) reserve() string { return filepath.Join(r.Dir, "reserve") }

// keep makes the reserve file where there is room for it beside all else.
func (r *Space) keep() {
	x := r.Look()
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
		r.Spend() // what cannot be had is no reserve
	}
}

// Spend gives the reserve up; false when there is none.
func (r *Space) Spend() bool {
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

// Tend makes the reserve again, and has room for what the MANIFEST grows by: a
// record of it that is cut short would make what follows unreadable.
func (r *Space) Tend() {
	if r == nil || time.Since(r.at) < tended {
		return
	}
	r.at = time.Now()
	r.keep()
	keepAhead(filepath.Join(r.Database, manifest), manifestAhead)
}

const (
	manifest      = "MANIFEST"
	manifestAhead = 1 << 20
)
