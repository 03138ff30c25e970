package smalldisk

import "golang.org/x/sys/unix"

func mount(dir, mb string) (unmount func(), err error) {
	err = unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+mb+"m")
	return func() { _ = unix.Unmount(dir, unix.MNT_DETACH) }, err
}
