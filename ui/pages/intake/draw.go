package intake

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/page"
)

// Draw implements page.Page.
func (in *intake) Draw(p *look.Painter, r page.Rect) {
	k := in.k
	var tabs []page.TabLabel
	own, on := k.Drafts.Of(k.State.Me), 0
	for i, d := range own {
		n := in.tabName(d)
		if d != in.d {
			n += "  " + k.T("draft.at", "At", d.Begun.In(k.Zone()).Format("15:04"))
		} else {
			on = i
		}
		tabs = append(tabs, page.TabLabel{Word: n})
	}
	r = page.Tabs(p, r, tabs, on, func(i int) { in.use(own[i]) }, page.Action{Key: "Ctrl Tab", Word: k.T("tabs.next")}, page.Action{Key: "Ctrl N", Word: k.T("tabs.new")},
		page.Action{Key: "Ctrl W", Word: k.T("draft.discard")})
	m := wideForm
	if p.Small() {
		m = foldedForm
	}
	top := r.Y + m.around
	h := r.Y + r.H - top - m.around
	formW := r.W - m.stack - 2*page.Margin - 12
	if in.d == nil {
		p.Empty(page.Margin, top+8, formW, k.T("wait.loading"), "")
		return
	}
	p.CardBox(page.Margin, top, formW, h, false)
	in.drawStrip(p, page.At(page.Margin+20, top, formW-40, m.strip))
	p.Line(page.Margin, top+m.strip, page.Margin+formW, top+m.strip, 1, p.Palette.Line)
	in.drawForm(p, page.At(page.Margin, top+m.strip+m.around, formW, h-m.strip-m.around-8), m)
	side := page.At(r.W-page.Margin-m.stack, top, m.stack, h)
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
	wideForm   = formSizes{stack: 408, around: 12, strip: 64, row: page.RowH, gap: page.RowGap, propose: page.ProposalH, mark: 20, label: 48, field: 148, promise: 48}
	foldedForm = formSizes{folded: true, stack: 300, around: 8, strip: 40, row: 32, gap: 4, propose: 24, mark: 12, label: 34, field: 124, promise: 34}
)

// tabName is how a draft is called on its tab.
func (in *intake) tabName(d *keep.Draft) string {
	n := cmp.Or(d.Name, strings.TrimSpace(d.Who), strings.TrimSpace(d.What), in.k.T("draft.unnamed"))
	if d.Number != "" {
		n = string(d.Number) + " · " + n
	}
	return n
}

// drawStrip is the number, first and large, and the timers of the call.
func (in *intake) drawStrip(p *look.Painter, r page.Rect) {
	k, now := in.k, in.k.Now()
	small := look.Style{Size: 12, Color: p.Muted}
	big := look.Style{Size: 26, Bold: true, Color: p.Ink}
	flat := r.H < 60 // labels stand before their values, not above
	number := cmp.Or(string(in.d.Number), "—")
	var x float32
	if flat {
		big.Size = 20
		x = p.Text(r.X, r.Y, r.H, number, big) + 16
		p.Line(x, r.Y+8, x, r.Y+r.H-8, 1, p.Palette.Line)
		x += 16
	} else {
		p.Text(r.X, r.Y+6, 18, k.T("intake.number"), small)
		x = max(p.Text(r.X, r.Y+24, 34, number, big), r.X+look.Measure(k.T("intake.number"), small)) + 24
		p.Line(x, r.Y+12, x, r.Y+52, 1, p.Palette.Line)
		x += 24
	}
	c := in.d.Call
	until := now
	if !c.Ended.IsZero() {
		until = c.Ended
	}
	right := r.X + r.W
	pair := func(label, value string, st look.Style) {
		if flat {
			st.Size = 16
			if x+look.Measure(label, small)+8+look.Measure(value, st) <= right {
				x = p.Text(p.Text(x, r.Y, r.H, label, small)+8, r.Y, r.H, value, st) + 20
			}
			return
		}
		a := p.Text(x, r.Y+6, 18, label, small)
		b := p.Text(x, r.Y+24, 34, value, st)
		x = max(a, b) + 32
	}
	ring := func() {
		if flat {
			p.Mark(x, r.Y+r.H/2-7, 14, look.NowMark)
		} else {
			p.Mark(x, r.Y+36, 14, look.NowMark)
		}
		x += 22
	}
	mid := look.Style{Size: 16, Bold: true, Color: p.Ink}
	switch {
	case c.Came.IsZero():
		pair(k.T("intake.noCall"), "—", mid)
	case c.Answered.IsZero():
		ring()
		pair(k.T("intake.ringing"), page.Duration(until.Sub(c.Came)), look.Style{Size: 26, Bold: true, Color: p.Accent})
	default:
		ring()
		held := c.Held
		if !c.HeldAt.IsZero() {
			held += now.Sub(c.HeldAt)
		}
		label, from := k.T("intake.onCall"), c.Answered
		if !c.Ended.IsZero() { // the wrap-up runs
			label, from, until = k.T("intake.wrapUp"), c.Ended, now
		}
		pair(label, fmt.Sprintf("%02d:%02d", int(until.Sub(from).Minutes()), int(until.Sub(from).Seconds())%60), look.Style{Size: 26, Bold: true, Color: p.Accent})
		pair(k.T("intake.waited"), page.Duration(c.Answered.Sub(c.Came)), mid)
		pair(k.T("intake.held"), page.Duration(held), mid)
		pair(k.T("intake.wrapLeft"), k.T("intake.max", "Time", page.Duration(in.wrapUp())), mid)
	}
	if flat {
		return
	}
	p.Right(right, r.Y+6, 18, k.T("intake.queue"), small)
	p.Right(right, r.Y+26, 30, k.GroupName(k.Model.Groups["n1"]), look.Style{})
}

// wrapUp is the longest wrap-up that the caller's contract counts.
func (in *intake) wrapUp() time.Duration {
	if in.card != nil && in.card.Contract.WrapUp > 0 {
		return time.Duration(in.card.Contract.WrapUp) * time.Second
	}
	return 10 * time.Minute
}

// step is one line of the form: its mark, its label, and where its field stands.
func (in *intake) step(p *look.Painter, r page.Rect, m formSizes, label string, done, now bool) {
	mark, st := look.TodoMark, look.Style{Color: p.Muted}
	switch {
	case now:
		mark, st = look.NowMark, look.Style{Bold: true, Color: p.Accent}
	case done:
		mark = look.FineMark
	}
	p.Mark(r.X+m.mark, r.Y+m.row/2-7, 14, mark)
	p.TextFit(r.X+m.label, r.Y, m.field-m.label-4, m.row, label, st)
}

func (in *intake) drawForm(p *look.Painter, r page.Rect, m formSizes) {
	k, d := in.k, in.d
	fx, fw := r.X+m.field, r.W-m.field-m.mark
	y := r.Y
	textY := y + 5*(m.row+m.gap) + m.promise + m.gap
	if !m.folded {
		textY += 3*m.propose + m.gap
	}
	p.Line(r.X+m.mark+7, y+m.row/2, r.X+m.mark+7, textY+m.row/2, 1.5, p.Palette.Line)
	step := func(label string, done, now bool) { in.step(p, page.At(r.X, y, r.W, m.row), m, label, done, now) }
	field := func(label string, f *look.Field, done bool) {
		step(label, done, f.Focused)
		p.FieldBox(fx, y, fw, m.row, f.Focused)
		p.Place(f, fx+2, y, fw-4, m.row)
		y += m.row + m.gap
	}
	field(k.T("intake.who"), in.who, !d.Person.IsZero())
	if in.card != nil {
		detail := strings.Trim(in.card.Row.Person.Extension+" · "+in.card.Row.Area+", "+in.card.Row.Site, " ·,")
		used := look.Measure(in.who.Text, look.Style{}) + 28
		p.Right(fx+fw-12, y-m.row-m.gap, m.row, look.Fit(detail, fw-used, look.Style{Color: p.Muted}), look.Style{Color: p.Muted})
	}
	field(k.T("intake.what"), in.what, d.What != "")
	field(k.T("intake.category"), in.category, d.Category != "")
	if len(in.proposed) > 0 {
		p.Right(fx+fw-12, y-m.row-m.gap, m.row, k.T("intake.ofAll", "N", len(in.proposed), "All", in.of), look.Style{Size: 12, Color: p.Muted})
	}
	choices := true
	if m.folded {
		choices = !in.category.Focused || len(in.proposed) == 0 || d.Category != "" || in.toward == fyne.Focusable(in.impact) || in.toward == fyne.Focusable(in.urgency)
	} else {
		y -= m.gap - 4
		in.drawProposed(p, page.At(fx, y, fw, 3*m.propose), m)
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
		in.drawProposed(p, page.At(fx, y, fw, 3*m.propose), m)
	}
	choice(k.T("intake.impact"), in.impact, d.Impact > 0)
	choice(k.T("intake.urgency"), in.urgency, d.Urgency > 0)
	in.step(p, page.At(r.X, y+(m.promise-m.row)/2, r.W, m.row), m, k.T("intake.promise"), in.promise != nil, false)
	in.drawPromise(p, page.At(fx, y, fw, m.promise))
	y += m.promise + m.gap
	step(k.T("intake.text"), d.Text != "", in.text.Focused)
	h := max(m.row, r.Y+r.H-y)
	p.FieldBox(fx, y, fw, h, in.text.Focused)
	p.Place(in.text, fx+2, y+2, fw-4, h-4)
}

// drawProposed fills the three rows that are reserved for proposals; nothing
// below ever moves.
func (in *intake) drawProposed(p *look.Painter, r page.Rect, m formSizes) {
	k := in.k
	for i, c := range in.proposed {
		y := r.Y + float32(i)*m.propose
		chosen := i == in.pick && in.d.Category == ""
		if chosen {
			p.Selected(r.X, y, r.W, m.propose, true)
		}
		key := []string{"Enter", "↓", "↓↓"}[(i-in.pick+3)%3]
		kx := r.X + r.W - 12 - look.KeyWidth(key)
		p.Key(kx, y+m.propose/2, key)
		hint := ""
		if c.Level1 {
			hint = k.T("intake.level1")
		} else {
			hint = k.GroupName(k.Model.Groups[c.Group])
		}
		end := p.Right(kx-10, y, m.propose, hint, look.Style{Size: 12, Color: p.Muted}) - 10
		typed := in.category.Text
		if typed == "" {
			typed = in.d.What
		}
		p.Spans(r.X+12, y, end-r.X-12, m.propose, matched(p, c.Name(k.Words.Lang), typed, chosen)...)
		p.Tap(r.X, y, r.W, m.propose, func() { in.pick = i; in.chooseCategory() })
	}
}

// matched sets the beginning of each word that was typed in bold in the accent.
func matched(p *look.Painter, name, typed string, bold bool) (out []look.Span) {
	words := page.TypedWords(typed)
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

func (in *intake) drawPromise(p *look.Painter, r page.Rect) {
	k := in.k
	p.Rect(r.X, r.Y, r.W, r.H, 6, p.Promise, nil, 0)
	white := func(size float32, bold bool) look.Style {
		return look.Style{Size: size, Bold: bold, Color: p.OnPromise}
	}
	if in.promise == nil {
		p.TextFit(r.X+14, r.Y, r.W-28, r.H, k.T("intake.noPromise"), white(14, false))
		return
	}
	when := func(ms int64) string {
		if ms == 0 {
			return "—"
		}
		return k.At(time.UnixMilli(ms))
	}
	kx := r.X + r.W - 14 - look.KeyWidth("Ctrl E")
	p.Key(kx, r.Y+r.H/2, "Ctrl E")
	priority, take, resolve := "P"+fmt.Sprint(in.promise.Priority)+" "+k.Priority(in.promise.Priority), strings.TrimPrefix(when(in.promise.TakeUp), k.T("time.today", "At", "")), when(in.promise.Resolve)
	measure := func(words ...string) (wd float32) {
		for _, s := range words {
			wd += look.Measure(s, white(14, true)) + 14
		}
		return wd
	}
	x, end := r.X+14, kx-10 // what is least needed goes first
	room := end - x - measure(priority, k.T("intake.resolveBefore")) - look.Measure(resolve, white(18, true))
	x = p.Text(x, r.Y, r.H, priority, white(14, true)) + 14
	if wd := measure(k.T("intake.takeBefore"), take); wd <= room {
		room -= wd
		x = p.Text(x, r.Y, r.H, k.T("intake.takeBefore"), white(14, false)) + 5
		x = p.Text(x, r.Y, r.H, take, white(14, true)) + 14
	}
	x = p.Text(x, r.Y, r.H, k.T("intake.resolveBefore"), white(14, false)) + 8
	p.TextFit(x, r.Y, end-x, r.H, resolve, white(18, true))
	if why := k.T("intake.why"); look.Measure(why, white(14, false)) <= room {
		p.Right(end, r.Y, r.H, why, white(14, false))
	}
}
