//go:build !linux

package volume

import "os"

// SyncData makes the bytes of a file durable.
func SyncData(f *os.File) error { return f.Sync() }

// allocate gives a file its bytes with their blocks.
func allocate(f *os.File, n int64) error { return writeZeros(f, n) }

// keepAhead has blocks ready behind the end of a file, where the system can.
func keepAhead(string, int64) {}

// reserve does nothing: on Windows a file of NTFS that is stretched has its blocks.
func reserve(string, int64) (can bool, err error) { return false, nil }
