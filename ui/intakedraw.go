package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app/desk"
	"punto/ui/look"
)

const (
	rowH    = 36
	rowGap  = 8
	propose = 30 // height of one proposal
)

func (in *intake) draw(p *look.Painter, r rect) {
	w := in.w
	var names []string
	own, on := w.drafts.of(w.state.Me), 0
	for i, d := range own {
		n := in.tabName(d)
		if d != in.d {
			n += "  " + w.T("draft.at", "At", d.Begun.In(w.zone()).Format("15:04"))
		} else {
			on = i
		}
		names = append(names, n)
	}
	w.drawTabs(p, names, on, func(i int) { in.use(own[i]) }, []action{{key: "Ctrl Tab", word: w.T("tabs.next")}, {key: "Ctrl N", word: w.T("tabs.new")},
		{key: "Ctrl W", word: w.T("draft.discard")}})
	m := wideForm
	if folds(p) {
		m = foldedForm
	}
	top := r.y + tabsH + m.around
	h := r.y + r.h - top - m.around
	formW := r.w - m.stack - 2*margin - 12
	if in.d == nil {
		empty(p, margin, top+8, formW, w.T("wait.loading"), "")
		return
	}
	p.CardBox(margin, top, formW, h, false)
	in.drawStrip(p, rect{margin + 20, top, formW - 40, m.strip})
	p.Line(margin, top+m.strip, margin+formW, top+m.strip, 1, p.Palette.Line)
	in.drawForm(p, rect{margin, top + m.strip + m.around, formW, h - m.strip - m.around - 8}, m)
	side := rect{r.w - margin - m.stack, top, m.stack, h}
	if m.folded {
		in.drawCards(p, side)
	} else {
		in.drawSide(p, side)
	}
}

// formSizes are the heights and widths of the form and of what is around it.
type formSizes struct {
	folded                      bool
	stack, around, strip        float32
	row, gap, propose           float32
	mark, label, field, promise float32
}

// wideForm is the form beside a stack of cards; foldedForm that of a small window,
// where the cards are tabs and the proposals stand in the place of impact and
// urgency until the category is chosen.
var (
	wideForm   = formSizes{stack: 408, around: 12, strip: 64, row: rowH, gap: rowGap, propose: propose, mark: 20, label: 48, field: 148, promise: 48}
	foldedForm = formSizes{folded: true, stack: 300, around: 8, strip: 40, row: 32, gap: 4, propose: 24, mark: 12, label: 34, field: 124, promise: 34}
)

// drawCards draws the card of the side stack that its tab names.
func (in *intake) drawCards(p *look.Painter, r rect) {
	w, d := in.w, in.d
	count := func(word string, n int) string {
		if n > 0 {
			word += fmt.Sprintf(" %d", n)
		}
		return word
	}
	known := 0
	if in.card != nil {
		known = len(in.card.Open) + len(in.card.Recent)
	}
	on := in.shown()
	r = w.drawFolds(p, r, []string{w.T("intake.who"), count(w.T("area.articles"), len(in.articles)), count(w.T("same.tab"), len(in.alike)), count(w.T("area.cases"), known)}, on,
		func(i int) { in.side, in.sided = i, d; w.Refresh() })
	switch on {
	case 0:
		in.drawPerson(p, rect{r.x, r.y, r.w, 150})
	case 1:
		in.drawArticles(p, rect{r.x, r.y, r.w, 0})
	case 2:
		in.drawAlike(p, rect{r.x, r.y, r.w, 0})
	default:
		in.drawRecent(p, r)
	}
}

// shown is the card that a small window shows: the one chosen for this draft, else
// what the step at hand needs.
func (in *intake) shown() int {
	switch {
	case in.sided == in.d:
		return in.side
	case !in.who.Focused && len(in.articles) > 0:
		return 1
	}
	return 0
}

// tabName is how a draft is called on its tab.
func (in *intake) tabName(d *draft) string {
	n := cmp.Or(d.Name, strings.TrimSpace(d.Who), strings.TrimSpace(d.What), in.w.T("draft.unnamed"))
	if d.Number != "" {
		n = string(d.Number) + " · " + n
	}
	return n
}

// drawStrip is the number, first and large, and the timers of the call.
func (in *intake) drawStrip(p *look.Painter, r rect) {
	w, now := in.w, in.w.Now()
	small := look.Style{Size: 12, Color: p.Muted}
	big := look.Style{Size: 26, Bold: true, Color: p.Ink}
	flat := r.h < 60 // labels stand before their values, not above
	number := cmp.Or(string(in.d.Number), "—")
	x := r.x
	if flat {
		big.Size = 20
		x = p.Text(r.x, r.y, r.h, number, big) + 16
		p.Line(x, r.y+8, x, r.y+r.h-8, 1, p.Palette.Line)
		x += 16
	} else {
		p.Text(r.x, r.y+6, 18, w.T("intake.number"), small)
		x = max(p.Text(r.x, r.y+24, 34, number, big), r.x+look.Measure(w.T("intake.number"), small)) + 24
		p.Line(x, r.y+12, x, r.y+52, 1, p.Palette.Line)
		x += 24
	}
	c := in.d.Call
	until := now
	if !c.Ended.IsZero() {
		until = c.Ended
	}
	right := r.x + r.w
	pair := func(label, value string, st look.Style) {
		if flat {
			st.Size = 16
			if x+look.Measure(label, small)+8+look.Measure(value, st) <= right {
				x = p.Text(p.Text(x, r.y, r.h, label, small)+8, r.y, r.h, value, st) + 20
			}
			return
		}
		a := p.Text(x, r.y+6, 18, label, small)
		b := p.Text(x, r.y+24, 34, value, st)
		x = max(a, b) + 32
	}
	ring := func() {
		if flat {
			p.Mark(x, r.y+r.h/2-7, 14, look.NowMark)
		} else {
			p.Mark(x, r.y+36, 14, look.NowMark)
		}
		x += 22
	}
	mid := look.Style{Size: 16, Bold: true, Color: p.Ink}
	switch {
	case c.Came.IsZero():
		pair(w.T("intake.noCall"), "—", mid)
	case c.Answered.IsZero():
		ring()
		pair(w.T("intake.ringing"), duration(until.Sub(c.Came)), look.Style{Size: 26, Bold: true, Color: p.Accent})
	default:
		ring()
		held := c.Held
		if !c.HeldAt.IsZero() {
			held += now.Sub(c.HeldAt)
		}
		label, from := w.T("intake.onCall"), c.Answered
		if !c.Ended.IsZero() { // the wrap-up runs
			label, from, until = w.T("intake.wrapUp"), c.Ended, now
		}
		pair(label, fmt.Sprintf("%02d:%02d", int(until.Sub(from).Minutes()), int(until.Sub(from).Seconds())%60), look.Style{Size: 26, Bold: true, Color: p.Accent})
		pair(w.T("intake.waited"), duration(c.Answered.Sub(c.Came)), mid)
		pair(w.T("intake.held"), duration(held), mid)
		pair(w.T("intake.wrapLeft"), w.T("intake.max", "Time", duration(in.wrapUp())), mid)
	}
	if flat {
		return
	}
	p.Right(right, r.y+6, 18, w.T("intake.queue"), small)
	p.Right(right, r.y+26, 30, w.groupName(w.model.Groups["n1"]), look.Style{})
}

// wrapUp is the longest wrap-up that the caller's contract counts.
func (in *intake) wrapUp() time.Duration {
	if in.card != nil && in.card.Contract.WrapUp > 0 {
		return time.Duration(in.card.Contract.WrapUp) * time.Second
	}
	return 10 * time.Minute
}

func (w *Window) groupName(id desk.ID) string {
	for _, g := range w.groups {
		if g.ID == id {
			return g.Of.Name
		}
	}
	return ""
}

// step is one line of the form: its mark, its label, and where its field stands.
func (in *intake) step(p *look.Painter, r rect, m formSizes, label string, done, now bool) {
	mark, st := look.TodoMark, look.Style{Color: p.Muted}
	switch {
	case now:
		mark, st = look.NowMark, look.Style{Bold: true, Color: p.Accent}
	case done:
		mark = look.FineMark
	}
	p.Mark(r.x+m.mark, r.y+m.row/2-7, 14, mark)
	p.TextFit(r.x+m.label, r.y, m.field-m.label-4, m.row, label, st)
}

func (in *intake) drawForm(p *look.Painter, r rect, m formSizes) {
	w, d := in.w, in.d
	fx, fw := r.x+m.field, r.w-m.field-m.mark
	y := r.y
	textY := y + 5*(m.row+m.gap) + m.promise + m.gap
	if !m.folded {
		textY += 3*m.propose + m.gap
	}
	p.Line(r.x+m.mark+7, y+m.row/2, r.x+m.mark+7, textY+m.row/2, 1.5, p.Palette.Line)
	step := func(label string, done, now bool) { in.step(p, rect{r.x, y, r.w, m.row}, m, label, done, now) }
	field := func(label string, f *look.Field, done bool) {
		step(label, done, f.Focused)
		p.FieldBox(fx, y, fw, m.row, f.Focused)
		p.Place(f, fx+2, y, fw-4, m.row)
		y += m.row + m.gap
	}
	field(w.T("intake.who"), in.who, !d.Person.IsZero())
	if in.card != nil {
		detail := strings.Trim(in.card.Row.Person.Extension+" · "+in.card.Row.Area+", "+in.card.Row.Site, " ·,")
		used := look.Measure(in.who.Text, look.Style{}) + 28
		p.Right(fx+fw-12, y-m.row-m.gap, m.row, look.Fit(detail, fw-used, look.Style{Color: p.Muted}), look.Style{Color: p.Muted})
	}
	field(w.T("intake.what"), in.what, d.What != "")
	field(w.T("intake.category"), in.category, d.Category != "")
	if len(in.proposed) > 0 {
		p.Right(fx+fw-12, y-m.row-m.gap, m.row, w.T("intake.ofAll", "N", len(in.proposed), "All", in.of), look.Style{Size: 12, Color: p.Muted})
	}
	choices := true
	if m.folded {
		choices = !in.category.Focused || len(in.proposed) == 0 || d.Category != "" || w.want == fyne.Focusable(in.impact) || w.want == fyne.Focusable(in.urgency)
	} else {
		y -= m.gap - 4
		in.drawProposed(p, rect{fx, y, fw, 3 * m.propose}, m)
		y += 3*m.propose + m.gap
	}
	choice := func(label string, c *look.Choice, done bool) {
		if choices {
			step(label, done, c.Focused)
			p.Place(c, fx, y, fw, m.row)
		}
		y += m.row + m.gap
	}
	if !choices {
		in.drawProposed(p, rect{fx, y, fw, 3 * m.propose}, m)
	}
	choice(w.T("intake.impact"), in.impact, d.Impact > 0)
	choice(w.T("intake.urgency"), in.urgency, d.Urgency > 0)
	in.step(p, rect{r.x, y + (m.promise-m.row)/2, r.w, m.row}, m, w.T("intake.promise"), in.promise != nil, false)
	in.drawPromise(p, rect{fx, y, fw, m.promise})
	y += m.promise + m.gap
	step(w.T("intake.text"), d.Text != "", in.text.Focused)
	h := max(m.row, r.y+r.h-y)
	p.FieldBox(fx, y, fw, h, in.text.Focused)
	p.Place(in.text, fx+2, y+2, fw-4, h-4)
}

// drawProposed fills the three rows that are reserved for proposals; nothing
// below ever moves.
func (in *intake) drawProposed(p *look.Painter, r rect, m formSizes) {
	w := in.w
	for i, c := range in.proposed {
		y := r.y + float32(i)*m.propose
		chosen := i == in.pick && in.d.Category == ""
		if chosen {
			p.Selected(r.x, y, r.w, m.propose, true)
		}
		key := []string{"Enter", "↓", "↓↓"}[(i-in.pick+3)%3]
		kx := r.x + r.w - 12 - look.KeyWidth(key)
		p.Key(kx, y+m.propose/2, key)
		hint := ""
		if c.Level1 {
			hint = w.T("intake.level1")
		} else {
			hint = w.groupName(w.model.Groups[c.Group])
		}
		end := p.Right(kx-10, y, m.propose, hint, look.Style{Size: 12, Color: p.Muted}) - 10
		typed := in.category.Text
		if typed == "" {
			typed = in.d.What
		}
		p.Spans(r.x+12, y, end-r.x-12, m.propose, matched(p, c.Name(w.words.Lang), typed, chosen)...)
		w.tap(p, r.x, y, r.w, m.propose, func() { in.pick = i; in.chooseCategory() })
	}
}

// matched sets the beginning of each word that was typed in bold in the accent.
func matched(p *look.Painter, name, typed string, bold bool) (out []look.Span) {
	words := typedWords(typed)
	plain := look.Style{Bold: bold}
	for i, word := range strings.Split(name, " ") {
		if i > 0 {
			out = append(out, look.Span{S: " ", Style: plain})
		}
		n := 0
		for _, t := range words {
			if strings.HasPrefix(look.Fold(word), t) {
				n = max(n, len([]rune(t)))
			}
		}
		r := []rune(word)
		n = min(n, len(r))
		if n > 0 {
			out = append(out, look.Span{S: string(r[:n]), Style: look.Style{Bold: true, Color: p.Accent}})
		}
		out = append(out, look.Span{S: string(r[n:]), Style: plain})
	}
	return out
}

func (in *intake) drawPromise(p *look.Painter, r rect) {
	w := in.w
	p.Rect(r.x, r.y, r.w, r.h, 6, p.Promise, nil, 0)
	white := func(size float32, bold bool) look.Style {
		return look.Style{Size: size, Bold: bold, Color: p.OnPromise}
	}
	if in.promise == nil {
		p.TextFit(r.x+14, r.y, r.w-28, r.h, w.T("intake.noPromise"), white(14, false))
		return
	}
	when := func(ms int64) string {
		if ms == 0 {
			return "—"
		}
		return w.at(time.UnixMilli(ms))
	}
	kx := r.x + r.w - 14 - look.KeyWidth("Ctrl E")
	p.Key(kx, r.y+r.h/2, "Ctrl E")
	priority, take, resolve := "P"+fmt.Sprint(in.promise.Priority)+" "+w.priority(in.promise.Priority), strings.TrimPrefix(when(in.promise.TakeUp), w.T("time.today", "At", "")), when(in.promise.Resolve)
	measure := func(words ...string) (wd float32) {
		for _, s := range words {
			wd += look.Measure(s, white(14, true)) + 14
		}
		return wd
	}
	x, end := r.x+14, kx-10 // what is least needed goes first
	room := end - x - measure(priority, w.T("intake.resolveBefore")) - look.Measure(resolve, white(18, true))
	x = p.Text(x, r.y, r.h, priority, white(14, true)) + 14
	if wd := measure(w.T("intake.takeBefore"), take); wd <= room {
		room -= wd
		x = p.Text(x, r.y, r.h, w.T("intake.takeBefore"), white(14, false)) + 5
		x = p.Text(x, r.y, r.h, take, white(14, true)) + 14
	}
	x = p.Text(x, r.y, r.h, w.T("intake.resolveBefore"), white(14, false)) + 8
	p.TextFit(x, r.y, end-x, r.h, resolve, white(18, true))
	if why := w.T("intake.why"); look.Measure(why, white(14, false)) <= room {
		p.Right(end, r.y, r.h, why, white(14, false))
	}
}

func (w *Window) priority(n int) string {
	names, ok := w.model.Priorities[w.words.Lang]
	if !ok {
		names = w.model.Priorities["es"]
	}
	if n < 1 || n > 4 {
		return ""
	}
	return names[n-1]
}

// drawSide is who calls, what may solve it, whether it is known, and what was
// before.
func (in *intake) drawSide(p *look.Painter, r rect) {
	y := r.y
	y += in.drawPerson(p, rect{r.x, y, r.w, 150}) + 8
	y += in.drawArticles(p, rect{r.x, y, r.w, 0}) + 8
	y += in.drawAlike(p, rect{r.x, y, r.w, 0}) + 8
	in.drawRecent(p, rect{r.x, y, r.w, r.y + r.h - y})
}

func (in *intake) drawPerson(p *look.Painter, r rect) float32 {
	w := in.w
	p.CardBox(r.x, r.y, r.w, r.h, false)
	x, y, wd := r.x+15, r.y+12, r.w-30
	switch {
	case in.card == nil && len(in.people) > 0:
		title := w.T("person.matches")
		if in.at < 0 {
			title = w.T("person.like")
		}
		p.TextFit(x, y, wd, 16, title, look.Style{Size: 12, Bold: true, Color: p.Muted})
		for i, m := range in.people {
			if i == 4 {
				break
			}
			my := y + 20 + float32(i)*28
			if i == in.at {
				p.Selected(r.x+1, my, r.w-2, 28, true)
				p.Key(x+wd-look.KeyWidth("Enter"), my+14, "Enter")
			}
			ax := p.TextFit(x, my, wd-120, 28, m.Person.Name, look.Style{Bold: i == in.at}) + 10
			p.TextFit(ax, my, x+wd-60-ax, 28, strings.Trim(m.Person.Extension+" · "+m.Area, " ·"), look.Style{Size: 12, Color: p.Muted})
			w.tap(p, r.x, my, r.w, 28, func() { in.at, in.moved = i, true; in.choosePerson() })
		}
		return r.h
	case in.card == nil && in.found != "" && in.found == in.d.Who:
		empty(p, x, y, wd, w.T("person.unknown"), w.T("person.unknownHint"))
		return r.h
	case in.card == nil:
		empty(p, x, y, wd, w.T("person.none"), w.T("person.noneHint"))
		return r.h
	}
	c := in.card
	per := c.Row.Person
	nx := p.TextFit(x, y-2, wd-120, 24, per.Name, look.Style{Size: 16, Bold: true, Color: p.Ink}) + 10
	if per.VIP {
		p.Label(nx, y+10, w.T("person.vip"))
	}
	line := func(i int, label, value string) float32 {
		ly := y + 24 + float32(i)*21
		p.Text(x, ly, 21, label, look.Style{Size: 12, Color: p.Muted})
		p.TextFit(x+62, ly, wd-62, 21, value, look.Style{Size: 12})
		return ly
	}
	line(0, w.T("person.title"), strings.Trim(per.Title+" · "+c.Row.Area, " ·"))
	line(1, w.T("person.site"), c.Row.Site)
	line(2, w.T("person.lang"), strings.Join(per.Langs, ", "))
	ly := line(3, w.T("person.contract"), c.Contract.Code)
	m, word := look.FineMark, w.T("person.openAlways")
	if c.Until != 0 {
		at := strings.TrimPrefix(w.at(time.UnixMilli(c.Until)), w.T("time.today", "At", ""))
		word = w.T("person.openUntil", "At", at)
		if !c.Hours {
			m, word = look.PauseMark, w.T("person.closedUntil", "At", at)
		}
	}
	p.Chip(x+wd-look.ChipWidth(m, word), ly+10, m, word)
	var tags []string
	for _, a := range c.Assets {
		tags = append(tags, a.Tag)
	}
	line(4, w.T("person.assets"), strings.Join(tags, " · "))
	return r.h
}

func (in *intake) drawArticles(p *look.Painter, r rect) float32 {
	w, docs := in.w, in.documents()
	h := float32(44 + 28*max(1, len(docs)))
	p.CardBox(r.x, r.y, r.w, h, len(docs) > 0)
	x, wd := r.x+15, r.w-30
	if len(docs) == 0 {
		empty(p, x, r.y+14, wd, w.T("articles.none"), w.T("articles.noneHint"))
		return h
	}
	tx := p.Text(x, r.y+8, 24, w.T("articles.proposed"), look.Style{Size: 12, Bold: true, Color: p.Accent}) + 8
	p.Text(tx, r.y+8, 24, w.T("articles.keyOpens"), look.Style{Size: 12, Color: p.Muted})
	for i, a := range docs {
		y := r.y + 36 + float32(i)*28
		if i > 0 {
			p.Line(x, y, x+wd, y, 1, p.RowLine)
		}
		end := x + wd
		if a.ID == in.d.Article {
			end -= look.ChipWidth(look.FineMark, w.T("article.willUse"))
			p.Chip(end, y+14, look.FineMark, w.T("article.willUse"))
			end -= 8
		}
		kx := p.Key(x, y+14, []string{"F7", "Alt 2", "Alt 3"}[i]) + 10
		p.TextFit(kx, y, end-kx, 28, a.Title, look.Style{Bold: i == 0})
		w.tap(p, r.x, y, r.w, 28, func() { in.readArticle(a) })
	}
	return h
}

func (in *intake) drawAlike(p *look.Painter, r rect) float32 {
	w := in.w
	h := float32(44 + 28*max(1, len(in.alike)))
	p.CardBox(r.x, r.y, r.w, h, false)
	x, wd := r.x+15, r.w-30
	if len(in.alike) == 0 {
		empty(p, x, r.y+14, wd, w.T("same.none"), w.T("same.noneHint"))
		return h
	}
	p.Text(x, r.y+8, 24, w.T("same.title"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	p.Right(x+wd, r.y+8, 24, w.T("same.keyJoins"), look.Style{Size: 12, Color: p.Muted})
	for i, a := range in.alike {
		y := r.y + 36 + float32(i)*28
		kx := p.Key(x, y+14, []string{"F4", "Alt 4"}[i]) + 10
		number, _, _ := strings.Cut(a.Detail, " · ")
		kx = p.Text(kx, y, 28, number, look.Style{Bold: true}) + 8
		p.TextFit(kx, y, x+wd-kx, 28, a.Title, look.Style{})
		w.tap(p, r.x, y, r.w, 28, func() { w.openCase(a.ID) })
	}
	return h
}

func (in *intake) drawRecent(p *look.Painter, r rect) {
	w := in.w
	if r.h < 60 {
		return
	}
	p.CardBox(r.x, r.y, r.w, r.h, false)
	x, wd := r.x+15, r.w-30
	if in.card == nil || len(in.card.Open)+len(in.card.Recent) == 0 {
		empty(p, x, r.y+14, wd, w.T("recent.none"), w.T("recent.noneHint"))
		return
	}
	name, _, _ := strings.Cut(in.card.Row.Person.Name, " ")
	p.Text(x, r.y+8, 24, w.T("recent.title", "Name", name), look.Style{Size: 12, Bold: true, Color: p.Muted})
	y := r.y + 34
	for _, c := range append(in.card.Open[:len(in.card.Open):len(in.card.Open)], in.card.Recent...) {
		if y+23 > r.y+r.h-6 {
			break
		}
		st := look.Style{Size: 12}
		right := x + wd
		if c.Status.Open() {
			m, word := w.clockChip(c.Clock)
			right -= look.ChipWidth(m, word)
			p.Chip(right, y+11, m, word)
			st.Bold = true
		} else {
			right = p.Right(right, y, 23, w.T("status."+c.Status.String()), look.Style{Size: 12, Color: p.Muted})
		}
		first := string(c.Number)
		if !c.Status.Open() {
			first = time.UnixMilli(c.OpenedAt).In(w.zone()).Format("2/1/06")
		}
		p.Text(x, y, 23, first, st)
		p.TextFit(x+72, y, right-x-80, 23, c.Subject, look.Style{Size: 12})
		w.tap(p, x, y, wd, 23, func() { w.openCase(c.ID) })
		y += 23
		p.Line(x, y, x+wd, y, 1, p.RowLine)
	}
}
