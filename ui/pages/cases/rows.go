package cases

import (
	"fmt"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
	"punto/ui/page"
)

// How a queue is drawn: beside a case on two lines a row, by itself as a table.

const (
	bandH   = 28
	besideH = 48 // of a row beside the case
	boxed   = 24 // width of the box of a mark, and what follows it
)

// dueLeast holds the longest deadline, "Vence mañana 09:36" on its chip, whole: what
// a queue is read for is never cut.
const dueLeast = 172

// column is one of the table, and how the desk sorts by it.
type column struct {
	look.Column
	name string // of its liking
	by   string
}

// Columns that are as wide as what stands in them.
const (
	groupColumn = 5
	clockColumn = 6
)

// hidden is the width of a column that somebody does not want: no text fits into it.
const hidden = 1

// Widths that a column may be given.
const (
	narrowest = 30
	widest    = 600
)

// columns are those of the table; extra width goes to the subject.
func columns(k *page.Kit) []column {
	of := func(word, by string, width, least float32) column {
		return column{look.Column{Title: k.Words.T("list." + word), Width: width, Least: least}, word, by}
	}
	all := []column{of("due", "", 190+boxed, dueLeast+boxed), of("used", "", 84, 56), of("case", "number", 92, 80), of("subject", "subject", 0, 0),
		of("priority", "priority", 96, 72), of("group", "group", 210, 110), of("clock", "clock", 130, 66), of("hops", "hops", 60, 34), of("state", "status", 90, 74)}
	all[7].Right = true
	return all
}

// bandName and bandMark are how a band is told.
func bandName(k *page.Kit, b app.Band) string {
	return k.Words.T("band." + [...]string{"overdue", "tenth", "quarter", "ontime", "still"}[min(max(b, app.Overdue), app.Still)-1])
}

func bandMark(b app.Band) look.Mark {
	return [...]look.Mark{look.NoMark, look.FailMark, look.WatchMark, look.WatchMark, look.FineMark, look.PauseMark}[min(b, app.Still)]
}

// drawBand draws the heading of a band: its shape, its name and how many stand in it.
func (q *queue) drawBand(p *look.Painter, b app.Band, x, y, w, h float32) {
	p.Rect(0, y, p.W-8, h, 0, p.Ground, nil, 0)
	m := bandMark(b)
	ink, _ := p.Tone(m)
	p.Mark(x, y+h/2-7, 14, m)
	end := p.Text(x+20, y, h, bandName(q.k, b), look.Style{Size: 12, Bold: true, Color: ink}) + 8
	if int(b) < len(q.bands) {
		p.TextFit(end, y, x+w-end, h, q.k.Count(uint64(q.bands[b])), look.Style{Size: 12, Color: p.Muted})
	}
}

// drawBox draws the box of a row that may be marked.
func (q *queue) drawBox(p *look.Painter, r *app.CaseRow, x, y float32) {
	if _, on := q.marked[r.ID]; !on {
		p.Rect(x, y-8, 16, 16, 4, p.Card, p.Edge, 1)
		return
	}
	p.Rect(x, y-8, 16, 16, 4, p.Accent, nil, 0)
	p.Line(x+4, y, x+7, y+3, 1.8, p.OnAccent)
	p.Line(x+7, y+3, x+12, y-4, 1.8, p.OnAccent)
}

// ground tells a marked row by its ground; the one on which the mark stands has its own.
func (q *queue) ground(p *look.Painter, i int, r *app.CaseRow, y, h float32) {
	if _, on := q.marked[r.ID]; on && i != q.list.Selected {
		p.Rect(0, y+1, p.W-8, h-2, 0, p.AccentGround, nil, 0)
	}
}

// drawBeside draws a line of the list on two lines of text.
func (q *queue) drawBeside(p *look.Painter, i int, x, y, w, h float32, _ []float32) {
	if i >= len(q.lines) {
		p.Text(x, y, h, q.k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	}
	if b := q.lines[i].band; b != app.NoBand {
		q.drawBand(p, b, x, y, w, h)
		return
	}
	r := q.at(i)
	q.ground(p, i, r, y, h)
	q.drawBox(p, r, x, y+h/2)
	left, end := x+boxed, x+w
	bold := look.Style{Bold: i == q.list.Selected}
	tx := left + max(80, look.Measure(string(r.Number), look.Style{Bold: true})+10)
	p.Text(left, y+3, 22, string(r.Number), look.Style{Bold: true})
	p.TextFit(tx, y+3, end-tx, 22, r.Subject, bold)
	m, word := q.k.ClockChip(r.Clock)
	p.Chip(end-look.ChipWidth(m, word), y+h-13, m, word)
	end -= look.ChipWidth(m, word) + 8
	if s := whose(q.k, r.Clock); s != "" {
		s = look.Fit(s, 96, look.Style{Size: 11})
		end = p.Right(end, y+24, 22, s, look.Style{Size: 11, Color: p.Muted}) - 8
	}
	who := r.Agent
	if who == "" {
		who = q.k.T("case.nobody")
	}
	p.TextFit(left, y+24, end-left, 22, joined(" · ", joined(", ", r.Person, r.Area), who), look.Style{Size: 12, Color: p.Muted})
}

// joined joins what is not empty.
func joined(by string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, by)
}

// whose tells whose promise a clock counts.
func whose(k *page.Kit, r sla.Run) string {
	switch r.Kind {
	case sla.NoKind:
		return ""
	case sla.OLA, sla.Supplier:
		return joined(" ", k.Words.T("clock."+r.Kind.String()), unit(k, r))
	}
	return k.T("clock.sla") + " " + strings.ToLower(k.Words.T("clock."+r.Kind.String()))
}

// group tells who has a case.
func (q *queue) group(r *app.CaseRow) string {
	agent := r.Agent
	if agent == "" {
		agent = q.k.T("case.nobody")
	}
	return joined(" · ", r.Group, agent)
}

// unit is the name of the group whose clock it is.
func unit(k *page.Kit, r sla.Run) string {
	id, err := desk.ParseID(r.Group)
	if err != nil {
		return ""
	}
	return k.GroupName(id)
}

// drawRow draws a line of the table.
func (q *queue) drawRow(p *look.Painter, i int, x, y, w, h float32, xs []float32) {
	if i >= len(q.lines) {
		p.Text(x, y, h, q.k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	}
	if b := q.lines[i].band; b != app.NoBand {
		q.drawBand(p, b, x, y, w, h)
		return
	}
	k, c := q.k, q.at(i)
	q.ground(p, i, c, y, h)
	q.drawBox(p, c, xs[0], y+h/2)
	m, word := k.ClockChip(c.Clock)
	p.Chip(xs[0]+boxed, y+h/2, m, look.Fit(word, xs[1]-xs[0]-45-boxed, look.Style{Size: 12, Bold: true}))
	if xs[2]-xs[1] > hidden {
		p.Track(xs[1], y+h/2, xs[2]-xs[1]-16, c.Clock.Used(), 1, p.Solid(m))
	}
	p.TextFit(xs[2], y, xs[3]-xs[2]-6, h, string(c.Number), look.Style{Bold: true})
	end := xs[4] - 10
	x = p.TextFit(xs[3], y, end-xs[3], h, c.Subject, look.Style{}) + 8
	p.TextFit(x, y, end-x, h, c.Area, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, fmt.Sprintf("%d %s", c.Priority, k.Priority(c.Priority)), look.Style{})
	p.TextFit(xs[5], y, xs[6]-xs[5]-8, h, q.group(c), look.Style{})
	p.TextFit(xs[6], y, xs[7]-xs[6]-8, h, whose(k, c.Clock), look.Style{Color: p.Muted})
	if xs[8]-xs[7] > hidden {
		p.Right(xs[8]-14, y, h, fmt.Sprint(c.HandOffs), look.Style{})
	}
	p.TextFit(xs[8], y, xs[9]-xs[8], h, k.Words.T("status."+c.Status.String()), look.Style{Color: p.Muted})
}
