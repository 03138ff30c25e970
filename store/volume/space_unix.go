//go:build !windows

package volume

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// measure is what is free for this user on the volume of a folder, and all of it.
func measure(dir string) (free, all uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), nil // sizes of blocks are positive
}

// blocksOf is what a file takes of its volume.
func blocksOf(fi os.FileInfo) int64 {
	if s, ok := fi.Sys().(*syscall.Stat_t); ok {
		return int64(s.Blocks) * 512 //nolint:unconvert // another type on some systems
	}
	return fi.Size()
}
