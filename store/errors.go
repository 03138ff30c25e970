package store

import (
	"errors"
	"fmt"

	"punto/app/desk"
	"punto/store/volume"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrLocked: another process holds the folder; the message names it.
	ErrLocked = volume.ErrLocked
	// ErrDamaged: the files contradict each other; set the folder aside and
	// restore it from a backup or from another workstation.
	ErrDamaged = errors.New("the data folder is damaged")
	// ErrStopped: an earlier write failed, or the store was closed.
	ErrStopped = errors.New("the store has stopped")
	// ErrNewer: a later version of the program wrote the folder.
	ErrNewer = errors.New("the data folder needs a newer version")
	// ErrFrame: bytes that are not an event.
	ErrFrame = errors.New("not an event frame")
	// ErrTooBig: a value above its limit.
	ErrTooBig = errors.New("value above its limit")
)

func damage(format string, args ...any) error {
	return fmt.Errorf("%w: %s; set the folder aside and restore it from a backup or another workstation", ErrDamaged, fmt.Sprintf(format, args...))
}

func lost(o desk.Origin, have, want uint64) error {
	return damage("origin %016x holds events up to %d and %d were acknowledged", uint64(o), have, want)
}
