package store

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// syncData makes the bytes of a file durable, and of what is told about it only
// its length.
func syncData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) } //nolint:gosec // a descriptor

// allocate gives a file its bytes with their blocks.
func allocate(f *os.File, n int64) error {
	for {
		err := unix.Fallocate(int(f.Fd()), 0, 0, n) //nolint:gosec // a descriptor
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
	f, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // inside our folder
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	if fi, err := f.Stat(); err == nil {
		_ = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, fi.Size()+ahead) //nolint:gosec // a descriptor; where it is not known the file grows as it can
	}
}

// reserve makes an empty file whose n bytes have their blocks beyond its end: who
// stretches it finds them there. false, and no file, where the volume cannot.
func reserve(name string, n int64) (can bool, err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // inside our folder
	if err != nil {
		return false, err
	}
	for {
		err = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, n) //nolint:gosec // a descriptor
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		return true, nil
	}
	if rerr := os.Remove(name); rerr != nil || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		return false, rerr
	}
	return false, err
}

// fillHoles gives all bytes of a file that is there their blocks.
func fillHoles(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:gosec // inside our folder
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	fi, err := f.Stat()
	if err != nil || fi.Size() == 0 {
		return err
	}
	err = unix.Fallocate(int(f.Fd()), 0, 0, fi.Size()) //nolint:gosec // a descriptor
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		return nil
	}
	return err
}
