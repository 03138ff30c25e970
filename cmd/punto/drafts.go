package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"punto/store/volume"
)

// draftsFile is the file of drafts that this window may write: each window on a
// folder has its own, and one that was killed gives its own to the next.
func draftsFile(dir string) (name string, held *volume.Lock, err error) {
	for i := 1; i <= 16; i++ {
		name = filepath.Join(dir, "drafts.json")
		if i > 1 {
			name = filepath.Join(dir, fmt.Sprintf("drafts-%d.json", i))
		}
		held, err := volume.Hold(name + ".lock")
		if err == nil {
			return name, held, nil
		}
		if !errors.Is(err, volume.ErrLocked) {
			return "", nil, fmt.Errorf("keep the drafts: %w", err)
		}
	}
	return "", nil, errManyWindows
}

var errManyWindows = errors.New("sixteen windows are open on this desk already: close one")
