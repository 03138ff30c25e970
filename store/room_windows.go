package store

import (
	"os"

	"golang.org/x/sys/windows"
)

func volume(dir string) (free, all uint64, err error) {
	p, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	return free, all, windows.GetDiskFreeSpaceEx(p, &free, &all, nil)
}

// blocksOf is what a file takes of its volume.
func blocksOf(fi os.FileInfo) int64 { return fi.Size() }
