//go:build !windows

package volume

import (
	"fmt"
	"os"
	"syscall"
)

// FolderID tells a folder from a copy of it.
func FolderID(dir string) (string, error) {
	fi, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return dir, nil
	}
	return fmt.Sprintf("%d:%d", st.Dev, st.Ino), nil
}
