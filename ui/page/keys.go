package page

import (
	"strings"

	"fyne.io/fyne/v2"
)

var modifiers = map[string]fyne.KeyModifier{"Ctrl": fyne.KeyModifierControl, "Alt": fyne.KeyModifierAlt, "Shift": fyne.KeyModifierShift}

var keyNames = map[string]fyne.KeyName{"←": fyne.KeyLeft, "→": fyne.KeyRight, "↑": fyne.KeyUp, "↓": fyne.KeyDown, "Tab": fyne.KeyTab, "Esc": fyne.KeyEscape,
	"Enter": fyne.KeyReturn, "PgUp": fyne.KeyPageUp, "PgDn": fyne.KeyPageDown}

// ParseKey reads a key as it is shown.
func ParseKey(s string) (m fyne.KeyModifier, k fyne.KeyName) {
	parts := strings.Split(s, " ")
	for _, p := range parts[:len(parts)-1] {
		m |= modifiers[p]
	}
	last := parts[len(parts)-1]
	if n, ok := keyNames[last]; ok {
		return m, n
	}
	return m, fyne.KeyName(last)
}
