package volume

import (
	"os"

	"golang.org/x/sys/windows"
)

// measure is what is free for this user on the volume of a folder, and all of it.
func measure(dir string) (free, all uint64, err error) {
	p, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	return free, all, windows.GetDiskFreeSpaceEx(p, &free, &all, nil)
}

// blocksOf is what a file takes of its volume.
func blocksOf(fi os.FileInfo) int64 { return fi.Size() }
