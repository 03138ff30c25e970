package look

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// What the mouse does in a Field.

// Cursor implements desktop.Cursorable.
func (f *Field) Cursor() desktop.Cursor { return desktop.TextCursor }

// MouseDown implements desktop.Mouseable: a click sets the caret, a second selects
// the word, a third everything.
func (f *Field) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(f); c != nil && !f.Focused {
		c.Focus(f)
	}
	if e.Button == desktop.MouseButtonSecondary {
		return // the menu is for what is selected
	}
	i := f.place(e.Position)
	if now := time.Now(); now.Sub(f.click.at) < 400*time.Millisecond && f.click.pos == i {
		f.clicks++
		f.click.at = now
	} else {
		f.clicks, f.click = 1, click{now, i}
	}
	switch f.clicks {
	case 1:
		f.move(i, f.shift)
	case 2:
		from, to := f.t.around(i)
		f.t.move(from, false)
		f.move(to, true)
	default:
		f.t.move(0, false)
		f.move(len(f.t.r), true)
	}
}

// MouseUp implements desktop.Mouseable.
func (f *Field) MouseUp(*desktop.MouseEvent) {}

// TappedSecondary implements fyne.SecondaryTappable: what the mouse can do with the
// text, where it was pressed.
func (f *Field) TappedSecondary(e *fyne.PointEvent) {
	app := fyne.CurrentApp()
	c := app.Driver().CanvasForObject(f)
	if c == nil || f.Keys == nil {
		return
	}
	c.Focus(f)
	widget.ShowPopUpMenuAtPosition(f.menu(app.Clipboard()), c, e.AbsolutePosition)
}

func (f *Field) menu(clip fyne.Clipboard) *fyne.Menu {
	item := func(word string, on bool, s fyne.Shortcut) *fyne.MenuItem {
		i := fyne.NewMenuItem(f.Keys.T(word), func() { f.TypedShortcut(s) })
		i.Disabled = !on
		return i
	}
	chosen := f.Selected() != "" && !f.Password
	return fyne.NewMenu("", item("edit.cut", chosen, &fyne.ShortcutCut{Clipboard: clip}), item("edit.copy", chosen, &fyne.ShortcutCopy{Clipboard: clip}),
		item("edit.paste", true, &fyne.ShortcutPaste{Clipboard: clip}), item("edit.all", len(f.t.r) > 0, &fyne.ShortcutSelectAll{}),
		fyne.NewMenuItemSeparator(), item("edit.undo", len(f.t.past) > 0, &fyne.ShortcutUndo{}), item("edit.redo", len(f.t.future) > 0, &fyne.ShortcutRedo{}))
}

// Dragged implements fyne.Draggable.
func (f *Field) Dragged(e *fyne.DragEvent) { f.move(f.place(e.Position), true) }

// DragEnd implements fyne.Draggable.
func (f *Field) DragEnd() {}

// Scrolled implements fyne.Scrollable.
func (f *Field) Scrolled(e *fyne.ScrollEvent) {
	if !f.MultiLine {
		return
	}
	d := 2
	if e.Scrolled.DY > 0 {
		d = -2
	}
	f.first += d
	f.follow = false
	f.Refresh()
}
