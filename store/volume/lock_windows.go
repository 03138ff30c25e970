package volume

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// beyond is past all that the file holds, so that others can read who has it.
const beyond = 1 << 30

// lockFile takes the lock of an open file, alone or with others, without waiting.
func lockFile(f *os.File, alone bool) error {
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if alone {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	return windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &windows.Overlapped{OffsetHigh: beyond})
}

// busy tells whether somebody else has the lock.
func busy(err error) bool { return errors.Is(err, windows.ERROR_LOCK_VIOLATION) }
