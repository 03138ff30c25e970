// Package volume keeps a data folder on its volume: one process has it at a time,
// files are whole or not there, and what a database does by itself in the background
// finds room also when the volume is full.
//
// It knows a Badger by the names of its files, and nothing of what is in them. It
// promises that no write begins that might not find room in the middle of it, and that
// a full volume is an error and never a fault of the process.
package volume

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrLocked: another process holds the folder or the file; the message names it.
var ErrLocked = errors.New("the data folder is in use")

// Lock is a file that one process holds at a time. It is free again when the
// process ends, however it ends; the file stays.
type Lock struct{ f *os.File }

// Hold takes the lock of a file, making it when it is missing. The error is
// ErrLocked, with who holds it, while somebody else does.
func Hold(file string) (*Lock, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f, true); err != nil {
		return nil, errors.Join(inUse(file, err), f.Close())
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write who holds %s: %w", file, err), f.Close())
	}
	return &Lock{f}, nil
}

// Release gives the lock back. A nil Lock holds nothing.
func (l *Lock) Release() error {
	if l == nil {
		return nil
	}
	_ = l.f.Truncate(0) // who only reads cannot, and who it was tells nothing any more
	return l.f.Close()
}

// HoldFolder takes a data folder before anything in it is looked at, for what
// another process is still writing looks damaged. It is given back after the last
// file was closed. Who only reads shares it, and writes nothing for it.
func HoldFolder(dir string, readOnly bool) (*Lock, error) {
	file := filepath.Join(dir, "lock")
	if !readOnly {
		return Hold(file)
	}
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // nobody has written here since there are locks
	}
	if err != nil {
		return nil, err
	}
	if err := lockFile(f, false); err != nil {
		return nil, errors.Join(inUse(file, err), f.Close())
	}
	return &Lock{f}, nil
}

// inUse says who holds a file.
func inUse(file string, err error) error {
	if !busy(err) {
		return fmt.Errorf("lock %s: %w", file, err)
	}
	dir := filepath.Dir(file)
	b, _ := os.ReadFile(file)
	pid := strings.TrimSpace(string(b))
	if pid == "" {
		return fmt.Errorf("%w: another process holds %s, or is closing it; try again when it has ended", ErrLocked, dir)
	}
	name := "a process"
	if comm, err := os.ReadFile(filepath.Join("/proc", pid, "comm")); err == nil {
		name = strings.TrimSpace(string(comm))
	}
	return fmt.Errorf("%w: %s (process %s) holds %s, or is closing it; try again when it has ended", ErrLocked, name, pid, dir)
}
