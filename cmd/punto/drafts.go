package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// draftsFile is the file of drafts that this window may write: each window on a
// folder has its own, and one that was killed gives its own to the next.
func draftsFile(dir string) (name string, held *os.File, err error) {
	for i := 1; i <= 16; i++ {
		name = filepath.Join(dir, "drafts.json")
		if i > 1 {
			name = filepath.Join(dir, fmt.Sprintf("drafts-%d.json", i))
		}
		f, err := os.OpenFile(name+".lock", os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // in the desk's folder
		if err != nil {
			return "", nil, fmt.Errorf("keep the drafts: %w", err)
		}
		if lock(f) == nil {
			return name, f, nil
		}
		if err := f.Close(); err != nil {
			return "", nil, err
		}
	}
	return "", nil, errors.New("sixteen windows are open on this desk already: close one")
}
