package calls

import (
	"fmt"
	"math"
	"time"

	"punto/ui/look"
	"punto/ui/page"
)

// drawStaff are the calls of the last half hours, and what the next ones take: how many
// agents by Erlang C, how many there are, and the service level that they would reach.
func (t *today) drawStaff(p *look.Painter, r page.Rect) {
	k := t.k
	short, known, open := 0, 0, 0
	most := 1.0
	for _, h := range t.floor.Halves {
		most = max(most, float64(h.Calls), h.Expected)
		if h.Open {
			open++
		}
		if h.Ahead && h.Known {
			if known++; h.Need > t.floor.There {
				short++
			}
		}
	}
	title := k.T("staff.unknown")
	switch {
	case open == 0 && len(t.floor.Halves) > 0:
		title = k.T("staff.closed")
	case short > 0:
		title = k.T("staff.short", "N", short, "Of", known)
	case known > 0:
		title = k.T("staff.enough")
	}
	t.head(p, r, title, 0, "")
	n := len(t.floor.Halves)
	if n == 0 {
		p.Empty(r.X+16, r.Y+cardHead, r.W-32, k.T("wait.loading"), "")
		return
	}
	p.TextFit(r.X+16, r.Y+cardHead-6, r.W-32, 18, k.T("staff.note", "Handled", page.Duration(time.Duration(t.floor.Handled)*time.Second), "Aimed", page.Figure(k.Words.Lang, t.floor.Aimed, "share"), "Within", t.floor.Within), look.Style{Size: 12, Color: p.Muted})
	const words, table = 92, 84
	small := look.Style{Size: 12, Color: p.Muted}
	x0 := r.X + 16 + words
	step := (r.W - 32 - words) / float32(n)
	top, foot := r.Y+cardHead+34, r.Y+r.H-table-24
	if foot-top < 24 {
		top = foot - 24
	}
	p.TextFit(r.X+16, top-4, words-8, 18, k.T("staff.calls"), small)
	p.Line(r.X+16, foot, r.X+r.W-16, foot, 1, p.Ink)
	for i, w := range []string{"staff.need", "staff.there", "staff.level"} {
		p.TextFit(r.X+16, foot+20+float32(i)*20, words-8, 20, k.T(w), look.Style{Size: 12, Bold: i == 0})
	}
	for i, h := range t.floor.Halves {
		x := x0 + float32(i)*step
		mid, bar := x+step/2, min(step-8, 30)
		at := k.Local(time.UnixMilli(h.At)).Format("15:04")
		st := look.Style{Size: 11, Color: p.Muted}
		if !h.Ahead && (i+1 == n || t.floor.Halves[i+1].Ahead) { // it goes on
			st.Color, st.Bold = p.Accent, true
		}
		center(p, mid, foot+2, 18, at, st)
		v := float64(h.Calls)
		if h.Ahead {
			v = h.Expected
		}
		tall := float32(v/most) * (foot - top - 16)
		switch {
		case !h.Ahead:
			p.Rect(mid-bar/2, foot-tall, bar, tall, 0, p.Accent, nil, 0)
			if lost := float32(float64(h.Lost)/most) * (foot - top - 16); lost >= 1 {
				p.Rect(mid-bar/2, foot-lost, bar, lost, 0, p.Failure, nil, 0)
			}
		case h.Known && tall >= 1:
			dashed(p, mid-bar/2, foot-tall, bar, tall)
		}
		if !h.Ahead || h.Known {
			center(p, mid, foot-tall-17, 16, fmt.Sprint(math.Round(v)), look.Style{Size: 12, Bold: true})
		}
		if !h.Ahead || !h.Known {
			continue
		}
		center(p, mid, foot+20, 20, fmt.Sprint(h.Need), look.Style{Size: 12, Bold: true})
		center(p, mid, foot+40, 20, fmt.Sprint(t.floor.There), look.Style{Size: 12})
		m := look.FineMark
		switch {
		case h.Level < t.floor.Aimed-0.2:
			m = look.FailMark
		case h.Level < t.floor.Aimed:
			m = look.WatchMark
		}
		ink, _ := p.Tone(m)
		center(p, mid, foot+60, 20, fmt.Sprintf("%.0f %%", 100*h.Level), look.Style{Size: 12, Bold: true, Color: ink})
		p.Mark(mid-6, foot+81, 12, m)
	}
}

func center(p *look.Painter, x, y, h float32, s string, st look.Style) {
	p.Text(x-look.Measure(s, st)/2, y, h, s, st)
}

// dashed is the outline of a bar that is expected.
func dashed(p *look.Painter, x, y, w, h float32) {
	line := func(x1, y1, x2, y2 float32) {
		long := max(x2-x1, y2-y1)
		for at := float32(0); at < long; at += 6 {
			end := min(at+3, long)
			if x2 > x1 {
				p.Line(x1+at, y1, x1+end, y1, 1, p.Accent)
			} else {
				p.Line(x1, y1+at, x1, y1+end, 1, p.Accent)
			}
		}
	}
	line(x, y, x+w, y)
	line(x, y, x, y+h)
	line(x+w, y, x+w, y+h)
}
