package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// What keys do in a Field.

// AcceptsTab implements fyne.Tabbable.
func (f *Field) AcceptsTab() bool { return f.OnTab != nil }

// FocusGained implements fyne.Focusable.
func (f *Field) FocusGained() { f.focus(true) }

// FocusLost implements fyne.Focusable.
func (f *Field) FocusLost() { f.focus(false) }

func (f *Field) focus(on bool) {
	f.Focused, f.shift, f.follow = on, false, on
	f.Refresh()
	if f.OnFocus != nil {
		f.OnFocus(on)
	}
}

// TypedRune implements fyne.Focusable.
func (f *Field) TypedRune(r rune) {
	if f.Keys != nil {
		f.Keys.Active()
	}
	if in := f.clean(string(r)); len(in) > 0 {
		f.insert(in, typing)
	}
}

// KeyDown implements desktop.Keyable: with Shift the selection grows.
func (f *Field) KeyDown(k *fyne.KeyEvent) { f.shifted(k, true) }

// KeyUp implements desktop.Keyable.
func (f *Field) KeyUp(k *fyne.KeyEvent) { f.shifted(k, false) }

func (f *Field) shifted(k *fyne.KeyEvent, down bool) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		f.shift = down
	}
}

// TypedKey implements fyne.Focusable.
func (f *Field) TypedKey(k *fyne.KeyEvent) {
	if f.Keys != nil {
		f.Keys.Active()
	}
	if commandKey(k.Name) && f.Keys != nil && f.Keys.Key(k.Name) {
		return
	}
	if f.MultiLine && f.lineKey(k.Name) {
		return
	}
	switch k.Name {
	case fyne.KeyUp, fyne.KeyDown:
		if f.OnArrow == nil || !f.OnArrow(k.Name) {
			to := 0
			if k.Name == fyne.KeyDown {
				to = len(f.t.r)
			}
			f.move(to, f.shift)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if f.OnEnter != nil {
			f.OnEnter()
		}
	case fyne.KeyTab:
		f.tab()
	case fyne.KeyLeft:
		f.move(f.t.step(-1, f.shift), f.shift)
	case fyne.KeyRight:
		f.move(f.t.step(1, f.shift), f.shift)
	case fyne.KeyHome, fyne.KeyPageUp:
		f.move(0, f.shift)
	case fyne.KeyEnd, fyne.KeyPageDown:
		f.move(len(f.t.r), f.shift)
	case fyne.KeyBackspace:
		f.erase(f.t.caret - 1)
	case fyne.KeyDelete:
		f.erase(f.t.caret + 1)
	}
}

func (f *Field) tab() {
	if !f.shift {
		f.OnTab()
	} else if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil {
		c.FocusPrevious()
	}
}

// lineKey are the keys that mean something else in many lines.
func (f *Field) lineKey(k fyne.KeyName) bool {
	f.layout(f.room())
	row := f.row(f.t.caret)
	to := func(row int) {
		row = min(max(0, row), len(f.starts)-2)
		x := f.width(f.starts[f.row(f.t.caret)], f.t.caret)
		f.move(f.within(row, x), f.shift)
	}
	switch k {
	case fyne.KeyReturn, fyne.KeyEnter:
		f.insert([]rune{'\n'}, typing)
	case fyne.KeyUp:
		to(row - 1)
	case fyne.KeyDown:
		to(row + 1)
	case fyne.KeyPageUp:
		to(row - f.seen())
	case fyne.KeyPageDown:
		to(row + f.seen())
	case fyne.KeyHome:
		f.move(f.starts[row], f.shift)
	case fyne.KeyEnd:
		f.move(f.end(row), f.shift)
	default:
		return false
	}
	return true
}

// TypedShortcut implements fyne.Shortcutable.
func (f *Field) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutSelectAll:
		f.t.move(0, false)
		f.move(len(f.t.r), true)
	case *fyne.ShortcutCopy:
		f.copy(s.Clipboard)
	case *fyne.ShortcutCut:
		if f.copy(s.Clipboard) {
			f.erase(f.t.caret)
		}
	case *fyne.ShortcutPaste:
		f.insert(f.clean(s.Clipboard.Content()), pasting)
	case *fyne.ShortcutUndo:
		if f.t.undo() {
			f.changed()
		}
	case *fyne.ShortcutRedo:
		if f.t.redo() {
			f.changed()
		}
	case *desktop.CustomShortcut:
		if !combination(f.Keys, s) {
			f.byWord(s)
		}
	}
}

func (f *Field) copy(c fyne.Clipboard) bool {
	s := f.Selected()
	if s == "" || f.Password {
		return false
	}
	c.SetContent(s)
	return true
}

// byWord are the keys that go by words, and to the ends of the text.
func (f *Field) byWord(s *desktop.CustomShortcut) {
	extend := s.Modifier&fyne.KeyModifierShift != 0
	if m := s.Modifier &^ fyne.KeyModifierShift; m != fyne.KeyModifierControl && m != fyne.KeyModifierAlt {
		return
	}
	switch s.KeyName {
	case fyne.KeyLeft:
		f.move(f.t.word(f.t.caret, -1), extend)
	case fyne.KeyRight:
		f.move(f.t.word(f.t.caret, 1), extend)
	case fyne.KeyHome:
		f.move(0, extend)
	case fyne.KeyEnd:
		f.move(len(f.t.r), extend)
	case fyne.KeyBackspace:
		f.erase(f.t.word(f.t.caret, -1))
	case fyne.KeyDelete:
		f.erase(f.t.word(f.t.caret, 1))
	}
}
