//go:build !windows

package main

import "golang.org/x/sys/unix"

// diskSpace is the free bytes for this user and all of the volume of a folder.
func diskSpace(dir string) (free, all uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), nil //nolint:gosec // sizes of blocks are positive
}
