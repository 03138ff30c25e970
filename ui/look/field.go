package look

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Most letters that a field takes unless it says otherwise.
const (
	LineLimit  = 500
	LinesLimit = 10_000
)

// Field is an editor of text without a frame: the page draws it (see
// Painter.FieldBox) and knows by Focused whether it has the focus. It lays ten
// thousand letters out in less than a frame, keeps what it shows however long it
// was not seen, and its caret does not blink, so that a window at rest costs
// nothing; Fyne's entry does none of the three. It belongs to Fyne's goroutine.
type Field struct {
	widget.BaseWidget
	Keys      Keys
	Text      string // what stands there; SetText changes it
	MultiLine bool
	Password  bool // shows dots, and cannot be copied
	Limit     int  // most letters; 0 = LineLimit or LinesLimit
	OnChanged func(string)
	OnEnter   func()                  // Return in a field of one line
	OnTab     func()                  // Tab; nil = to the next field
	OnArrow   func(fyne.KeyName) bool // Up and Down in a field of one line; true = taken
	OnFocus   func(bool)
	Focused   bool

	widths map[rune]float32
	hint   string
	sheet  *Sheet
	t      text
	starts []int   // of the rows of many lines, laid out for wide
	wide   float32 // 0 = to be laid out
	first  int     // letter at the left edge of one line, or row at the top of many
	follow bool    // bring the caret into view
	shift  bool
	clicks int
	clicked
}

type clicked struct {
	at  time.Time
	pos int
}

// NewField makes a field of one line, or of many.
func NewField(palette func() *Palette, keys Keys, lines bool) *Field {
	f := &Field{Keys: keys, MultiLine: lines, widths: map[rune]float32{}}
	f.sheet = NewSheet(palette, fyne.NewSize(40, 20), f.draw)
	f.ExtendBaseWidget(f)
	return f
}

// NewSecret makes a field that hides what is typed.
func NewSecret(palette func() *Palette, keys Keys) *Field {
	f := NewField(palette, keys, false)
	f.Password = true
	return f
}

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.sheet) }

// Refresh implements fyne.Widget.
func (f *Field) Refresh() { f.sheet.Refresh() }

// SetText puts a text there, the caret at its end; what was typed before cannot be
// undone.
func (f *Field) SetText(s string) {
	if s == f.Text {
		return
	}
	f.t.set(s)
	f.changed()
}

// SetPlaceHolder sets what stands in an empty field.
func (f *Field) SetPlaceHolder(s string) {
	f.hint = s
	f.Refresh()
}

// Caret is how many letters stand before the caret.
func (f *Field) Caret() int { return f.t.caret }

// SetCaret moves the caret and selects nothing.
func (f *Field) SetCaret(i int) { f.move(i, false) }

// Selected is the text that is selected.
func (f *Field) Selected() string {
	from, to := f.t.selection()
	return string(f.t.r[from:to])
}

func (f *Field) limit() int {
	switch {
	case f.Limit > 0:
		return f.Limit
	case f.MultiLine:
		return LinesLimit
	}
	return LineLimit
}

// changed tells of another text and shows it.
func (f *Field) changed() {
	f.wide, f.follow = 0, true
	was := f.Text
	f.Text = string(f.t.r)
	if f.Text != was && f.OnChanged != nil {
		f.OnChanged(f.Text)
	}
	f.Refresh()
}

func (f *Field) insert(in []rune, e edit) {
	cut := f.t.insert(in, f.limit(), e)
	f.changed()
	if cut && f.Keys != nil {
		f.Keys.Full(f.limit())
	}
}

func (f *Field) erase(to int) {
	if f.t.erase(to) {
		f.changed()
	}
}

func (f *Field) move(to int, extend bool) {
	f.t.move(to, extend)
	f.follow = true
	f.Refresh()
}

// clean are the letters of a text that a field can hold.
func (f *Field) clean(s string) []rune {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return []rune(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && f.MultiLine:
			return r
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case unicode.IsControl(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s))
}

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
	if now := time.Now(); now.Sub(f.clicked.at) < 400*time.Millisecond && f.clicked.pos == i {
		f.clicks++
		f.clicked.at = now
	} else {
		f.clicks, f.clicked = 1, clicked{now, i}
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

const (
	fieldPad = 8
	lineH    = 20
)

// room is the width for text.
func (f *Field) room() float32 { return max(1, f.Size().Width-2*fieldPad) }

// seen is how many rows of many lines are seen.
func (f *Field) seen() int { return max(1, int((f.Size().Height-2*4)/lineH)) }

func (f *Field) layout(w float32) {
	if f.wide != w {
		f.starts, f.wide = f.t.rows(w, f.advance), w
	}
}

// advance is the width of one letter, measured once: a text is laid out by sums.
func (f *Field) advance(r rune) float32 {
	if f.Password {
		r = '•'
	}
	w, ok := f.widths[r]
	if !ok {
		w = Measure(string(r), Style{})
		f.widths[r] = w
	}
	return w
}

// row is the row of many lines in which a letter stands.
func (f *Field) row(i int) int {
	n, found := slices.BinarySearch(f.starts[:len(f.starts)-1], i)
	if !found {
		n--
	}
	return n
}

// end is where a row ends, without what breaks it.
func (f *Field) end(row int) int {
	from, to := f.starts[row], f.starts[row+1]
	if to > from && row < len(f.starts)-2 && (f.t.r[to-1] == '\n' || f.t.r[to-1] == ' ') {
		to--
	}
	return to
}

// shown is how letters are drawn.
func (f *Field) shown(from, to int) string {
	if f.Password {
		return strings.Repeat("•", to-from)
	}
	return strings.ReplaceAll(string(f.t.r[from:to]), "\t", " ")
}

func (f *Field) width(from, to int) float32 { return Measure(f.shown(from, to), Style{}) }

// place is the letter at a point.
func (f *Field) place(at fyne.Position) int {
	if !f.MultiLine {
		return f.nearest(f.first, len(f.t.r), at.X-fieldPad)
	}
	f.layout(f.room())
	row := f.first + int((at.Y-4)/lineH)
	return f.within(min(max(0, row), len(f.starts)-2), at.X-fieldPad)
}

func (f *Field) within(row int, x float32) int { return f.nearest(f.starts[row], f.end(row), x) }

// nearest is the letter between from and to whose left edge is nearest to x.
func (f *Field) nearest(from, to int, x float32) int {
	for i := from; i < to; i++ {
		w := f.advance(f.t.r[i])
		if x < w/2 {
			return i
		}
		x -= w
	}
	return to
}

func (f *Field) draw(p *Painter) {
	switch {
	case len(f.t.r) == 0:
		p.TextFit(fieldPad, 4, p.W-2*fieldPad, min(p.H-8, 28), f.hint, Style{Color: p.Muted})
		if f.Focused {
			f.drawCaret(p, fieldPad, 4, min(p.H-8, 28))
		}
	case f.MultiLine:
		f.drawLines(p)
	default:
		f.drawLine(p)
	}
	f.follow = false
}

// back is the first letter of those before i that have room.
func (f *Field) back(i int, room float32) int {
	for ; i > 0; i-- {
		if room -= f.advance(f.t.r[i-1]); room < 0 {
			break
		}
	}
	return i
}

func (f *Field) drawLine(p *Painter) {
	room, n := p.W-2*fieldPad, len(f.t.r)
	f.first = min(f.first, n)
	if f.follow {
		f.first = min(max(f.first, f.back(f.t.caret, room-2)), f.t.caret)
		f.first = min(f.first, f.back(n, room-2)) // no empty place at the right
	}
	to := f.first
	for x := float32(0); to < n; to++ {
		if x += f.advance(f.t.r[to]); x > room {
			break
		}
	}
	f.drawRow(p, f.first, to, 0, p.H, f.t.caret <= to)
}

func (f *Field) drawLines(p *Painter) {
	f.layout(f.room())
	n, seen := len(f.starts)-1, f.seen()
	if f.follow {
		row := f.row(f.t.caret)
		f.first = min(max(f.first, row-seen+1), row)
	}
	f.first = min(max(0, f.first), max(0, n-seen))
	caret := f.row(f.t.caret)
	for i := f.first; i < min(n, f.first+seen); i++ {
		f.drawRow(p, f.starts[i], f.end(i), 4+float32(i-f.first)*lineH, lineH, i == caret)
	}
	if n > seen {
		area := p.H - 8
		bar := max(16, area*float32(seen)/float32(n))
		p.Rect(p.W-6, 4+(area-bar)*float32(f.first)/float32(n-seen), 4, bar, 2, p.TrackMuted, nil, 0)
	}
}

// drawRow draws letters with the part that is selected on the accent, and the
// caret if it stands there.
func (f *Field) drawRow(p *Painter, from, to int, y, h float32, caret bool) {
	a, b := f.t.selection()
	a, b = min(max(a, from), to), min(max(b, from), to)
	x := float32(fieldPad)
	if a < b && f.Focused {
		x1 := x + f.width(from, a)
		w := f.width(a, b)
		p.Rect(x1, y+(h-lineH)/2+1, w, lineH-2, 2, p.Accent, nil, 0)
		x = p.Text(x, y, h, f.shown(from, a), Style{})
		x = p.Text(x, y, h, f.shown(a, b), Style{Color: p.OnAccent})
		p.Text(x, y, h, f.shown(b, to), Style{})
	} else {
		p.Text(x, y, h, f.shown(from, to), Style{})
	}
	if caret && f.Focused && f.t.caret >= from {
		f.drawCaret(p, fieldPad+f.width(from, min(f.t.caret, to)), y, h)
	}
}

func (f *Field) drawCaret(p *Painter, x, y, h float32) {
	p.Rect(x-1, y+(h-18)/2, 2, 18, 0, p.Accent, nil, 0)
}
