//go:build !windows

package volume

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lockFile takes the lock of an open file, alone or with others, without waiting.
func lockFile(f *os.File, alone bool) error {
	how := unix.LOCK_SH | unix.LOCK_NB
	if alone {
		how = unix.LOCK_EX | unix.LOCK_NB
	}
	return unix.Flock(int(f.Fd()), how)
}

// busy tells whether somebody else has the lock.
func busy(err error) bool { return errors.Is(err, unix.EWOULDBLOCK) }
