//go:build !windows

package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// longestPath is what every Unix takes as the name of a socket (104 bytes with
// its end on the BSDs, 108 on Linux).
const longestPath = 100

// Address is the path of the socket of a data folder: that of the service where
// one is installed for it, else desk.sock in the folder, or,
// where that is too long for a socket, in a folder of this user's own under the
// system's temporary one.
func Address(dir string) (string, error) {
	if s, ok := Serves(dir); ok && s.Socket != "" {
		return s.Socket, nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if p := filepath.Join(dir, "desk.sock"); len(p) <= longestPath {
		return p, nil
	}
	h := sha256.Sum256([]byte(dir))
	own := filepath.Join(os.TempDir(), "punto-"+strconv.Itoa(os.Getuid()))
	return filepath.Join(own, hex.EncodeToString(h[:12])+".sock"), nil
}

// socketMode lets the group try where the kernel tells who is there, and this
// user alone elsewhere.
func socketMode() fs.FileMode {
	if runtime.GOOS == "linux" {
		return 0o660
	}
	return 0o600
}

// Listen opens the socket of a data folder. Only the process that
// holds the folder may call it: a socket left behind by a kill is replaced.
func Listen(dir string) (net.Listener, error) {
	path, err := Address(dir)
	if err != nil {
		return nil, err
	}
	s, serves := Serves(dir)
	if serves && s.Socket != "" {
		err = os.MkdirAll(filepath.Dir(path), 0o755) //nolint:gosec // other users connect here, and are asked who they are
	} else {
		err = ownFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the socket of an earlier run: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen in the data folder: %w", err)
	}
	mode := socketMode()
	if serves && s.Socket != "" && runtime.GOOS == "linux" {
		mode = 0o666 // the kernel tells who is there, and Server.Allow decides
	}
	if err := os.Chmod(path, mode); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// ownFolder makes a folder for this user alone when there is none, and refuses
// one that another user could change.
func ownFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	fi, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if st, ok := fi.Sys().(*syscall.Stat_t); ok && (int(st.Uid) != os.Getuid() && os.Getuid() != 0 || fi.Mode().Perm()&0o002 != 0) {
		return fmt.Errorf("%s belongs to another user or is open to all: choose another data folder", dir)
	}
	return nil
}

func dial(ctx context.Context, dir string) (net.Conn, error) {
	path, err := Address(dir)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, ErrNobody
	}
	return c, err
}

// self is the user who runs this process.
func self() uint32 { return uint32(os.Geteuid()) } // a uid is not negative here
