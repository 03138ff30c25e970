// Package files keeps what cases carry, each file by its content: what a file is named as
// is what it must be, whoever sent it, so that parts may come from any workstation and
// in any order of days. It knows no case: the log names what is wanted.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"punto/app/desk"
	"punto/store/volume"
)

// MaxBytes is the longest file that a case may carry.
const MaxBytes = 25 << 20

// Folder is where they lie: files/<2 digits>/<62 digits> beside the
// database, half ones with .part behind. Safe for several goroutines.
type Folder struct {
	dir    string
	wanted func() ([][32]byte, error) // named by the log

	// Room tells with an error that there is no room for so many bytes; nil = there is.
	Room func(n int) error

	mu      sync.Mutex // guards what follows, and the writing of parts
	without map[[32]byte]time.Time
	listed  [][32]byte
	at      time.Time
}

// ErrNone: the file is not here, or not whole yet.
var ErrNone = errors.New("the file is not on this workstation yet")

// Open keeps files in a data folder; wanted lists those that the log names.
func Open(dir string, wanted func() ([][32]byte, error)) *Folder {
	return &Folder{dir: filepath.Join(dir, "files"), wanted: wanted, without: map[[32]byte]time.Time{}}
}

func (f *Folder) path(h [32]byte) string {
	s := hex.EncodeToString(h[:])
	return filepath.Join(f.dir, s[:2], s[2:])
}

// Put keeps a file and gives its hash; it is durable when it returns.
func (f *Folder) Put(b []byte) (h [32]byte, err error) {
	if len(b) == 0 || len(b) > MaxBytes {
		return h, fmt.Errorf("%w: a file of %d bytes, at most %d", desk.ErrTooBig, len(b), MaxBytes)
	}
	h = sha256.Sum256(b)
	if f.Has(h) {
		return h, nil
	}
	if f.Room != nil {
		if err := f.Room(len(b)); err != nil {
			return h, err
		}
	}
	p := f.path(h)
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		return h, err
	}
	return h, volume.Replace(p, b)
}

// Has tells whether a file is whole here.
func (f *Folder) Has(h [32]byte) bool {
	_, err := os.Stat(f.path(h))
	return err == nil
}

// Get reads a whole file and proves it. ErrNone.
func (f *Folder) Get(h [32]byte) ([]byte, error) {
	b, err := os.ReadFile(f.path(h))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(b) != h {
		bad := f.path(h) + ".damaged"
		return nil, errors.Join(desk.Damaged("the file %x; it is fetched again, and kept as %s", h, bad), os.Rename(f.path(h), bad))
	}
	return b, nil
}

// maxPart is more than one part of a file has.
const maxPart = 4 << 20

// relist is how long a list of what the log names is good.
const (
	relist  = 2 * time.Second
	tryLate = 30 * time.Second
)

// Missing is a file that the log names and that is not whole here.
func (f *Folder) Missing() (h [32]byte, have int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.at) > relist {
		all, err := f.wanted()
		if err != nil {
			return h, 0, false
		}
		f.listed, f.at = f.listed[:0], time.Now()
		for _, x := range all {
			if !f.Has(x) {
				f.listed = append(f.listed, x)
			}
		}
	}
	if f.Room != nil && f.Room(maxPart) != nil { // they are fetched when there is
		return h, 0, false
	}
	for _, x := range f.listed {
		if time.Since(f.without[x]) < tryLate || f.Has(x) {
			continue
		}
		if fi, err := os.Stat(f.path(x) + ".part"); err == nil {
			have = fi.Size()
		}
		return x, have, true
	}
	return h, 0, false
}

// Part reads from an offset on; size 0 when the file is not whole here.
func (f *Folder) Part(h [32]byte, offset int64, limit int) ([]byte, int64, error) {
	r, err := os.Open(f.path(h))
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = r.Close() }()
	fi, err := r.Stat()
	if err != nil || offset < 0 || offset > fi.Size() {
		return nil, 0, err
	}
	b := make([]byte, min(int64(limit), fi.Size()-offset))
	if _, err := r.ReadAt(b, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	return b, fi.Size(), nil
}

// Add appends a part that came; the last one makes the file whole when it is what
// its hash says, and throws it away when it is not.
func (f *Folder) Add(h [32]byte, offset int64, b []byte, size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size <= 0 || size > MaxBytes || offset+int64(len(b)) > size || len(b) == 0 && offset < size {
		return fmt.Errorf("%w: %d bytes at %d of a file of %d", desk.ErrTooBig, len(b), offset, size)
	}
	p := f.path(h) + ".part"
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		return err
	}
	w, err := os.OpenFile(p, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = w.WriteAt(b, offset)
	if err = errors.Join(err, w.Sync(), w.Close()); err != nil || offset+int64(len(b)) < size {
		return err
	}
	whole, err := os.ReadFile(p)
	if err != nil {
		return err
	}
	if sha256.Sum256(whole) != h {
		return errors.Join(fmt.Errorf("a file came that is not what it was named as: %x", h), os.Remove(p))
	}
	return os.Rename(p, f.path(h))
}

// Without says that a peer has a file not: others are asked later.
func (f *Folder) Without(h [32]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.without[h] = time.Now()
}
