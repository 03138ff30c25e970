package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Keys is the command table of a page. Widgets that hold the focus ask it first
// for function keys, Esc and everything with Ctrl or Alt, so that a key works
// inside a text field too. It tells whether it took the key.
type Keys interface {
	Key(fyne.KeyName) bool
	Combination(fyne.KeyModifier, fyne.KeyName) bool
	Active()                          // somebody typed
	Full(limit int)                   // a field holds no more than limit letters: the rest was left out
	T(id string, pairs ...any) string // a text of the window
}

// commandKey tells which keys belong to the command table first.
func commandKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10,
		fyne.KeyF11, fyne.KeyF12, fyne.KeyEscape:
		return true
	}
	return false
}

// combination asks the table about a shortcut.
func combination(keys Keys, s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	return ok && keys != nil && keys.Combination(c.Modifier, c.KeyName)
}
