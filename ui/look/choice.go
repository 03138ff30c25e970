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

func (c *Choice) draw(p *Painter) {
	n := float32(len(c.Words))
	w := (p.W - 8*(n-1)) / n
	for i, word := range c.Words {
		x := float32(i) * (w + 8)
		digit := string(rune('1' + i))
		on := i+1 == c.Chosen
		stroke, width, fill, ink := p.Edge, float32(1), p.Card, p.Palette.Text
		if on {
			stroke, width, fill, ink = p.Accent, 2, p.AccentGround, p.Accent
		}
		p.Rect(x, 0, w, p.H, 6, fill, stroke, width)
		if on {
			p.keyOn(x+10, p.H/2, digit, p.Accent, p.OnAccent)
		} else {
			p.Key(x+10, p.H/2, digit)
		}
		c.word(p, x+37, w-42, word, Style{Bold: on, Color: ink})
	}
	if c.Focused && c.Chosen == 0 {
		p.Rect(0, 0, w, p.H, 6, nil, p.Accent, 2)
	}
	if c.Focused && c.Chosen > 0 {
		x := float32(c.Chosen-1) * (w + 8)
		p.Rect(x+12, p.H-5, w-24, 2, 1, p.Accent, nil, 0)
	}
}

// word writes the word of a segment, on two smaller lines where one is too short.
func (c *Choice) word(p *Painter, x, w float32, word string, st Style) {
	one, two, ok := strings.Cut(word, " ")
	if !ok || Measure(word, st) <= w {
		p.TextFit(x, 0, w, p.H, word, st)
		return
	}
	st.Size = 12
	if i := strings.LastIndex(word, " "); Measure(word[:i], st) <= w {
		one, two = word[:i], word[i+1:]
	}
	p.TextFit(x-5, p.H/2-15, w+9, 15, one, st)
	p.TextFit(x-5, p.H/2, w+9, 15, two, st)
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
	w := c.Size().Width / float32(len(c.Words))
	c.Choose(int(e.Position.X/w) + 1)
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
