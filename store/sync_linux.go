package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncData makes the bytes of a file durable, and of what is told about it only
// its length.
func syncData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) } //nolint:gosec // a descriptor
