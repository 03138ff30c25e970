package desk

import "errors"

// ErrFull: the volume of the desk has no room left. Nothing is lost and what is
// there can be read; writing goes on by itself once there is room.
var ErrFull = errors.New("the disk is full")

// Room is how much is free where the desk is kept.
type Room struct {
	Known  bool   // false where it cannot be measured; then nothing is refused
	Free   uint64 // bytes
	All    uint64
	Needed uint64 // of Free, so that the desk can be written again
	Low    bool   // no more files are taken
	Full   bool   // the desk is read-only
}
