//go:build !windows

package host

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownerOf is who owns a folder; false when it is not there.
func ownerOf(dir string) (uid, gid int, ok bool) {
	fi, err := os.Stat(dir)
	if err != nil {
		return 0, 0, false
	}
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(st.Uid), int(st.Gid), true
}

// AsOwner makes root work on another user's folder as that user, for the rest of the
// process: what root writes there its owner could not open.
func AsOwner(dir string) error {
	uid, gid, ok := ownerOf(dir)
	if !ok || os.Geteuid() != 0 || uid == 0 {
		return nil
	}
	fail := func(err error) error {
		return fmt.Errorf("the folder %s belongs to the user %d, and root cannot work as that one: %w; run it as that user", dir, uid, err)
	}
	if err := syscall.Setgroups([]int{gid}); err != nil {
		return fail(err)
	}
	if err := syscall.Setgid(gid); err != nil {
		return fail(err)
	}
	if err := syscall.Setuid(uid); err != nil {
		return fail(err)
	}
	for _, name := range []string{"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"} { // of root
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return os.Setenv("HOME", u.HomeDir)
	}
	return nil
}

// NotAnothers refuses to serve as root the folder of another user.
func NotAnothers(dir string) error {
	uid, _, ok := ownerOf(dir)
	if !ok || os.Geteuid() != 0 || uid == 0 {
		return nil
	}
	name := strconv.Itoa(uid)
	if u, err := user.LookupId(name); err == nil {
		name = u.Username
	}
	return fmt.Errorf("%w: the folder %s belongs to %s, and what root writes there %s cannot open: run it as %s, or give the folder to root (chown -R root %s)",
		os.ErrPermission, dir, name, name, name, dir)
}
