package look

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Choice is a row of equal segments of which one is chosen: by its digit, the
// arrows or a click, and only while it has the focus.
type Choice struct {
	widget.BaseWidget
	Keys     Keys
	Words    []string
	Chosen   int // from 1; 0 = none
	OnChosen func(int)
	OnEnter  func()
	OnFocus  func(bool)
	Focused  bool
	sheet    *Sheet
}

// NewChoice makes a choice of words.
func NewChoice(palette func() *Palette, keys Keys, words []string) *Choice {
	c := &Choice{Keys: keys, Words: words}
	c.sheet = NewSheet(palette, fyne.NewSize(400, 36), c.draw)
	c.ExtendBaseWidget(c)
	return c
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.sheet) }

// choiceRowH is the height of a segment where a choice is high enough for two rows of
// them.
const choiceRowH = 36

// place is where a segment lies in a choice of a size: in one row, or in two where it
// is high enough.
func (c *Choice) place(i int, size fyne.Size) (x, y, w, h float32) {
	per, h := len(c.Words), size.Height
	if size.Height >= 2*choiceRowH+8 {
		per, h = (len(c.Words)+1)/2, (size.Height-8)/2
	}
	w = (size.Width - 8*float32(per-1)) / float32(per)
	return float32(i%per) * (w + 8), float32(i/per) * (h + 8), w, h
}

func (c *Choice) draw(p *Painter) {
	size := fyne.NewSize(p.W, p.H)
	for i, word := range c.Words {
		x, y, w, h := c.place(i, size)
		digit := string(rune('1' + i))
		on := i+1 == c.Chosen
		stroke, width, fill, ink := p.Edge, float32(1), p.Card, p.Palette.Text
		if on {
			stroke, width, fill, ink = p.Accent, 2, p.AccentGround, p.Accent
		}
		p.Rect(x, y, w, h, 6, fill, stroke, width)
		if on {
			p.keyOn(x+10, y+h/2, digit, p.Accent, p.OnAccent)
		} else {
			p.Key(x+10, y+h/2, digit)
		}
		c.word(p, x+37, y, w-42, h, word, Style{Bold: on, Color: ink})
	}
	if !c.Focused {
		return
	}
	x, y, w, h := c.place(max(0, c.Chosen-1), size)
	if c.Chosen == 0 {
		p.Rect(x, y, w, h, 6, nil, p.Accent, 2)
	} else {
		p.Rect(x+12, y+h-5, w-24, 2, 1, p.Accent, nil, 0)
	}
}

// word writes the word of a segment, on two smaller lines where one is too short.
func (c *Choice) word(p *Painter, x, y, w, h float32, word string, st Style) {
	one, two, ok := strings.Cut(word, " ")
	if !ok || Measure(word, st) <= w {
		p.TextFit(x, y, w, h, word, st)
		return
	}
	st.Size = 12
	if i := strings.LastIndex(word, " "); Measure(word[:i], st) <= w {
		one, two = word[:i], word[i+1:]
	}
	p.TextFit(x-5, y+h/2-15, w+9, 15, one, st)
	p.TextFit(x-5, y+h/2, w+9, 15, two, st)
}

// Choose sets the segment as if its digit was typed.
func (c *Choice) Choose(i int) {
	if i < 1 || i > len(c.Words) {
		return
	}
	c.Chosen = i
	c.Refresh()
	if c.OnChosen != nil {
		c.OnChosen(i)
	}
}

// Refresh implements fyne.Widget.
func (c *Choice) Refresh() { c.sheet.Refresh() }

// FocusGained implements fyne.Focusable.
func (c *Choice) FocusGained() { c.focus(true) }

// FocusLost implements fyne.Focusable.
func (c *Choice) FocusLost() { c.focus(false) }

func (c *Choice) focus(on bool) {
	c.Focused = on
	c.Refresh()
	if c.OnFocus != nil {
		c.OnFocus(on)
	}
}

// TypedRune implements fyne.Focusable.
func (c *Choice) TypedRune(r rune) {
	if i := int(r - '0'); i >= 1 && i <= len(c.Words) {
		c.Choose(i)
		if c.OnEnter != nil {
			c.OnEnter()
		}
	}
}

// TypedKey implements fyne.Focusable.
func (c *Choice) TypedKey(k *fyne.KeyEvent) {
	if commandKey(k.Name) && c.Keys != nil && c.Keys.Key(k.Name) {
		return
	}
	switch k.Name {
	case fyne.KeyLeft:
		c.Choose(max(1, c.Chosen-1))
	case fyne.KeyRight:
		c.Choose(min(len(c.Words), c.Chosen+1))
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.OnEnter != nil {
			c.OnEnter()
		}
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (c *Choice) TypedShortcut(s fyne.Shortcut) { combination(c.Keys, s) }

// Tapped implements fyne.Tappable.
func (c *Choice) Tapped(e *fyne.PointEvent) {
	for i := range c.Words {
		x, y, w, h := c.place(i, c.Size())
		if e.Position.X >= x-4 && e.Position.X < x+w+4 && e.Position.Y >= y-4 && e.Position.Y < y+h+4 {
			c.Choose(i + 1)
			return
		}
	}
}

// Tap is a place that can be clicked; it draws nothing.
type Tap struct {
	widget.BaseWidget
	OnTap func()
}

// NewTap makes a place.
func NewTap(f func()) *Tap {
	t := &Tap{OnTap: f}
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *Tap) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}

// Tapped implements fyne.Tappable.
func (t *Tap) Tapped(*fyne.PointEvent) {
	if t.OnTap != nil {
		t.OnTap()
	}
}
