package ui

import (
	"fmt"

	"fyne.io/fyne/v2"

	"punto/ui/look"
	"punto/ui/words"
)

const (
	barH     = 48
	tabsH    = 36
	actionsH = 56
	margin   = 16
)

func (w *Window) setLanguage(lang string) error {
	next, err := words.New(lang)
	if err != nil {
		return err
	}
	w.words = next
	if w.token == "" {
		w.base.lang = next.Lang
	}
	here := w.pages[w.area] == w.page
	for a := range w.pages {
		if a != attend { // lists are made anew in their words; the intake keeps its drafts
			delete(w.pages, a)
		}
	}
	if here && w.area != attend && w.token != "" {
		w.goTo(w.area)
	}
	if r, ok := w.page.(interface{ relabel() }); ok {
		r.relabel()
	}
	w.Refresh()
	return nil
}

// draw is the whole window: bar, page, actions.
func (w *Window) draw(p *look.Painter) {
	w.used = 0
	p.Rect(0, 0, p.W, p.H, 0, p.Ground, nil, 0)
	w.drawBar(p)
	w.top = barH + w.drawStrip(p, barH)
	w.page.draw(p, rect{0, w.top, p.W, p.H - w.top - actionsH})
	w.drawActions(p)
	if w.help {
		w.drawHelp(p)
	}
}

// tap makes a place clickable.
func (w *Window) tap(p *look.Painter, x, y, wd, h float32, f func()) {
	if w.used == len(w.taps) {
		w.taps = append(w.taps, look.NewTap(nil))
	}
	t := w.taps[w.used]
	w.used++
	t.OnTap = f
	p.Place(t, x, y, wd, h)
}

// folds tells whether a window is too small for panes side by side: then the cards
// of a side stack become tabs. A screen of 1366 by 768 at 150 % has 910 by 512.
func folds(p *look.Painter) bool { return p.W < 1100 || p.H < 690 }

func (w *Window) drawBar(p *look.Painter) {
	p.Rect(0, 0, p.W, barH, 0, p.Bar, nil, 0)
	p.Circle(16, 17, 14, p.OnBarActive, nil, 0)
	x := p.Text(38, 0, barH, w.T("app.name"), look.Style{Size: 16, Bold: true, Color: p.OnBarActive})
	if w.token == "" {
		return
	}
	here := w.area
	if here >= barAreas {
		here = board
	}
	style := func(a area) look.Style {
		if a == here {
			return look.Style{Color: p.OnBarActive, Bold: true}
		}
		return look.Style{Color: p.OnBar}
	}
	var words float32
	for a := range barAreas {
		words += look.Measure(w.T(areaWords[a]), style(a))
	}
	room := p.W - x - words - w.whoWidth(p.W) - 16 // for what lies between the words
	gap := min(28, max(10, room/float32(barAreas+1)))
	x += min(36, gap+8)
	for a := range barAreas {
		end := p.Text(x, 0, barH, w.T(areaWords[a]), style(a))
		if a == here {
			p.Rect(x, barH-3, end-x, 3, 0, p.BarMark, nil, 0)
		}
		w.tap(p, x-gap/2, 0, end-x+gap, barH, func() { w.goTo(a) })
		x = end + gap
	}
	w.drawCounts(p, x)
}

// who are the parts of the right end of the bar, from the right: the time, the
// workstation and the agent; a narrow window leaves the workstation out.
func (w *Window) who(wide float32) (at, node, agent string) {
	at, agent = w.Now().In(w.zone()).Format("15:04"), w.state.Agent.Name
	if wide >= 1000 {
		node = w.T("bar.node", "Node", w.state.Node)
	} else {
		agent = look.Fit(agent, 110, look.Style{Bold: true})
	}
	return at, node, agent
}

func (w *Window) whoWidth(wide float32) float32 {
	at, node, agent := w.who(wide)
	return margin + look.Measure(at, look.Style{}) + 20 + look.Measure(node, look.Style{}) + 8 + look.Measure(agent, look.Style{Bold: true}) + 28
}

// drawCounts is the right of the bar: who and when, the live numbers that there
// is room for after left, and what waits for a decision.
func (w *Window) drawCounts(p *look.Painter, left float32) {
	right := p.W - margin
	at, node, agent := w.who(p.W)
	right = p.Right(right, 0, barH, at, look.Style{Color: p.OnBar}) - 20
	if node != "" {
		right = p.Right(right, 0, barH, node, look.Style{Color: p.OnBar}) - 8
	}
	right = p.Right(right, 0, barH, agent, look.Style{Bold: true, Color: p.OnBarActive}) - 14
	p.Line(right, 14, right, 34, 1, p.Muted)
	right -= 14
	badge := ""
	if n := w.site.Conflicts; n > 0 {
		badge = w.words.N("site.conflicts", n)
		if right-left < look.ChipWidth(look.WatchMark, badge)+20 {
			badge = fmt.Sprint(n) // the shape tells the rest
		}
		left += look.ChipWidth(look.WatchMark, badge) + 20
	}
	quiet, loud := look.Style{Color: p.OnBar}, look.Style{Bold: true, Color: p.OnBarActive}
	for _, c := range []struct {
		word, after string
		n           int
	}{{w.T("bar.mine"), "", w.state.Mine}, {w.T("bar.open"), "", w.state.Cases}, {w.T("bar.today"), " " + w.T("bar.calls"), w.state.Calls}} {
		n := fmt.Sprint(c.n)
		if right-look.Measure(c.word+c.after, quiet)-look.Measure(n, loud)-6 < left {
			break
		}
		if c.after != "" {
			right = p.Right(right, 0, barH, c.after, quiet)
		}
		right = p.Right(right, 0, barH, n, loud) - 6
		right = p.Right(right, 0, barH, c.word, quiet) - 20
	}
	if badge != "" {
		wd := look.ChipWidth(look.WatchMark, badge)
		if right-wd < left-wd-20 { // the words of the bar come first
			return
		}
		p.Chip(right-wd, barH/2, look.WatchMark, badge)
		w.tap(p, right-wd, 0, wd, barH, func() { w.goTo(inbox) })
	}
}

func (w *Window) drawActions(p *look.Painter) {
	y := p.H - actionsH
	p.Rect(0, y, p.W, actionsH, 0, p.Card, nil, 0)
	p.Line(0, y, p.W, y, 1, p.Palette.Line)
	y += 10
	if w.line != nil {
		top := w.line.draw(p, rect{margin, y, p.W - 2*margin, 36})
		if w.toast != "" {
			w.drawToast(p, rect{y: top})
		}
		return
	}
	x, right := float32(margin), p.W-margin
	as, bs := fitted(w.page.actions(), p.W-2*margin)
	for i := len(as) - 1; i >= 0; i-- {
		if as[i].right {
			right -= bs[i].Width()
			w.button(p, right, y, as[i], bs[i])
			right -= 8
		}
	}
	for i, a := range as {
		if !a.right {
			x += w.button(p, x, y, a, bs[i]) + 8
		}
	}
	room := right - x - 24
	if w.toast != "" {
		w.drawToast(p, rect{x, y - 10, room, 36})
		return
	}
	st := look.Style{Size: 12, Color: p.Muted}
	if s := w.page.status(); look.Measure(s, st) <= room || room > 160 {
		p.Right(right-16, y, 36, look.Fit(s, room, st), st)
	}
}

// drawToast tells what was done or why not: in a room between the buttons where it
// fits, else on a card of its own above the room.
func (w *Window) drawToast(p *look.Painter, r rect) {
	st, mark := look.Style{Size: 12, Bold: true, Color: p.Fine}, look.FineMark
	if w.bad {
		st.Color, mark = p.Failure, look.FailMark
	}
	wd := look.Measure(w.toast, st) + 18
	if wd <= r.w {
		x := r.x + r.w - wd
		p.Mark(x, r.y+21, 14, mark)
		p.Text(x+18, r.y+10, 36, w.toast, st)
		return
	}
	wd = min(wd+32, p.W-2*margin)
	x, y := p.W-margin-wd, r.y-48
	p.CardBox(x, y, wd, 40, false)
	p.Mark(x+14, y+13, 14, mark)
	p.TextFit(x+34, y, wd-44, 40, w.toast, st)
}

// fitted are the actions that have a button, with it. Where they would not stand
// beside each other the buttons are tight, and then their words are cut alike; a
// key never is.
func fitted(as []action, room float32) (shown []action, bs []look.Button) {
	for _, a := range as {
		if !a.hidden {
			shown = append(shown, a)
			bs = append(bs, look.Button{Word: a.word, Key: a.key, Primary: a.primary, Off: a.off != ""})
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

func (w *Window) button(p *look.Painter, x, y float32, a action, b look.Button) float32 {
	wd := p.Button(x, y, b)
	w.tap(p, x, y, wd, 36, func() { w.perform(a) })
	return wd
}

// drawHelp is the sheet of all keys of this page.
func (w *Window) drawHelp(p *look.Painter) {
	as := w.table()
	cols, wd := 2, float32(680)
	if float32((len(as)+1)/2)*28+64 > p.H {
		cols, wd = 3, min(1020, p.W-2*margin)
	}
	rows := (len(as) + cols - 1) / cols
	line := min(28, (p.H-80)/float32(rows))
	h, col := float32(rows)*line+64, (wd-20)/float32(cols)
	x, y := (p.W-wd)/2, (p.H-h)/2
	p.CardBox(x, y, wd, h, true)
	p.Text(x+20, y+12, 28, w.T("keys.title"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	for i, a := range as {
		cx, cy := x+20+float32(i/rows)*col, y+48+float32(i%rows)*line
		p.Key(cx, cy+line/2, a.key)
		p.TextFit(cx+86, cy, col-98, line, a.word, look.Style{})
	}
}

// drawTabs draws the row under the top bar; the tab that is on is always seen, and
// what stands to the left and right of those that are is counted.
func (w *Window) drawTabs(p *look.Painter, names []string, on int, choose func(int), hints []action) {
	p.Rect(0, w.top, p.W, tabsH, 0, p.Card, nil, 0)
	p.Line(0, w.top+tabsH, p.W, w.top+tabsH, 1, p.Palette.Line)
	right := p.W - margin
	for i := len(hints) - 1; i >= 0; i-- {
		right -= look.KeyWidth(hints[i].key)
		p.Key(right, w.top+tabsH/2, hints[i].key)
		right = p.Right(right-8, w.top, tabsH, hints[i].word, look.Style{Color: p.Muted}) - 20
	}
	style := func(i int) look.Style {
		if i == on {
			return look.Style{Bold: true, Color: p.Ink}
		}
		return look.Style{Color: p.Muted}
	}
	widths := make([]float32, len(names))
	for i := range names {
		names[i] = look.Fit(names[i], 260, style(i))
		widths[i] = look.Measure(names[i], style(i)) + 28
	}
	from, to := seenTabs(widths, on, right-margin, tabsAside)
	x := float32(margin)
	if from > 0 {
		w.tabsAside(p, x, fmt.Sprintf("‹ %d", from), func() { choose(from - 1) })
		x += tabsAside
	}
	for i := from; i < to; i++ {
		end := x + widths[i]
		p.Text(x+14, w.top, tabsH, names[i], style(i))
		if i == on {
			p.Rect(x, w.top+tabsH-3, end-x, 3, 0, p.Accent, nil, 0)
		}
		p.Line(end, w.top, end, w.top+tabsH, 1, p.Palette.Line)
		w.tap(p, x, w.top, end-x, tabsH, func() { choose(i) })
		x = end
	}
	if to < len(names) {
		w.tabsAside(p, x, fmt.Sprintf("%d ›", len(names)-to), func() { choose(to) })
	}
}

const tabsAside = 52 // width of a count of tabs that are not seen

func (w *Window) tabsAside(p *look.Painter, x float32, count string, f func()) {
	p.Text(x+12, w.top, tabsH, count, look.Style{Color: p.Muted})
	w.tap(p, x, w.top, tabsAside, tabsH, f)
}

// seenTabs are as many tabs as fit in a width, the one that is on among them; each
// count of others takes aside.
func seenTabs(widths []float32, on int, width, aside float32) (from, to int) {
	need := func(from, to int) (sum float32) {
		for _, w := range widths[from:to] {
			sum += w
		}
		if from > 0 {
			sum += aside
		}
		if to < len(widths) {
			sum += aside
		}
		return sum
	}
	if len(widths) == 0 {
		return 0, 0
	}
	on = min(max(0, on), len(widths)-1)
	for from, to = on, on+1; ; {
		switch {
		case to < len(widths) && need(from, to+1) <= width:
			to++
		case from > 0 && need(from-1, to) <= width:
			from--
		default:
			return from, to
		}
	}
}

const foldsH = 34

// drawFolds draws the tabs of cards that a small window shows one at a time, with
// the key that goes on to the next, and gives what is left for the card.
func (w *Window) drawFolds(p *look.Painter, r rect, names []string, on int, choose func(int)) rect {
	x, kx := r.x, r.x+r.w-look.KeyWidth("F2")
	style := func(i int, size float32) look.Style {
		if i == on {
			return look.Style{Size: size, Bold: true, Color: p.Ink}
		}
		return look.Style{Size: size, Color: p.Muted}
	}
	width := func(size float32) (sum float32) {
		for i, n := range names {
			sum += look.Measure(n, style(i, size)) + 16
		}
		return sum
	}
	size := float32(14)
	if width(size) > kx-x {
		size = 12
	}
	for i, n := range names {
		st := style(i, size)
		n = look.Fit(n, kx-x-16-40*float32(len(names)-1-i), st)
		wd := look.Measure(n, st) + 16
		p.Text(x+8, r.y, foldsH-6, n, st)
		if i == on {
			p.Rect(x+4, r.y+foldsH-8, wd-8, 3, 0, p.Accent, nil, 0)
		}
		w.tap(p, x, r.y, wd, foldsH, func() { choose(i) })
		x += wd
	}
	p.Key(kx, r.y+foldsH/2-3, "F2")
	return rect{r.x, r.y + foldsH, r.w, r.h - foldsH}
}

// empty draws what stands in the place of nothing.
func empty(p *look.Painter, x, y, wd float32, what, todo string) {
	p.TextFit(x, y, wd, 20, what, look.Style{Bold: true})
	p.TextFit(x, y+20, wd, 18, todo, look.Style{Size: 12, Color: p.Muted})
}

// blank is the window before it knows what to show.
type blank struct{ w *Window }

func newBlank(w *Window) *blank { return &blank{w} }
func (b *blank) draw(p *look.Painter, r rect) {
	p.Text(r.x+margin, r.y, 60, b.w.T("wait.loading"), look.Style{})
}
func (b *blank) actions() []action     { return nil }
func (b *blank) first() fyne.Focusable { return nil }
func (b *blank) status() string        { return "" }
func (b *blank) show()                 {}
func (b *blank) tick()                 {}
