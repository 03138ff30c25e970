package volume

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// SyncData makes the bytes of a file durable, and of what is told about it only
// its length.
func SyncData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }

// allocate gives a file its bytes with their blocks.
func allocate(f *os.File, n int64) error {
	for {
		err := unix.Fallocate(int(f.Fd()), 0, 0, n)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
			return writeZeros(f, n)
		default:
			return err
		}
	}
}

// keepAhead has blocks ready behind the end of a file that grows by appending.
func keepAhead(name string, ahead int64) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	if fi, err := f.Stat(); err == nil {
		_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, fi.Size()+ahead) // a descriptor; where it is not known the file grows as it can
	}
}

// reserve makes an empty file whose n bytes have their blocks beyond its end: who
// stretches it finds them there. A volume that knows no such blocks has none.
func reserve(name string, n int64) (can bool, err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false, err
	}
	err = blocks(int(f.Fd()), 0, n)
	if err = errors.Join(err, f.Close()); err != nil {
		return false, errors.Join(err, os.Remove(name))
	}
	return true, nil
}
