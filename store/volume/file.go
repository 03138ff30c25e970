package volume

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace writes a file whole or not at all.
func Replace(path string, b []byte) error {
	name, err := Prepare(path, b)
	if err != nil {
		return err
	}
	return os.Rename(name, path)
}

// Prepare writes what is to be renamed to a file.
func Prepare(path string, b []byte) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// SyncDir makes the names in a folder durable, where the system can.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = f.Sync() // not every system can
	return f.Close()
}
