package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"punto/store/volume"
)

// A restore is whole or leaves nothing: it works in a folder beside and moves that last.

const (
	halfRestored = ".restoring-" // begins the name of the folder in which a restore works
	database     = "db"          // with it a folder holds a desk
)

// Restore makes a data folder of a backup file. fill makes all of it in a folder
// inside dir, and proves it; it is moved to its place last: what fails leaves no desk.
func Restore(from, dir, key string, fill func(work string, b *Backup) error) (err error) {
	if err := emptied(dir); err != nil {
		return err
	}
	f, err := os.Open(from) // the administrator names it
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	b, err := Open(f, key)
	if err != nil {
		return fmt.Errorf("restore %s: %w", from, err)
	}
	_, there := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	work, err := os.MkdirTemp(dir, halfRestored)
	if err != nil {
		return err
	}
	if err := fill(work, b); err != nil {
		err = errors.Join(fmt.Errorf("restore %s: %w", from, err), os.RemoveAll(work))
		if errors.Is(there, fs.ErrNotExist) {
			err = errors.Join(err, os.Remove(dir))
		}
		return err
	}
	return settle(work, dir)
}

// emptied removes what a restore that was killed has left, and refuses a folder that
// holds anything else.
func emptied(dir string) error {
	es, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range es {
		if !strings.HasPrefix(e.Name(), halfRestored) {
			return fmt.Errorf("the folder %s is not empty: restore into another, or set it aside first", dir)
		}
	}
	for _, e := range es {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// settle moves what is in a folder into the one that it lies in, the database last.
func settle(work, dir string) error {
	es, err := os.ReadDir(work)
	if err != nil {
		return err
	}
	slices.SortStableFunc(es, func(a, b fs.DirEntry) int {
		last := func(e fs.DirEntry) int {
			if e.Name() == database {
				return 1
			}
			return 0
		}
		return last(a) - last(b)
	})
	for _, e := range es {
		if err := os.Rename(filepath.Join(work, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return errors.Join(os.Remove(work), volume.SyncDir(dir))
}
