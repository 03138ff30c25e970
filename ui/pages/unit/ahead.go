package unit

import (
	"time"

	"punto/app"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// How the month is thought to end, and the calls of the days that come.

func (u *unit) askAhead() {
	page.AskLatest(u.k, &u.asked[4], app.CallsAhead{Contract: u.whose()}, func(a app.CallsAheadAnswer) {
		u.calls = &a
		u.k.Refresh()
	})
}

func (u *unit) drawAhead(p *look.Painter, r page.Rect) {
	k := u.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	title, y := k.T("unit.ahead"), r.Y+34
	if x := u.chosen(); x != nil && x.Projection != nil {
		title = u.ending(x)
		u.drawProjection(p, page.At(r.X+16, y, r.W-32, 40), x)
		y += 44
		p.Line(r.X+1, y, r.X+r.W-1, y, 1, p.RowLine)
		y += 4
	}
	p.TextFit(r.X+16, r.Y+6, r.W-32, 28, title, look.Style{Size: 16, Bold: true, Color: p.Ink})
	a := u.calls
	switch {
	case a == nil:
		p.TextFit(r.X+16, y, r.W-32, 20, k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	case len(a.Next) == 0:
		p.Empty(r.X+16, y+4, r.W-32, k.T("unit.noAhead"), k.T("unit.noAheadHint"))
		return
	}
	p.TextFit(r.X+16, y, r.W-32, 18, k.T("unit.callsAhead"), look.Style{Size: 12, Color: p.Muted})
	foot := float32(0)
	if a.Days > 0 {
		foot = 20
		lang := k.Words.Lang
		said := k.T("unit.error", "Days", k.Count(uint64(a.Ahead)), "Ours", reports.Percent(lang, a.Ours, 1), "Naive", reports.Percent(lang, a.Naive, 1))
		if a.Within > 0 {
			said += k.T("unit.covered", "Share", reports.Percent(lang, a.Covered, 0), "N", k.Count(uint64(a.Within)))
		}
		p.TextFit(r.X+16, r.Y+r.H-foot-6, r.W-32, foot, said, look.Style{Size: 12, Color: p.Muted})
	}
	drawCalls(p, page.At(r.X+60, y+24, r.W-84, r.Y+r.H-foot-30-(y+24)), k, a)
}

// ending is how the chosen index would end its month, in a sentence.
func (u *unit) ending(x *app.WatchedIndex) string {
	k := u.k
	at := amount(k, (x.Projection.Low+x.Projection.High)/2, x.Of.Unit)
	switch {
	case x.Projection.Miss >= 0.7:
		return k.T("unit.endsMissed", "Value", at)
	case x.Projection.Miss <= 0.3:
		return k.T("unit.endsMet", "Value", at)
	}
	return k.T("unit.endsOpen", "Value", at)
}

// drawProjection draws the track: the month so far, the interval of its end, the target.
func (u *unit) drawProjection(p *look.Painter, r page.Rect, x *app.WatchedIndex) {
	k, j := u.k, x.Projection
	w := r.W * 0.42
	// The track is of what matters: from as far below the target as above it.
	low, high := min(j.Low, *x.Of.Target), max(j.High, *x.Of.Target)
	if x.Of.Value != nil {
		low, high = min(low, *x.Of.Value), max(high, *x.Of.Value)
	}
	pad := max(0.005, (high-low)*0.25)
	low, high = max(0, low-pad), min(1, high+pad)
	at := func(v float64) float32 { return w * float32((v-low)/(high-low)) }
	mark := look.FineMark
	if j.Miss >= 0.7 {
		mark = look.FailMark
	} else if j.Miss > 0.3 {
		mark = look.WatchMark
	}
	y := r.Y + 18
	p.Rect(r.X, y-3, w, 6, 3, p.Palette.Track, nil, 0)
	if x.Of.Value != nil {
		p.Rect(r.X, y-3, max(2, at(*x.Of.Value)), 6, 3, p.Solid(mark), nil, 0)
	}
	p.Line(r.X+at(j.Low), y, r.X+at(j.High), y, 2, p.Ink)
	for _, v := range []float64{j.Low, j.High} {
		p.Line(r.X+at(v), y-5, r.X+at(v), y+5, 1.5, p.Ink)
	}
	p.Rect(r.X+at(*x.Of.Target)-1, y-8, 2, 16, 0, p.Ink, nil, 0)
	tx := r.X + w + 16
	ink, _ := p.Tone(mark)
	p.Mark(tx, y-13, 12, mark)
	p.TextFit(tx+18, y-17, r.W-w-34, 18, k.T("unit.band", "Low", amount(k, j.Low, x.Of.Unit), "High", amount(k, j.High, x.Of.Unit)), look.Style{Size: 12, Bold: true, Color: ink})
	p.TextFit(tx+18, y, r.W-w-34, 18, k.T("unit.miss", "Share", reports.Percent(k.Words.Lang, j.Miss, 0))+" · "+k.T("unit.target")+" "+amount(k, *x.Of.Target, x.Of.Unit), look.Style{Size: 12, Color: p.Muted})
}

// drawCalls draws the days that were as a line, and those that come dashed in their band.
func drawCalls(p *look.Painter, r page.Rect, k *page.Kit, a *app.CallsAheadAnswer) {
	all := append(append([]app.DayAhead{}, a.Past...), a.Next...)
	most := 1.0
	for _, d := range all {
		if most = max(most, d.Value); d.High != nil {
			most = max(most, *d.High)
		}
	}
	most *= 1.08
	if r.H < 30 || len(all) < 2 {
		return
	}
	step := r.W / float32(len(all)-1)
	at := func(i int, v float64) (x, y float32) { return r.X + float32(i)*step, r.Y + r.H - r.H*float32(v/most) }
	for i := range 3 {
		v := most / 1.08 * float64(i) / 2
		_, y := at(0, v)
		p.Line(r.X, y, r.X+r.W, y, 1, p.RowLine)
		p.Right(r.X-8, y-10, 20, reports.Digits(k.Words.Lang, v, 0), look.Style{Size: 12, Color: p.Muted})
	}
	const slices = 4 // of a day, from which the band is built
	for i := len(a.Past); i+1 < len(all); i++ {
		x, y := all[i], all[i+1]
		if x.Low == nil || y.Low == nil {
			continue
		}
		for s := range slices {
			f := (float64(s) + 0.5) / slices
			x1, top := at(i, *x.High+(*y.High-*x.High)*f)
			_, bottom := at(i, *x.Low+(*y.Low-*x.Low)*f)
			p.Rect(x1+step*float32(s)/slices, top, step/slices, max(1, bottom-top), 0, p.AccentGround, nil, 0)
		}
	}
	for i := 1; i < len(all); i++ {
		x1, y1 := at(i-1, all[i-1].Value)
		x2, y2 := at(i, all[i].Value)
		if i >= len(a.Past) {
			for s := range 3 { // dashed
				f, g := (float32(s))/3, (float32(s)+0.55)/3
				p.Line(x1+(x2-x1)*f, y1+(y2-y1)*f, x1+(x2-x1)*g, y1+(y2-y1)*g, 1.6, p.Accent)
			}
			continue
		}
		p.Line(x1, y1, x2, y2, 1.6, p.Accent)
	}
	if n := len(a.Past); n > 0 && n < len(all) {
		x, _ := at(n, 0)
		p.Line(x-step/2, r.Y, x-step/2, r.Y+r.H, 1, p.Ink)
	}
	for i, d := range all {
		if t, err := time.Parse(time.DateOnly, d.Date); err == nil && t.Weekday() == time.Monday {
			x, y := at(i, d.Value)
			p.Text(min(x-14, r.X+r.W-34), r.Y+r.H+2, 18, t.Format("02-01"), look.Style{Size: 12, Color: p.Muted})
			if i >= len(a.Past) {
				p.Text(x+4, y-18, 18, reports.Digits(k.Words.Lang, d.Value, 0), look.Style{Size: 12, Bold: true, Color: p.Ink})
			}
		}
	}
}
