package local

import (
	"errors"
	"net"
	"syscall"
)

// peer is the user at the other end of a connection, as the kernel says; known
// is false when the connection is no Unix socket.
func peer(c net.Conn, _ bool) (uid uint32, known bool, err error) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return 0, false, nil
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return 0, true, err
	}
	var cred *syscall.Ucred
	var credErr error
	err = raw.Control(func(fd uintptr) {
		cred, credErr = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	if err = errors.Join(err, credErr); err != nil {
		return 0, true, err
	}
	return cred.Uid, true, nil
}
