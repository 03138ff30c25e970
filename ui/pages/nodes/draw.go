package nodes

import (
	"fmt"
	"strings"
	"time"

	"punto/app"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// Draw implements page.Page.
func (n *nodesPage) Draw(p *look.Painter, r page.Rect) {
	n.take()
	y := r.Y + 12
	facts := float32(60)
	if p.Small() {
		facts = 102
	}
	n.drawFacts(p, page.At(page.Margin, y, r.W-2*page.Margin, facts))
	y += facts + 12
	if n.code != "" {
		n.drawCode(p, page.At(page.Margin, y, r.W-2*page.Margin, 132))
		y += 144
	}
	p.CardBox(page.Margin, y, r.W-2*page.Margin, r.Y+r.H-y-12, false)
	p.Place(n.list, page.Margin+1, y+2, r.W-2*page.Margin-2, r.Y+r.H-y-16)
}

// fact is one figure of the strip over the list.
type fact struct {
	label, value string
	mark         look.Mark
	key          string
	used         float64 // of a track under the value; 0 = none
}

func (n *nodesPage) facts() []fact {
	k, s := n.k, &n.k.Nodes
	alive, all, leader := 0, 0, k.T("nodes.nobody")
	for _, r := range n.nodes {
		if r.RevokedAt != 0 {
			continue
		}
		all++
		if r.Alive {
			alive++
		}
		if r.ID == s.Leader && !s.Leader.IsZero() {
			leader = r.Name
		}
	}
	site := fact{label: k.T("nodes.desk"), value: k.Words.N("nodes.alive", all, "Alive", alive), mark: look.FineMark}
	lead := fact{label: k.T("nodes.leads"), value: k.T("nodes.term", "Node", leader, "Term", s.Term)}
	switch {
	case !s.Joined:
		site.value, site.mark = k.T("nodes.whole"), look.NoMark
		lead.value = k.T("nodes.here")
	case alive < all:
		site.mark = look.WatchMark
	}
	data := fact{label: k.T("nodes.catchUp"), value: k.T("nodes.even"), mark: look.FineMark}
	if all := s.Fetching + s.Fetched; all > 0 && s.Fetching > 0 {
		data = fact{label: data.label, value: k.T("nodes.fetching", "N", k.Count(s.Fetched), "All", k.Count(all)), mark: look.NowMark, used: float64(s.Fetched) / float64(all)}
	}
	kept := fact{label: k.T("nodes.refused"), value: fmt.Sprint(s.Refused), key: "F6"}
	if s.Refused > 0 {
		kept.mark = look.WatchMark
	}
	open := fact{label: k.T("area.conflicts"), value: fmt.Sprint(s.Conflicts), key: k.KeyTo("inbox")}
	if s.Conflicts > 0 {
		open.mark = look.WatchMark
	}
	engine := fact{label: k.T("nodes.engine"), value: k.T("nodes.window")}
	if s.Service {
		engine.value = k.T("nodes.service")
	}
	return []fact{site, lead, data, kept, open, engine}
}

// factShares are the widths of the facts in one row, and in two.
var (
	factShares = []float32{0.19, 0.21, 0.2, 0.11, 0.14, 0.15}
	rowShares  = []float32{0.32, 0.36, 0.32}
)

func (n *nodesPage) drawFacts(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	shares := factShares
	if p.Small() {
		shares = rowShares
	}
	x, y := r.X, r.Y
	for i, f := range n.facts() {
		if i > 0 && i%len(shares) == 0 {
			x, y = r.X, y+46
		}
		wd := r.W * shares[i%len(shares)]
		if x > r.X {
			p.Line(x, y+12, x, y+52, 1, p.Palette.Line)
		}
		end := p.TextFit(x+16, y+8, wd-24, 18, f.label, look.Style{Size: 12, Color: p.Muted})
		if f.key != "" {
			p.Key(end+8, y+17, f.key)
		}
		vx, st := x+16, look.Style{Bold: true, Color: p.Ink}
		if f.mark != look.NoMark {
			p.Mark(vx, y+31, 14, f.mark)
			vx += 20
		}
		p.TextFit(vx, y+27, x+wd-8-vx, 22, f.value, st)
		if f.used > 0 {
			p.Track(x+16, y+52, wd-32, f.used, 1, p.Accent)
		}
		x += wd
	}
}

// drawCode is what to type on the workstation that joins, large enough to be
// read across a room.
func (n *nodesPage) drawCode(p *look.Painter, r page.Rect) {
	k := n.k
	p.CardBox(r.X, r.Y, r.W, r.H, true)
	x, split := r.X+20, r.X+r.W*0.52
	p.TextFit(x, r.Y+12, split-x-16, 22, k.T("nodes.code"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	size := float32(36)
	for size > 20 && look.Measure(page.Grouped(n.code), look.Style{Size: size, Bold: true}) > split-x-16 {
		size -= 2
	}
	p.Text(x, r.Y+40, 48, page.Grouped(n.code), look.Style{Size: size, Bold: true, Color: p.Accent})
	left := n.until.Sub(k.Now())
	p.Mark(x, r.Y+100, 14, look.NowMark)
	p.TextFit(x+20, r.Y+96, split-x-36, 22, k.T("nodes.codeUntil", "At", n.until.In(k.Zone()).Format("15:04"), "Left", page.Span(left+time.Minute-time.Nanosecond)), look.Style{})
	p.Line(split, r.Y+16, split, r.Y+r.H-16, 1, p.Palette.Line)
	x = split + 20
	wd := r.X + r.W - 16 - x
	p.TextFit(x, r.Y+12, wd, 22, k.T("nodes.onNew"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.TextFit(x, r.Y+38, wd, 20, k.T("nodes.step1"), look.Style{Color: p.Muted})
	p.TextFit(x, r.Y+60, wd, 20, k.T("nodes.step2"), look.Style{Color: p.Muted})
	address := strings.Join(strings.FieldsFunc(n.me().Address, func(c rune) bool { return c == ',' || c == ' ' }), "   ")
	if address == "" {
		address = k.T("nodes.noAddress")
	}
	p.TextFit(x, r.Y+86, wd, 30, address, look.Style{Size: 20, Bold: true, Color: p.Ink})
}

func (n *nodesPage) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	r := n.nodes[i]
	k, small := n.k, look.Style{Size: 12, Color: p.Muted}
	y1, y2 := y+5, y+27
	cell := func(c int, one, two string, st look.Style) {
		wd := xs[c+1] - xs[c] - 10
		if two == "" {
			p.TextFit(xs[c], y, wd, h, one, st)
			return
		}
		p.TextFit(xs[c], y1, wd, 22, one, st)
		p.TextFit(xs[c], y2, wd, 18, two, small)
	}
	mark, word := n.state(r)
	p.Chip(xs[0], y+h/2, mark, look.Fit(word, xs[1]-xs[0]-47, look.Style{Size: 12, Bold: true}))
	var about []string
	for _, s := range []string{r.Address, r.Version} {
		if s != "" {
			about = append(about, s)
		}
	}
	if r.Me {
		about = append([]string{k.T("nodes.me")}, about...)
	}
	cell(1, r.Name, strings.Join(about, " · "), look.Style{Bold: true})
	cell(2, r.Prefix, "", look.Style{})
	role, duty := k.T("nodes.plain"), ""
	if r.Coordinator {
		role = k.T("nodes.coordinator")
	}
	if r.Leads {
		duty = k.T("nodes.hasLead")
	}
	cell(3, role, duty, look.Style{})
	n.dataCell(p, r, page.At(xs[4], y, xs[5]-xs[4]-10, h))
	n.clockCell(p, r, page.At(xs[5], y, xs[6]-xs[5]-10, h))
	seen, backup := k.T("nodes.never"), k.T("nodes.noBackup")
	if r.SeenAt != 0 {
		seen = k.At(time.UnixMilli(r.SeenAt))
	}
	if r.BackupAt != 0 {
		backup = k.T("nodes.backup", "When", k.At(time.UnixMilli(r.BackupAt)))
	}
	cell(6, seen, backup, look.Style{})
}

// state is the mark and the word of whether a workstation is there.
func (n *nodesPage) state(r app.NodeRow) (look.Mark, string) {
	k := n.k
	switch {
	case r.RevokedAt != 0:
		return look.PauseMark, k.T("nodes.gone", "When", k.At(time.UnixMilli(r.RevokedAt)))
	case r.Alive:
		return look.FineMark, k.T("nodes.live")
	case r.SeenAt == 0:
		return look.WatchMark, k.T("nodes.unseen")
	}
	return look.WatchMark, k.T("nodes.silent", "When", k.Since(r.SeenAt))
}

// dataCell is how far a workstation and this one lag behind each other.
func (n *nodesPage) dataCell(p *look.Painter, r app.NodeRow, b page.Rect) {
	k, small := n.k, look.Style{Size: 12, Color: p.Muted}
	behind, ahead := k.T("nodes.lacks", "N", k.Count(r.Behind)), k.T("nodes.lacking", "N", k.Count(r.Ahead))
	switch {
	case r.Forked:
		p.Chip(b.X, b.Y+15, look.FailMark, k.T("nodes.forked"))
		p.TextFit(b.X, b.Y+28, b.W, 18, k.T("nodes.forkedHint"), small)
		return
	case r.RevokedAt != 0 || r.SeenAt == 0:
		p.Text(b.X, b.Y, b.H, "—", look.Style{Color: p.Muted})
		return
	case r.Behind == 0 && r.Ahead == 0:
		p.Mark(b.X, b.Y+b.H/2-7, 14, look.FineMark)
		p.TextFit(b.X+20, b.Y, b.W-20, b.H, k.T("nodes.even"), look.Style{})
		return
	case r.Behind == 0:
		behind, ahead = ahead, ""
	case r.Ahead == 0:
		ahead = ""
	}
	y, h := b.Y, b.H
	if ahead != "" {
		y, h = b.Y+5, 22
		p.TextFit(b.X+20, b.Y+27, b.W-20, 18, ahead, small)
	}
	p.Mark(b.X, y+h/2-7, 14, look.NowMark)
	p.TextFit(b.X+20, y, b.W-20, h, behind, look.Style{})
}

// maxOffset is how far, in milliseconds, a clock may be off before it is told.
const maxOffset = 2000

// clockOff tells whether a difference, in milliseconds, is worth a warning.
func clockOff(ms int64) bool { return ms > maxOffset || ms < -maxOffset }

func (n *nodesPage) clockCell(p *look.Painter, r app.NodeRow, b page.Rect) {
	switch s := offset(n.k.Words.Lang, r.Offset); {
	case r.Me:
		p.TextFit(b.X, b.Y, b.W, b.H, n.k.T("nodes.reference"), look.Style{Color: p.Muted})
	case !r.OffsetKnown:
		p.Text(b.X, b.Y, b.H, "—", look.Style{Color: p.Muted})
	case clockOff(r.Offset):
		p.Chip(b.X, b.Y+b.H/2, look.WatchMark, s)
	default:
		p.Text(b.X, b.Y, b.H, s, look.Style{})
	}
}

// offset is a difference of clocks in seconds, minutes from one on.
func offset(lang string, ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	sign := "+"
	if d < 0 {
		sign, d = "−", -d
	}
	if d >= time.Minute {
		return sign + page.Span(d)
	}
	return sign + reports.Digits(lang, d.Seconds(), 1) + " s"
}
