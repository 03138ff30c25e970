package ui

import (
	"punto/ui/look"
	"punto/ui/page"
)

func (w *Window) drawActions(p *look.Painter) {
	y := p.H - actionsH
	p.Rect(0, y, p.W, actionsH, 0, p.Card, nil, 0)
	p.Line(0, y, p.W, y, 1, p.Palette.Line)
	y += 10
	if w.line != nil {
		top := w.line.Draw(p, page.At(page.Margin, y, p.W-2*page.Margin, 36))
		if w.toast != "" {
			w.drawToast(p, page.Rect{Y: top})
		}
		return
	}
	x, right := float32(page.Margin), p.W-page.Margin
	as, bs := fitted(w.actions(), p.W-2*page.Margin)
	for i := len(as) - 1; i >= 0; i-- {
		if as[i].Right {
			right -= bs[i].Width()
			w.button(p, right, y, as[i], bs[i])
			right -= 8
		}
	}
	for i, a := range as {
		if !a.Right {
			x += w.button(p, x, y, a, bs[i]) + 8
		}
	}
	room := right - x - 24
	if w.toast != "" {
		w.drawToast(p, page.At(x, y-10, room, 36))
		return
	}
	st := look.Style{Size: 12, Color: p.Muted}
	if s := w.present().Status(); look.Measure(s, st) <= room || room > 160 {
		p.Right(right-16, y, 36, look.Fit(s, room, st), st)
	}
}

// drawToast tells what was done or why not: in a room between the buttons where it
// fits, else on a card of its own above the room.
func (w *Window) drawToast(p *look.Painter, r page.Rect) {
	st, mark := look.Style{Size: 12, Bold: true, Color: p.Fine}, look.FineMark
	if w.bad {
		st.Color, mark = p.Failure, look.FailMark
	}
	wd := look.Measure(w.toast, st) + 18
	if wd <= r.W {
		x := r.X + r.W - wd
		p.Mark(x, r.Y+21, 14, mark)
		p.Text(x+18, r.Y+10, 36, w.toast, st)
		return
	}
	wd = min(wd+32, p.W-2*page.Margin)
	x, y := p.W-page.Margin-wd, r.Y-48
	p.CardBox(x, y, wd, 40, false)
	p.Mark(x+14, y+13, 14, mark)
	p.TextFit(x+34, y, wd-44, 40, w.toast, st)
}

// fitted are the actions that have a button, with it. Where they would not stand
// beside each other the buttons are tight, and then their words are cut alike; a
// key never is.
func fitted(as []page.Action, room float32) (shown []page.Action, bs []look.Button) {
	for _, a := range as {
		if !a.Hidden {
			shown = append(shown, a)
			bs = append(bs, look.Button{Word: a.Word, Key: a.Key, Primary: a.Primary, Off: a.Off != ""})
		}
	}
	width := func(longest float32) (sum float32) {
		for _, b := range bs {
			sum += b.Cut(longest).Width() + 8
		}
		return sum
	}
	const whole = 400
	longest := float32(whole)
	tight := width(whole) > room
	for i := range bs {
		bs[i].Tight = tight
	}
	for longest > 24 && width(longest) > room {
		longest -= 4
	}
	for i := range bs {
		bs[i] = bs[i].Cut(longest)
	}
	return shown, bs
}

func (w *Window) button(p *look.Painter, x, y float32, a page.Action, b look.Button) float32 {
	wd := p.Button(x, y, b)
	p.Tap(x, y, wd, 36, func() { w.perform(a) })
	return wd
}

// drawHelp is the sheet of all keys of this page.
func (w *Window) drawHelp(p *look.Painter) {
	as := w.table()
	cols, wd := 2, float32(680)
	if float32((len(as)+1)/2)*28+64 > p.H {
		cols, wd = 3, min(1020, p.W-2*page.Margin)
	}
	rows := (len(as) + cols - 1) / cols
	line := min(28, (p.H-80)/float32(rows))
	h, col := float32(rows)*line+64, (wd-20)/float32(cols)
	x, y := (p.W-wd)/2, (p.H-h)/2
	p.CardBox(x, y, wd, h, true)
	p.Text(x+20, y+12, 28, w.T("keys.title"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	for i, a := range as {
		cx, cy := x+20+float32(i/rows)*col, y+48+float32(i%rows)*line
		p.Key(cx, cy+line/2, a.Key)
		p.TextFit(cx+86, cy, col-98, line, a.Word, look.Style{})
	}
}
