package host

import (
	"errors"
	"os"
	"syscall"

	"punto/app"
	"punto/app/desk"
	"punto/store"
)

// Exit codes of the programs, for scripts and service managers.
const (
	ExitFailed     = 1
	ExitInUse      = 3 // another process holds the folder
	ExitDamaged    = 4 // the folder is damaged: see puntod doctor
	ExitNewer      = 5 // a later version of the program wrote the folder
	ExitNoPort     = 6 // the port is taken
	ExitNotAllowed = 7 // this user may not

	ExitFull   = 10 // the disk is full: see puntod doctor
	ExitNoDesk = 11 // the folder holds no desk
)

// ExitCode is the exit code for an error.
func ExitCode(err error) int {
	switch {
	case errors.Is(err, store.ErrLocked):
		return ExitInUse
	case errors.Is(err, store.ErrDamaged):
		return ExitDamaged
	case errors.Is(err, store.ErrNewer):
		return ExitNewer
	case errors.Is(err, desk.ErrFull), errors.Is(err, syscall.ENOSPC):
		return ExitFull
	case errors.Is(err, ErrNoDesk):
		return ExitNoDesk
	case errors.Is(err, syscall.EADDRINUSE):
		return ExitNoPort
	case errors.Is(err, os.ErrPermission), app.CodeOf(err) == app.NotAllowed:
		return ExitNotAllowed
	}
	return ExitFailed
}
