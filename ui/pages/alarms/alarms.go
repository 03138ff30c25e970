// Package alarms is the page of what the desk has told the signed-in agent: the rungs of
// escalations that clocks have reached, those that wait to be acknowledged first, and
// beside it the whole ladder of the one that is chosen.
package alarms

import (
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/sla"
	"punto/ui/look"
	"punto/ui/page"
)

// list is the page.
type list struct {
	*page.Table[app.InboxRow]
	k      *page.Kit
	found  bool
	asking int
	unread int
	ladder app.LadderOfAnswer
	of     key // whose ladder it is
	asked  page.Latest
}

// key is a clock of a case.
type key struct {
	kase  desk.ID
	clock string
}

// Kind is the page of alarms, on a tab of the board.
func Kind() page.Kind {
	return page.Kind{Name: "alarms", Word: "area.alarms", Key: "Alt A", Place: page.Tab, Under: "board",
		Count: func(k *page.Known) int { return k.State.Asking + k.State.Unread }, Make: func(k *page.Kit) page.Page { return newList(k) }}
}

const rowH = 48

func newList(k *page.Kit) *list {
	l := &list{k: k}
	l.Table = page.NewTable(k, k.T("alarm.title"), [2]string{k.T("alarm.none"), k.T("alarm.noneHint")}, l.row,
		look.Column{Title: k.T("alarm.rung"), Width: 104, Least: 96}, look.Column{Title: k.T("alarm.case")}, look.Column{Title: k.T("alarm.then"), Width: 230, Least: 170})
	l.List.RowH = rowH
	l.Same = func(x, y app.InboxRow) bool { return x.ID == y.ID }
	l.Fetch = func(_ []byte, use func([]app.InboxRow, []byte)) {
		page.Ask(k, app.Inbox{}, func(a app.InboxAnswer) {
			l.found, l.asking, l.unread = true, a.Asking, a.Unread
			use(a.Rows, nil)
			l.follow()
		})
	}
	l.Open = func(r app.InboxRow) { k.Go("case", r.Alarm.Case) }
	return l
}

// follow asks for the ladder of the row that is chosen.
func (l *list) follow() {
	r, ok := l.Selected()
	if !ok {
		l.of, l.ladder = key{}, app.LadderOfAnswer{}
		return
	}
	of := key{r.Alarm.Case, r.Alarm.Clock}
	if of == l.of {
		return
	}
	l.of, l.ladder = of, app.LadderOfAnswer{}
	page.AskLatest(l.k, &l.asked, app.LadderOf{Case: of.kase, Clock: of.clock}, func(a app.LadderOfAnswer) { l.ladder = a })
}

// Changed implements page.Page.
func (l *list) Changed() {
	l.of = key{}
	l.Table.Changed()
}

// Tick implements page.Page.
func (l *list) Tick() { l.Table.Tick() }

// Status implements page.Page.
func (l *list) Status() string {
	if !l.found {
		return l.k.T("wait.loading")
	}
	return l.k.Words.N("alarm.asking", l.asking) + " · " + l.k.Words.N("alarm.unread", l.unread)
}

// Actions implements page.Page.
func (l *list) Actions() []page.Action {
	k := l.k
	r, ok := l.Selected()
	none, needless, all := "", "", ""
	if !ok {
		none, needless = k.T("alarm.none"), k.T("alarm.none")
	} else if r.Alarm.AckAt != 0 {
		needless = k.T("alarm.already")
	}
	if l.unread == 0 {
		all = k.T("alarm.allRead")
	}
	return []page.Action{{Key: "F8", Word: k.T("alarm.acknowledge"), Primary: true, Off: needless, Do: l.acknowledge},
		{Key: "Enter", Word: k.T("do.open"), Off: none, Do: func() { l.List.OnOpen(l.List.Selected) }},
		{Key: "F7", Word: k.T("alarm.read"), Off: all, Do: l.read},
		{Key: "F5", Word: k.T("do.refresh"), Do: func() { l.Reload() }}}
}

// acknowledge takes the chosen one in hand.
func (l *list) acknowledge() {
	r, ok := l.Selected()
	if !ok {
		return
	}
	l.k.Do(app.AckAlarm{ID: r.ID}, func(app.Receipt) {
		l.k.Tell(l.k.T("alarm.acknowledged", "Number", r.Number), false)
		l.Changed()
	}, nil)
}

// read marks all that stands there as read.
func (l *list) read() {
	l.k.Do(app.ReadAlarms{}, func(app.Receipt) { l.Changed() }, nil)
}

// agent is a name.
func (l *list) agent(id desk.ID) string {
	for _, a := range l.k.Agents {
		if a.ID == id {
			return a.Of.Name
		}
	}
	return l.k.T("case.system")
}

func (l *list) names(ids []desk.ID) string {
	const most = 3
	var out []string
	for i, id := range ids {
		if i == most {
			out = append(out, l.k.T("alarm.more", "N", len(ids)-most))
			break
		}
		out = append(out, l.agent(id))
	}
	return strings.Join(out, ", ")
}

// clock names the clock of a run such as ola/2.
func (l *list) clock(run string) string {
	kind, _, _ := strings.Cut(run, "/")
	return l.k.T("clock." + kind)
}

// when says at which point of the clock a rung stands.
func (l *list) when(percent int, offset int64, unacked bool) string {
	k := l.k
	switch {
	case unacked:
		return k.T("alarm.unacked")
	case percent > 0:
		return k.Words.T("alarm.percent", "N", percent)
	case offset < 0:
		return k.T("alarm.before", "Time", draft.Span(-offset).String())
	}
	return k.T("alarm.after", "Time", draft.Span(offset).String())
}

// nth is an instance by its number.
func (l *list) nth(n int) string { return l.k.T("alarm.nth", "N", max(1, n)) }

func (l *list) row(p *look.Painter, r app.InboxRow, y, h float32, xs []float32) {
	k, small := l.k, look.Style{Size: 12, Color: p.Muted}
	y1, y2 := y+4, y+25
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	m := look.FineMark
	switch {
	case r.Asks:
		m = look.WatchMark
		if r.Alarm.AckDue < k.Now().UnixMilli() {
			m = look.FailMark
		}
	case r.False:
		m = look.PauseMark
	case r.Unread:
		m = look.WatchMark
	}
	p.Chip(xs[0], y+h/2, m, l.nth(r.Alarm.Rung))
	st := look.Style{Bold: r.Asks || r.Unread}
	x := p.TextFit(xs[1], y1, cut(1), 22, string(r.Number), look.Style{Bold: true, Color: p.Accent}) + 8
	p.TextFit(x, y1, xs[2]-12-x, 22, r.Subject, st)
	under := l.clock(r.Alarm.Clock) + " · " + l.when(r.Alarm.Percent, r.Alarm.Offset, r.Alarm.Unacked) + " · " + l.names(r.Alarm.To) + " · " + k.At(time.UnixMilli(r.FiredAt))
	if r.Late {
		under += " · " + k.T("alarm.late")
	}
	p.TextFit(xs[1], y2, cut(1), 18, under, small)
	then, then2 := l.then(r)
	p.TextFit(xs[2], y1, cut(2), 22, then, look.Style{Bold: r.Asks})
	p.TextFit(xs[2], y2, cut(2), 18, then2, small)
}

// then says what comes next of a row, or what came of it.
func (l *list) then(r app.InboxRow) (string, string) {
	k := l.k
	status := k.T("status." + r.Status.String())
	switch {
	case r.False:
		return k.T("alarm.false"), k.T("alarm.falseWhy")
	case r.Alarm.AckAt != 0:
		return k.T("alarm.by", "Name", l.agent(r.Alarm.AckBy)), k.At(time.UnixMilli(r.Alarm.AckAt)) + " · " + status
	case r.Asks:
		left := time.UnixMilli(r.Alarm.AckDue).Sub(k.Now())
		if left <= 0 {
			return k.T("alarm.overdue"), status
		}
		return k.T("alarm.left", "Time", page.Span(left)), status
	}
	return status, k.T("alarm.asksNothing")
}

// Draw implements page.Page.
func (l *list) Draw(p *look.Painter, r page.Rect) {
	l.follow()
	right := min(484, r.W*0.36)
	if p.Small() {
		right = 0
	}
	w := r.W - right
	x := p.Text(page.Margin, r.Y+8, 32, l.Title, look.Style{Size: 20, Bold: true, Color: p.Ink}) + 16
	switch {
	case l.asking > 0:
		x = p.Chip(x, r.Y+24, look.WatchMark, l.k.Words.N("alarm.asking", l.asking)) + 12
	case l.unread > 0:
		x = p.Chip(x, r.Y+24, look.WatchMark, l.k.Words.N("alarm.unread", l.unread)) + 12
	}
	p.TextFit(x, r.Y+10, w-page.Margin-x, 30, l.k.T("alarm.lead"), look.Style{Color: p.Muted})
	p.CardBox(page.Margin, r.Y+48, w-2*page.Margin, r.H-60, false)
	p.Place(l.List, page.Margin+1, r.Y+50, w-2*page.Margin-2, r.H-64)
	if right > 0 {
		l.drawLadder(p, page.At(r.X+w-4, r.Y+12, right-page.Margin+4, r.H-24))
	}
}

// drawLadder draws the ladder of the chosen one, from where its clock began.
func (l *list) drawLadder(p *look.Painter, r page.Rect) {
	k := l.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	row, ok := l.Selected()
	x, wide := r.X+16, r.W-32
	if !ok {
		p.Empty(x, r.Y+40, wide, k.T("alarm.noLadder"), k.T("alarm.noLadderHint"))
		return
	}
	p.TextFit(x, r.Y+10, wide, 26, k.T("alarm.ladderOf", "Number", row.Number), look.Style{Size: 16, Bold: true, Color: p.Ink})
	run := l.ladder.Run
	if run.ID == "" {
		p.TextFit(x, r.Y+40, wide, 22, k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	}
	m, word := k.ClockChip(run)
	chip := look.ChipWidth(m, word)
	p.Chip(r.X+r.W-16-chip, r.Y+23, m, word)
	p.TextFit(x, r.Y+38, wide, 22, l.clock(run.ID)+" · "+k.T("clock.target", "Time", page.Span(run.Target))+" · "+k.Priority(row.Priority), look.Style{Size: 12, Color: p.Muted})
	y := r.Y + 72
	foot := float32(92)
	step := min(52, (r.H-72-foot-8)/float32(len(l.ladder.Rungs)+2))
	l.drawRung(p, x, y, wide, look.NoMark, k.At(run.Start), k.T("alarm.begins", "Clock", l.clock(run.ID)), "", false)
	y += step
	now := false
	for i, g := range l.ladder.Rungs {
		head := l.when(g.Rung.Percent, g.Rung.Offset, g.Rung.Unacked) + " · " + l.nth(i+1)
		under := l.names(g.To)
		if a := l.acts(g.Rung); a != "" {
			under += " · " + a
		}
		mark, at := look.NoMark, ""
		switch f := g.Fired; {
		case f != nil:
			mark, at = look.FineMark, k.At(time.UnixMilli(f.FiredAt))
			if f.Alarm.AckAt != 0 {
				under += " · " + k.T("alarm.by", "Name", l.agent(f.Alarm.AckBy))
			} else if f.Alarm.AckDue > 0 {
				if mark = look.WatchMark; f.Alarm.AckDue < k.Now().UnixMilli() {
					mark = look.FailMark
					under += " · " + k.T("alarm.overdue")
				}
			}
		case g.At > 0:
			at = k.At(time.UnixMilli(g.At))
		}
		if g.Fired == nil && !now {
			now = true
			l.drawRung(p, x, y, wide, look.NoMark, k.At(k.Now()), k.T("alarm.now"), "", true)
			y += step
		}
		l.drawRung(p, x, y, wide, mark, at, head, under, false)
		y += step
	}
	p.Line(r.X, r.Y+r.H-foot, r.X+r.W, r.Y+r.H-foot, 1, p.Palette.Line)
	p.TextFit(x, r.Y+r.H-foot+8, wide, 24, k.T("alarm.ifNow"), look.Style{Bold: true, Color: p.Ink})
	p.Paragraph(x, r.Y+r.H-foot+34, wide, 50, l.ifAcknowledged(row, run), look.Style{Size: 12, Color: p.Muted})
}

// drawRung draws one rung: its time, its mark, what it is and whom it tells.
func (l *list) drawRung(p *look.Painter, x, y, w float32, m look.Mark, at, head, under string, here bool) {
	st, head2 := look.Style{Size: 12, Color: p.Muted}, look.Style{Bold: true, Color: p.Ink}
	if here {
		st, head2.Color = look.Style{Size: 12, Bold: true, Color: p.Accent}, p.Accent
	}
	p.TextFit(x, y, 84, 22, at, st)
	switch {
	case here:
		p.Circle(x+92, y+5, 12, p.Card, p.Accent, 3)
	case m == look.NoMark:
		p.Circle(x+92, y+5, 12, p.Card, p.Muted, 1.5)
	default:
		p.Mark(x+91, y+4, 14, m)
	}
	p.TextFit(x+114, y, w-114, 22, head, head2)
	p.TextFit(x+114, y+20, w-114, 18, under, look.Style{Size: 12, Color: p.Muted})
}

// acts says what a rung does to its case.
func (l *list) acts(g desk.Rung) string {
	k := l.k
	var out []string
	if g.Ack > 0 {
		out = append(out, k.T("alarm.ackIn", "Time", draft.Span(g.Ack).String()))
	}
	if g.Move != "" {
		out = append(out, k.T("alarm.moves", "Group", k.GroupName(k.Model.Groups[g.Move])))
	}
	if g.Raise {
		out = append(out, k.T("alarm.raises"))
	}
	return strings.Join(out, ", ")
}

// ifAcknowledged says what acknowledging changes, and what it does not.
func (l *list) ifAcknowledged(r app.InboxRow, run sla.Run) string {
	k := l.k
	said := k.T("alarm.changesNothing")
	if n := r.Alarm.Rung; r.Asks && n > 0 && n < len(l.ladder.Rungs) && l.ladder.Rungs[n].Rung.Unacked {
		said = k.T("alarm.notTold", "Names", l.names(l.ladder.Rungs[n].To))
	}
	if run.Stop.IsZero() && !run.Due.IsZero() {
		said += " " + k.T("alarm.dueStill", "At", k.At(run.Due))
	}
	return said
}
