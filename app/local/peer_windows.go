package local

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/windows"
)

// The users whom the list of the pipe lets in are told apart as far as it
// matters: who runs this process or administers the machine, and others.
const (
	me     = 0
	others = 1
)

// self is the user who runs this process, for peer.
func self() uint32 { return me }

// peer asks who runs the program at the other end of a pipe that others may open,
// as a service's: only the user of the service and an elevated administrator own
// the folder. Where they may not, the list of the pipe has told.
func peer(c net.Conn, shared bool) (uid uint32, known bool, err error) {
	p, ok := c.(interface{ Fd() uintptr })
	if !ok || !shared {
		return me, false, nil
	}
	var pid uint32
	if err := windows.GetNamedPipeClientProcessId(windows.Handle(p.Fd()), &pid); err != nil {
		return others, true, fmt.Errorf("ask who is at the pipe: %w", err)
	}
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return others, true, nil // a program that we may not ask about is not ours
	}
	defer func() { _ = windows.CloseHandle(process) }()
	var token windows.Token
	if err := windows.OpenProcessToken(process, windows.TOKEN_QUERY, &token); err != nil {
		return others, true, nil
	}
	defer func() { _ = token.Close() }()
	its, err := token.GetTokenUser()
	ours, oerr := windows.GetCurrentProcessToken().GetTokenUser()
	if err := errors.Join(err, oerr); err != nil {
		return others, true, fmt.Errorf("ask who is at the pipe: %w", err)
	}
	if its.User.Sid.Equals(ours.User.Sid) || token.IsElevated() {
		return me, true, nil
	}
	return others, true, nil
}
