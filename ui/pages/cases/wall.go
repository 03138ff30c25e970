package cases

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/tally"
	"punto/ui/look"
	"punto/ui/page"
)

// wall is the board in large type, in a window of its own for a screen that all see. It
// asks as whoever opened it, and closes when that session ends.
type wall struct {
	k     *page.Kit
	win   fyne.Window
	sheet *look.Sheet

	queue  app.QueueAnswer // its rows are those that fall due next
	load   app.LoadAnswer
	month  app.MonthAnswer
	at     time.Time // of what stands there; zero = nothing came yet
	monthA time.Time
}

// How often the wall asks, and on what it was designed; it is drawn to the scale of its
// screen.
const (
	wallPace  = 5 * time.Second
	monthPace = 5 * time.Minute
	wallW     = 1920
	wallH     = 1080
	wallRows  = 5
)

// openWall opens the wall, or brings the one that is open to the front.
func (w *workspace) openWall() {
	if w.wall != nil {
		w.wall.win.RequestFocus()
		return
	}
	k := w.k
	x := &wall{k: k, win: fyne.CurrentApp().NewWindow(k.T("wall.title"))}
	x.sheet = look.NewSheet(func() *look.Palette { return k.Look }, fyne.NewSize(wallW/4, wallH/4), x.draw)
	ctx, stop := context.WithCancel(k.Session())
	x.win.SetPadded(false)
	x.win.SetContent(x.sheet)
	x.win.Resize(fyne.NewSize(wallW/2, wallH/2))
	x.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		switch e.Name {
		case fyne.KeyEscape:
			x.win.Close()
		case fyne.KeyF11:
			x.win.SetFullScreen(!x.win.FullScreen())
		}
	})
	x.win.SetOnClosed(func() {
		stop()
		w.wall = nil
	})
	w.wall = x
	x.win.Show()
	go x.run(ctx)
}

// run asks again and again until the window closes, or whoever opened it signs out.
func (x *wall) run(ctx context.Context) {
	tick := time.NewTicker(wallPace)
	defer tick.Stop()
	for {
		if err := x.ask(ctx); app.CodeOf(err) == app.NotSignedIn && err != nil {
			x.k.Post(x.win.Close)
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// ask asks for all that stands there; what does not come stays as it was.
func (x *wall) ask(ctx context.Context) error {
	now := x.k.Now()
	counts, err := answer[app.QueueAnswer](ctx, x.k, app.Queue{Limit: 1})
	if err != nil {
		return err
	}
	next, err := answer[app.QueueAnswer](ctx, x.k, app.Queue{After: counts.Bands[app.Overdue], Limit: wallRows})
	if err != nil {
		return err
	}
	load, err := answer[app.LoadAnswer](ctx, x.k, app.Load{})
	if err != nil {
		return err
	}
	var month *app.MonthAnswer
	if now.Sub(x.monthA) >= monthPace {
		m, err := answer[app.MonthAnswer](ctx, x.k, app.Month{Month: x.k.Local(now).Format("2006-01")})
		if err != nil {
			return err
		}
		month, x.monthA = &m, now
	}
	x.k.Post(func() {
		if x.queue, x.load, x.at = next, load, now; month != nil {
			x.month = *month
		}
		x.sheet.Refresh()
	})
	return nil
}

// answer asks the desk and waits, on a goroutine of its own.
func answer[A app.Answer](ctx context.Context, k *page.Kit, q app.Query) (a A, err error) {
	x, err := k.Desk.Ask(ctx, q)
	if err != nil {
		return a, err
	}
	a, ok := x.(A)
	if !ok {
		return a, fmt.Errorf("the desk answered %T", x)
	}
	return a, nil
}

// judged are the indices of the month that have a target and a value.
func (x *wall) judged() (out []tally.Figure) {
	for _, f := range x.month.Indices {
		if f.Target != nil && f.Value != nil && len(out) < 6 {
			out = append(out, f)
		}
	}
	return out
}

// scaled draws on the wall in the sizes that it was designed in.
type scaled struct {
	*look.Painter
	s float32
}

func (p scaled) text(x, y, h float32, s string, size float32, st look.Style) float32 {
	st.Size = size * p.s
	return p.Text(x*p.s, y*p.s, h*p.s, s, st) / p.s
}

func (p scaled) fit(x, y, w, h float32, s string, size float32, st look.Style) float32 {
	st.Size = size * p.s
	return p.TextFit(x*p.s, y*p.s, w*p.s, h*p.s, s, st) / p.s
}

func (p scaled) right(x, y, h float32, s string, size float32, st look.Style) float32 {
	st.Size = size * p.s
	return p.Right(x*p.s, y*p.s, h*p.s, s, st) / p.s
}

func (p scaled) card(x, y, w, h float32) { p.CardBox(x*p.s, y*p.s, w*p.s, h*p.s, false) }

// chip draws a state in large type, centred on y, and gives the x after it.
func (p scaled) chip(x, y float32, m look.Mark, word string) float32 {
	ink, ground := p.Tone(m)
	st := look.Style{Size: 26 * p.s, Bold: true, Color: ink}
	w := look.Measure(word, st) + 66*p.s
	p.Rect(x*p.s, (y-22)*p.s, w, 44*p.s, 22*p.s, ground, nil, 0)
	p.Mark((x+14)*p.s, (y-13)*p.s, 26*p.s, m)
	p.Text((x+50)*p.s, (y-22)*p.s, 44*p.s, word, st)
	return x + w/p.s
}

func (p scaled) track(x, y, w float32, used float64, m look.Mark) {
	p.Rect(x*p.s, (y-6)*p.s, w*p.s, 12*p.s, 6*p.s, p.Palette.Track, nil, 0)
	if fill := float32(min(max(used, 0), 1)) * w; fill >= 4 {
		p.Rect(x*p.s, (y-6)*p.s, fill*p.s, 12*p.s, 6*p.s, p.Solid(m), nil, 0)
	}
}

const (
	wallMargin = 32
	wallGap    = 20
)

func (x *wall) draw(lp *look.Painter) {
	k := x.k
	p := scaled{lp, min(lp.W/wallW, lp.H/wallH)}
	w, h := lp.W/p.s, lp.H/p.s
	p.Rect(0, 0, lp.W, lp.H, 0, p.Ground, nil, 0)
	p.Rect(0, 0, lp.W, 88*p.s, 0, p.Bar, nil, 0)
	p.Circle(wallMargin*p.s, 33*p.s, 22*p.s, p.OnBarActive, nil, 0)
	end := p.text(wallMargin+36, 0, 88, k.T("app.name"), 30, look.Style{Bold: true, Color: p.OnBarActive}) + 40
	now := k.Local(k.Now())
	right := p.right(w-wallMargin, 0, 88, now.Format("15:04"), 52, look.Style{Bold: true, Color: p.OnBarActive}) - 30
	right = p.right(right, 0, 88, now.Format("2/1/2006"), 28, look.Style{Color: p.OnBar}) - 30
	p.fit(end, 0, right-end, 88, k.State.Desk.Name, 28, look.Style{Color: p.OnBar})
	if x.at.IsZero() {
		p.text(wallMargin, 120, 60, k.T("wait.loading"), 30, look.Style{Color: p.Muted})
		return
	}
	left := (w-2*wallMargin-wallGap)*0.64 - wallGap
	upper := (h - 88 - 3*wallGap - 60) * 0.55
	x.drawMonth(p, wallMargin, 88+wallGap, left, upper)
	rx := wallMargin + left + wallGap
	rw := w - wallMargin - rx
	x.drawOpen(p, rx, 88+wallGap, rw, upper*0.44)
	x.drawLoad(p, rx, 88+2*wallGap+upper*0.44, rw, upper*0.56-wallGap)
	y := 88 + 2*wallGap + upper
	x.drawNext(p, wallMargin, y, w-2*wallMargin, h-y-56)
	foot := look.Style{Color: p.Muted}
	p.text(wallMargin, h-50, 44, k.T("wall.at", "At", k.Second(x.at)), 22, foot)
	p.right(w-wallMargin, h-50, 44, k.T("wall.keys"), 22, foot)
}

// drawMonth draws the month so far against its targets.
func (x *wall) drawMonth(p scaled, cx, cy, w, h float32) {
	k := x.k
	p.card(cx, cy, w, h)
	p.text(cx+28, cy, 70, k.T("wall.month"), 30, look.Style{Bold: true, Color: p.Ink})
	all := x.judged()
	if len(all) == 0 {
		p.fit(cx+28, cy+80, w-56, 50, k.T("wall.noTargets"), 26, look.Style{Color: p.Muted})
	}
	step := (h - 78) / float32(max(6, len(all)))
	for i, f := range all {
		y := cy + 74 + float32(i)*step
		p.Line((cx+1)*p.s, y*p.s, (cx+w-1)*p.s, y*p.s, 1, p.RowLine)
		m, word := look.FineMark, k.T("month.met")
		if f.State == "missed" {
			m, word = look.FailMark, k.T("month.missed")
		}
		ink := p.Ink
		if f.State == "missed" {
			ink = p.Failure
		}
		p.fit(cx+28, y, w*0.36, step, k.Words.T("index."+f.ID), 28, look.Style{Bold: true})
		p.right(cx+w*0.58, y, step, page.Figure(k.Words.Lang, *f.Value, f.Unit), 40, look.Style{Bold: true, Color: ink})
		sign := "≤ "
		if f.AtLeast {
			sign = "≥ "
		}
		p.text(cx+w*0.60, y, step, sign+page.Figure(k.Words.Lang, *f.Target, f.Unit), 26, look.Style{Color: p.Muted})
		p.chip(cx+w*0.80, y+step/2, m, word)
	}
}

// drawOpen draws how many cases are open, by how much of their promises is left.
func (x *wall) drawOpen(p scaled, cx, cy, w, h float32) {
	k := x.k
	p.card(cx, cy, w, h)
	p.text(cx+28, cy, 66, k.T("wall.open"), 30, look.Style{Bold: true, Color: p.Ink})
	b := x.queue.Bands
	for i, c := range []struct {
		word string
		n    int
		m    look.Mark
	}{{k.T("load.overdue"), b[app.Overdue], look.FailMark}, {k.T("load.soon"), b[app.Tenth] + b[app.Quarter], look.WatchMark}, {k.T("load.open"), x.queue.Counts.All, look.NoMark}} {
		at := cx + 28 + float32(i)*(w-56)/3
		ink, _ := p.Tone(c.m)
		if c.m == look.NoMark || c.n == 0 {
			ink = p.Ink
		}
		p.text(at, cy+50, h-100, k.Count(uint64(c.n)), 96, look.Style{Bold: true, Color: ink})
		tx := at
		if c.n > 0 && c.m != look.NoMark {
			p.Mark(at*p.s, (cy+h-47)*p.s, 24*p.s, c.m)
			tx += 32
		}
		p.fit(tx, cy+h-60, (w-56)/3-36, 50, c.word, 24, look.Style{Color: p.Muted})
	}
}

// drawLoad draws who has most that presses.
func (x *wall) drawLoad(p scaled, cx, cy, w, h float32) {
	k := x.k
	p.card(cx, cy, w, h)
	p.text(cx+28, cy, 60, k.T("load.title"), 30, look.Style{Bold: true, Color: p.Ink})
	rows := x.load.Rows
	if x.load.Unowned.Open > 0 {
		rows = append([]app.LoadRow{x.load.Unowned}, rows...)
	}
	const step = 44
	for i, r := range rows {
		y := cy + 62 + float32(i)*step
		if y+step > cy+h || r.Open == 0 {
			break
		}
		name := r.Name
		if name == "" {
			name = k.T("case.nobody")
		}
		right := p.right(cx+w-28, y, step, k.Count(uint64(r.Open)), 28, look.Style{Bold: true}) - 30
		for _, c := range []struct {
			n int
			m look.Mark
		}{{r.Soon, look.WatchMark}, {r.Overdue, look.FailMark}} {
			if c.n > 0 {
				ink, _ := p.Tone(c.m)
				right = p.right(right, y, step, k.Count(uint64(c.n)), 28, look.Style{Bold: true, Color: ink}) - 34
				p.Mark(right*p.s, (y+10)*p.s, 24*p.s, c.m)
				right -= 24
			}
		}
		p.fit(cx+28, y, right-cx-40, step, name, 26, look.Style{})
	}
}

// drawNext draws what falls due next.
func (x *wall) drawNext(p scaled, cx, cy, w, h float32) {
	k := x.k
	p.card(cx, cy, w, h)
	end := p.text(cx+28, cy, 70, k.T("wall.next"), 30, look.Style{Bold: true, Color: p.Ink}) + 24
	if n := x.queue.Bands[app.Overdue]; n > 0 {
		p.chip(end, cy+35, look.FailMark, k.Words.N("wall.overdue", n))
	}
	if len(x.queue.Rows) == 0 {
		p.text(cx+28, cy+80, 50, k.T("list.none"), 26, look.Style{Color: p.Muted})
	}
	step := (h - 78) / wallRows
	for i := range x.queue.Rows {
		r := &x.queue.Rows[i]
		y := cy + 74 + float32(i)*step
		p.Line((cx+1)*p.s, y*p.s, (cx+w-1)*p.s, y*p.s, 1, p.RowLine)
		m, word := k.ClockChip(r.Clock)
		p.chip(cx+28, y+step/2, m, look.Fit(word, 300*p.s, look.Style{Size: 26 * p.s, Bold: true}))
		p.track(cx+420, y+step/2, 120, r.Clock.Used(), m)
		at := p.text(cx+570, y, step, string(r.Number), 26, look.Style{Bold: true}) + 24
		at = p.text(at, y, step, fmt.Sprintf("P%d", r.Priority), 26, look.Style{Color: p.Muted}) + 24
		who := r.Agent
		st := look.Style{}
		if who == "" {
			who, st.Bold = k.T("case.nobody"), true
		}
		right := p.right(cx+w-28, y, step, look.Fit(joined(" · ", r.Group, who), 520*p.s, look.Style{Size: 26 * p.s, Bold: true}), 26, st) - 24
		p.fit(at, y, right-at, step, r.Subject, 26, look.Style{})
	}
}
