//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock takes a file for this process; it is free again when the process ends,
// however it ends.
func lock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) } //nolint:gosec // a descriptor
