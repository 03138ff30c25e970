package look

import "image/color"

// Mark is the shape of a state: colour never says it alone.
type Mark uint8

// Marks.
const (
	NoMark    Mark = iota
	FailMark       // square with ×: breached, missed
	WatchMark      // triangle with !: at risk, isolated
	FineMark       // disc with ✓: met, on time, done
	PauseMark      // two bars: not moving, with the reason beside it
	NowMark        // ring: happening now
	TodoMark       // hollow disc: still to do
	PassMark       // disc with arrow: handed on
	NoteMark       // small disc: something was said
)

// Tone is the pair of colours of a mark: its own and its ground.
func (p *Palette) Tone(m Mark) (ink, ground color.Color) {
	switch m {
	case FailMark:
		return p.Failure, p.FailureGround
	case WatchMark:
		return p.Watch, p.WatchGround
	case FineMark:
		return p.Fine, p.FineGround
	case NowMark, PassMark, NoteMark:
		return p.Accent, p.AccentGround
	case PauseMark:
		return p.Muted, p.Key
	}
	return p.Muted, p.Key
}

// Solid is the colour of a mark as a shape or a track.
func (p *Palette) Solid(m Mark) color.Color {
	if m == WatchMark {
		return p.WatchSolid
	}
	if m == PauseMark {
		return p.TrackMuted
	}
	ink, _ := p.Tone(m)
	return ink
}

// Mark draws a mark in the box x, y, d (12 or 14).
func (p *Painter) Mark(x, y, d float32, m Mark) {
	c := p.Solid(m)
	cut := p.Card
	k := d / 14
	sign := func(x1, y1, x2, y2 float32) { p.Line(x+x1*k, y+y1*k, x+x2*k, y+y2*k, 1.6*k, cut) }
	switch m {
	case FailMark:
		p.Rect(x+k, y+k, 12*k, 12*k, 1.6, c, nil, 0)
		sign(4.5, 4.5, 9.5, 9.5)
		sign(9.5, 4.5, 4.5, 9.5)
	case WatchMark:
		p.Triangle(x, y+0.5*k, d, c)
		sign(7, 5.2, 7, 8.6)
		p.Circle(x+6.2*k, y+9.6*k, 1.6*k, cut, nil, 0)
	case FineMark:
		p.Circle(x+k, y+k, 12*k, c, nil, 0)
		sign(4.4, 7.2, 6.2, 9)
		sign(6.2, 9, 9.8, 5)
	case PauseMark:
		ink, _ := p.Tone(m)
		p.Rect(x+3*k, y+2.5*k, 2.6*k, 9*k, 0.8, ink, nil, 0)
		p.Rect(x+8.2*k, y+2.5*k, 2.6*k, 9*k, 0.8, ink, nil, 0)
	case NowMark:
		p.Circle(x+1.5*k, y+1.5*k, 11*k, nil, c, 2.4*k)
	case TodoMark:
		p.Circle(x+1.5*k, y+1.5*k, 11*k, p.Card, p.Edge, 1.4*k)
	case PassMark:
		p.Circle(x+k, y+k, 12*k, c, nil, 0)
		sign(4.2, 7, 9.6, 7)
		sign(7.4, 4.8, 9.6, 7)
		sign(7.4, 9.2, 9.6, 7)
	case NoteMark:
		p.Circle(x+4*k, y+4*k, 6*k, c, nil, 0)
	}
}

const chipHeight = 22

// ChipWidth is the width that Chip takes.
func ChipWidth(m Mark, word string) float32 {
	w := Measure(word, Style{Size: 12, Bold: true}) + 20
	if m != NoMark {
		w += 17
	}
	return w
}

// Chip draws a state with its word, its left edge at x and centred on y, and
// gives the x after it.
func (p *Painter) Chip(x, y float32, m Mark, word string) float32 {
	ink, ground := p.Tone(m)
	w := ChipWidth(m, word)
	var stroke color.Color
	if ground == color.Color(p.Card) { // high contrast has no grounds
		stroke = ink
	}
	p.Rect(x, y-chipHeight/2, w, chipHeight, chipHeight/2, ground, stroke, 1)
	tx := x + 10
	if m != NoMark {
		p.Mark(x+7, y-6, 12, m)
		tx = x + 23
	}
	p.Text(tx, y-chipHeight/2, chipHeight, word, Style{Size: 12, Bold: true, Color: ink})
	return x + w
}

// Selected draws the ground of a chosen row: a bar at the left and a stroke, in the
// accent where the keys go and quiet where they do not. The ground alone would
// not stand out, and high contrast has none.
func (p *Painter) Selected(x, y, w, h float32, focus bool) {
	c := p.Edge
	if focus {
		c = p.Accent
	}
	width, bar := float32(1), float32(3)
	if p.AccentGround == p.Card { // among the lines of high contrast
		width, bar = 3, 8
	}
	p.Rect(x, y, w, h, 0, p.AccentGround, c, width)
	p.Rect(x, y, bar, h, 0, c, nil, 0)
}

// Label draws a quiet chip in the accent, such as "VIP".
func (p *Painter) Label(x, y float32, word string) float32 {
	w := Measure(word, Style{Size: 12, Bold: true}) + 20
	var stroke color.Color
	if p.AccentGround == p.Card {
		stroke = p.Accent
	}
	p.Rect(x, y-11, w, 22, 11, p.AccentGround, stroke, 1)
	p.Text(x+10, y-11, 22, word, Style{Size: 12, Bold: true, Color: p.Accent})
	return x + w
}

// KeyWidth is the width that Key takes; 0 for no key.
func KeyWidth(k string) float32 {
	if k == "" {
		return 0
	}
	return max(20, Measure(k, Style{Size: 11, Bold: true})+12)
}

// Key draws a key hint centred on y and gives the x after it.
func (p *Painter) Key(x, y float32, k string) float32 {
	return p.keyOn(x, y, k, p.Palette.Key, p.Palette.Text)
}

func (p *Painter) keyOn(x, y float32, k string, ground, ink color.Color) float32 {
	if k == "" {
		return x
	}
	w := KeyWidth(k)
	p.Rect(x, y-9, w, 18, 4, ground, p.Palette.Line, 1)
	p.Text(x+(w-Measure(k, Style{Size: 11, Bold: true}))/2, y-9, 18, k, Style{Size: 11, Bold: true, Color: ink})
	return x + w
}

// Track draws how much of a promise is used: used 1 is the limit, where the tick
// stands at limit of the width.
func (p *Painter) Track(x, y, w float32, used, limit float64, c color.Color) {
	p.Rect(x, y-3, w, 6, 3, p.Palette.Track, nil, 0)
	if fill := float32(min(max(used, 0)*limit, 1)) * w; fill >= 2 {
		p.Rect(x, y-3, fill, 6, 3, c, nil, 0)
	}
	if limit < 1 {
		p.Rect(x+w*float32(limit)-1, y-7, 2, 14, 0, p.Ink, nil, 0)
	}
}

// CardBox draws the ground of a card; the one that matters now has the accent.
func (p *Painter) CardBox(x, y, w, h float32, accent bool) {
	stroke, width := p.Palette.Line, float32(1)
	if accent {
		stroke = p.Accent
	}
	if accent && p.AccentGround == p.Card { // high contrast tells it by the width
		width = 2
	}
	p.Rect(x, y, w, h, 8, p.Card, stroke, width)
}

// Button is an action with its key; a tight one has smaller letters and less room.
type Button struct {
	Word, Key           string
	Primary, Off, Tight bool
}

func (b Button) style() Style {
	if b.Tight {
		return Style{Size: 12, Bold: true}
	}
	return Style{Bold: true}
}

// around is the room beside the word, and before its key.
func (b Button) around() (side, gap float32) {
	if b.Tight {
		return 8, 6
	}
	return 13, 10
}

// Width is the width that the button takes.
func (b Button) Width() float32 {
	side, gap := b.around()
	w := Measure(b.Word, b.style()) + 2*side
	if b.Key != "" {
		w += KeyWidth(b.Key) + gap
	}
	return w
}

// Cut is the button with its word cut to w.
func (b Button) Cut(w float32) Button {
	b.Word = Fit(b.Word, w, b.style())
	return b
}

// Button draws a button and gives its width; the page makes it clickable by placing
// a Tap over it. What cannot be done now has no stroke and is quiet.
func (p *Painter) Button(x, y float32, b Button) float32 {
	w, st := b.Width(), b.style()
	side, gap := b.around()
	ink, fill, stroke := color.Color(p.Ink), color.Color(p.Card), color.Color(p.Edge)
	switch {
	case b.Off:
		ink, fill, stroke = p.Muted, p.Ground, p.Palette.Line
	case b.Primary:
		ink, fill, stroke = p.OnAccent, p.Accent, p.Accent
	}
	p.Rect(x, y, w, 36, 6, fill, stroke, 1)
	st.Color = ink
	tx := p.Text(x+side, y, 36, b.Word, st)
	if b.Primary && !b.Off {
		p.keyOn(tx+gap, y+18, b.Key, p.OnAccent, p.Accent)
	} else {
		p.Key(tx+gap, y+18, b.Key)
	}
	return w
}

// FieldBox draws the stroke of a field; focus is 2 px in the accent.
func (p *Painter) FieldBox(x, y, w, h float32, focus bool) {
	if focus {
		p.Rect(x, y, w, h, 6, p.Card, p.Accent, 2)
		return
	}
	p.Rect(x, y, w, h, 6, p.Card, p.Edge, 1)
}

// Span is a piece of a line of text.
type Span struct {
	S string
	Style
}

// Spans writes pieces one after another, cut at x+w.
func (p *Painter) Spans(x, y, w, h float32, spans ...Span) float32 {
	end := x + w
	for _, s := range spans {
		if x >= end {
			break
		}
		x = p.TextFit(x, y, end-x, h, s.S, s.Style)
	}
	return x
}

// Spark draws a series as a line with a dot on the last value; the target is
// dashed. Missing values are NaN and leave a gap.
func (p *Painter) Spark(x, y, w, h float32, values []float64, target float64, c color.Color) {
	lo, hi := bounds(append(append([]float64(nil), values...), target))
	if hi <= lo || len(values) < 2 {
		return
	}
	at := func(i int) (float32, float32) {
		return x + w*float32(i)/float32(len(values)-1), y + h - h*float32((values[i]-lo)/(hi-lo))
	}
	if target == target {
		ty := y + h - h*float32((target-lo)/(hi-lo))
		for dx := float32(0); dx < w; dx += 6 {
			p.Line(x+dx, ty, x+min(dx+3, w), ty, 1, p.Edge)
		}
	}
	for i := 1; i < len(values); i++ {
		if values[i] == values[i] && values[i-1] == values[i-1] {
			x1, y1 := at(i - 1)
			x2, y2 := at(i)
			p.Line(x1, y1, x2, y2, 1.6, c)
		}
	}
	if last := len(values) - 1; values[last] == values[last] {
		lx, ly := at(last)
		p.Circle(lx-3, ly-3, 6, c, nil, 0)
	}
}

func bounds(vs []float64) (lo, hi float64) {
	first := true
	for _, v := range vs {
		if v != v {
			continue
		}
		if first || v < lo {
			lo = v
		}
		if first || v > hi {
			hi = v
		}
		first = false
	}
	return lo, hi
}
