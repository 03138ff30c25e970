package look

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
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
	click  click // the last one
}

type click struct {
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
