package desk

import (
	"errors"
	"fmt"
)

// ErrDamaged: the files of a desk contradict each other; set the folder aside and
// restore it from a backup or from another workstation.
var ErrDamaged = errors.New("the data folder is damaged")

// ErrTooBig: what is to be kept is above its limit, which the message tells.
var ErrTooBig = errors.New("value above its limit")

// Damaged says what is wrong, and what to do; it is ErrDamaged.
func Damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s; set the folder aside and restore it from a backup or another workstation", ErrDamaged, fmt.Sprintf(format, args...))
}
