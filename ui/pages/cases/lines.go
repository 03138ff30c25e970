package cases

import (
	"strings"

	"punto/ui/look"
	"punto/ui/page"
)

// line is one line of a text that is set in the width of its place.
type line struct {
	at     float32 // where it begins
	label  string  // stands at the left, muted
	mark   look.Mark
	spans  []look.Span
	copies string // what Ctrl C takes: the whole of what the line is part of
}

// lines are a text that is read whole however long it is: it wraps, it scrolls with
// the wheel and with the keys of a list, and Ctrl C takes the part where the mark
// stands.
type lines struct {
	list  *look.List
	k     *page.Kit
	all   []line
	width float32       // that all is set in; 0 = it is to be set
	inks  *look.Palette // that all is set in
	last  bool          // the mark stands at the last line and follows it
}

func newLines(k *page.Kit) *lines {
	l := &lines{k: k, list: k.List()}
	l.list.RowH, l.list.Plain = 20, true
	l.list.Len = func() int { return len(l.all) }
	l.list.Copied = func(i int) string { return l.all[i].copies }
	l.list.Row = func(p *look.Painter, i int, x, y, w, h float32, _ []float32) {
		s := &l.all[i]
		if s.label != "" {
			p.TextFit(x, y, 96, h, s.label, look.Style{Color: p.Muted})
		}
		if s.mark != look.NoMark {
			p.Mark(x+52, y+3, 14, s.mark)
		}
		p.Spans(x+s.at, y, w-s.at, h, s.spans...)
	}
	l.list.OnSelect = func(i int) { l.last = i == len(l.all)-1 }
	return l
}

// changed sets the text anew; the mark stays.
func (l *lines) changed() { l.width = 0 }

// forget is for another text: what stands is none of it.
func (l *lines) forget() { l.all, l.width, l.last = nil, 0, true; l.list.Selected = 0 }

// draw places the text; set breaks it at a width.
func (l *lines) draw(p *look.Painter, r page.Rect, set func(w float32) []line) {
	p.Place(l.list, r.X, r.Y, r.W, r.H)
	if w := r.W - 40; w != l.width || l.inks != p.Palette {
		l.width, l.inks, l.all = w, p.Palette, set(w)
		l.list.Refresh()
	}
}

// foot brings the newest into view, unless somebody reads further up.
func (l *lines) foot() {
	if l.last {
		l.list.Select(len(l.all) - 1)
	}
}

// said breaks what somebody wrote; nothing has no lines.
func said(s string, w float32, st look.Style) []string {
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	return look.Lines(s, w, st)
}
