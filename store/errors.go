package store

import (
	"errors"

	"punto/app/desk"
	"punto/store/volume"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrLocked: another process holds the folder; the message names it.
	ErrLocked = volume.ErrLocked
	// ErrDamaged: the files contradict each other.
	ErrDamaged = desk.ErrDamaged
	// ErrStopped: an earlier write failed, or the store was closed.
	ErrStopped = errors.New("the store has stopped")
	// ErrNewer: a later version of the program wrote the folder.
	ErrNewer = errors.New("the data folder needs a newer version")
	// ErrTooBig: a value above its limit.
	ErrTooBig = desk.ErrTooBig
)

func lost(o desk.Origin, have, want uint64) error {
	return desk.Damaged("origin %016x holds events up to %d and %d were acknowledged", uint64(o), have, want)
}
