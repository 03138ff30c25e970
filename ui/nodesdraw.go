package ui

import (
	"fmt"
	"strings"
	"time"

	"punto/app"
	"punto/reports"
	"punto/ui/look"
)

// boardTabs draws the tabs of the board and gives what is left under them.
func (w *Window) boardTabs(p *look.Painter, r rect, on area) rect {
	tabs := []area{board, inbox, nodes, refused}
	counts := map[area]int{inbox: w.site.Conflicts, refused: w.site.Refused}
	names, at := make([]string, len(tabs)), 0
	for i, a := range tabs {
		names[i] = w.T(areaWords[a])
		if a == board {
			names[i] = w.T("board.cases")
		}
		if n := counts[a]; n > 0 {
			names[i] += fmt.Sprintf(" (%d)", n)
		}
		if a == on {
			at = i
		}
	}
	hints := []action{{key: areaKeys[board], word: w.T("board.cases")}, {key: areaKeys[inbox], word: w.T("area.conflicts")}, {key: areaKeys[nodes], word: w.T("area.nodes")}}
	w.drawTabs(p, names, at, func(i int) { w.goTo(tabs[i]) }, hints)
	return rect{r.x, r.y + tabsH, r.w, r.h - tabsH}
}

func (n *nodesPage) draw(p *look.Painter, r rect) {
	n.take()
	r = n.w.boardTabs(p, r, nodes)
	y := r.y + 12
	facts := float32(60)
	if folds(p) {
		facts = 102
	}
	n.drawFacts(p, rect{margin, y, r.w - 2*margin, facts})
	y += facts + 12
	if n.code != "" {
		n.drawCode(p, rect{margin, y, r.w - 2*margin, 132})
		y += 144
	}
	p.CardBox(margin, y, r.w-2*margin, r.y+r.h-y-12, false)
	p.Place(n.list, margin+1, y+2, r.w-2*margin-2, r.y+r.h-y-16)
}

// fact is one figure of the strip over the list.
type fact struct {
	label, value string
	mark         look.Mark
	key          string
	used         float64 // of a track under the value; 0 = none
}

func (n *nodesPage) facts() []fact {
	w, s := n.w, &n.w.site
	alive, all, leader := 0, 0, w.T("nodes.nobody")
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
	site := fact{label: w.T("nodes.desk"), value: w.words.N("nodes.alive", all, "Alive", alive), mark: look.FineMark}
	lead := fact{label: w.T("nodes.leads"), value: w.T("nodes.term", "Node", leader, "Term", s.Term)}
	switch {
	case !s.Joined:
		site.value, site.mark = w.T("nodes.whole"), look.NoMark
		lead.value = w.T("nodes.here")
	case alive < all:
		site.mark = look.WatchMark
	}
	data := fact{label: w.T("nodes.catchUp"), value: w.T("nodes.even"), mark: look.FineMark}
	if all := s.Fetching + s.Fetched; all > 0 && s.Fetching > 0 {
		data = fact{label: data.label, value: w.T("nodes.fetching", "N", w.count(s.Fetched), "All", w.count(all)), mark: look.NowMark, used: float64(s.Fetched) / float64(all)}
	}
	kept := fact{label: w.T("nodes.refused"), value: fmt.Sprint(s.Refused), key: "F6"}
	if s.Refused > 0 {
		kept.mark = look.WatchMark
	}
	open := fact{label: w.T("area.conflicts"), value: fmt.Sprint(s.Conflicts), key: areaKeys[inbox]}
	if s.Conflicts > 0 {
		open.mark = look.WatchMark
	}
	engine := fact{label: w.T("nodes.engine"), value: w.T("nodes.window")}
	if s.Service {
		engine.value = w.T("nodes.service")
	}
	return []fact{site, lead, data, kept, open, engine}
}

// factShares are the widths of the facts in one row, and in two.
var (
	factShares = []float32{0.19, 0.21, 0.2, 0.11, 0.14, 0.15}
	rowShares  = []float32{0.32, 0.36, 0.32}
)

func (n *nodesPage) drawFacts(p *look.Painter, r rect) {
	p.CardBox(r.x, r.y, r.w, r.h, false)
	shares := factShares
	if folds(p) {
		shares = rowShares
	}
	x, y := r.x, r.y
	for i, f := range n.facts() {
		if i > 0 && i%len(shares) == 0 {
			x, y = r.x, y+46
		}
		wd := r.w * shares[i%len(shares)]
		if x > r.x {
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
func (n *nodesPage) drawCode(p *look.Painter, r rect) {
	w := n.w
	p.CardBox(r.x, r.y, r.w, r.h, true)
	x, split := r.x+20, r.x+r.w*0.52
	p.TextFit(x, r.y+12, split-x-16, 22, w.T("nodes.code"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	size := float32(36)
	for size > 20 && look.Measure(grouped(n.code), look.Style{Size: size, Bold: true}) > split-x-16 {
		size -= 2
	}
	p.Text(x, r.y+40, 48, grouped(n.code), look.Style{Size: size, Bold: true, Color: p.Accent})
	left := n.until.Sub(w.Now())
	p.Mark(x, r.y+100, 14, look.NowMark)
	p.TextFit(x+20, r.y+96, split-x-36, 22, w.T("nodes.codeUntil", "At", n.until.In(w.zone()).Format("15:04"), "Left", span(left+time.Minute-time.Nanosecond)), look.Style{})
	p.Line(split, r.y+16, split, r.y+r.h-16, 1, p.Palette.Line)
	x = split + 20
	wd := r.x + r.w - 16 - x
	p.TextFit(x, r.y+12, wd, 22, w.T("nodes.onNew"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.TextFit(x, r.y+38, wd, 20, w.T("nodes.step1"), look.Style{Color: p.Muted})
	p.TextFit(x, r.y+60, wd, 20, w.T("nodes.step2"), look.Style{Color: p.Muted})
	address := strings.Join(strings.FieldsFunc(n.me().Address, func(c rune) bool { return c == ',' || c == ' ' }), "   ")
	if address == "" {
		address = w.T("nodes.noAddress")
	}
	p.TextFit(x, r.y+86, wd, 30, address, look.Style{Size: 20, Bold: true, Color: p.Ink})
}

func (n *nodesPage) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	r := n.nodes[i]
	w, small := n.w, look.Style{Size: 12, Color: p.Muted}
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
	mark, word := w.nodeState(r)
	p.Chip(xs[0], y+h/2, mark, look.Fit(word, xs[1]-xs[0]-47, look.Style{Size: 12, Bold: true}))
	var about []string
	for _, s := range []string{r.Address, r.Version} {
		if s != "" {
			about = append(about, s)
		}
	}
	if r.Me {
		about = append([]string{w.T("nodes.me")}, about...)
	}
	cell(1, r.Name, strings.Join(about, " · "), look.Style{Bold: true})
	cell(2, r.Prefix, "", look.Style{})
	role, duty := w.T("nodes.plain"), ""
	if r.Coordinator {
		role = w.T("nodes.coordinator")
	}
	if r.Leads {
		duty = w.T("nodes.hasLead")
	}
	cell(3, role, duty, look.Style{})
	n.dataCell(p, r, rect{xs[4], y, xs[5] - xs[4] - 10, h})
	n.clockCell(p, r, rect{xs[5], y, xs[6] - xs[5] - 10, h})
	seen, backup := w.T("nodes.never"), w.T("nodes.noBackup")
	if r.SeenAt != 0 {
		seen = w.at(time.UnixMilli(r.SeenAt))
	}
	if r.BackupAt != 0 {
		backup = w.T("nodes.backup", "When", w.at(time.UnixMilli(r.BackupAt)))
	}
	cell(6, seen, backup, look.Style{})
}

// nodeState is the mark and the word of whether a workstation is there.
func (w *Window) nodeState(r app.NodeRow) (look.Mark, string) {
	switch {
	case r.RevokedAt != 0:
		return look.PauseMark, w.T("nodes.gone", "When", w.at(time.UnixMilli(r.RevokedAt)))
	case r.Alive:
		return look.FineMark, w.T("nodes.live")
	case r.SeenAt == 0:
		return look.WatchMark, w.T("nodes.unseen")
	}
	return look.WatchMark, w.T("nodes.silent", "When", w.sinceWhen(r.SeenAt))
}

// dataCell is how far a workstation and this one lag behind each other.
func (n *nodesPage) dataCell(p *look.Painter, r app.NodeRow, b rect) {
	w, small := n.w, look.Style{Size: 12, Color: p.Muted}
	behind, ahead := w.T("nodes.lacks", "N", w.count(r.Behind)), w.T("nodes.lacking", "N", w.count(r.Ahead))
	switch {
	case r.Forked:
		p.Chip(b.x, b.y+15, look.FailMark, w.T("nodes.forked"))
		p.TextFit(b.x, b.y+28, b.w, 18, w.T("nodes.forkedHint"), small)
		return
	case r.RevokedAt != 0 || r.SeenAt == 0:
		p.Text(b.x, b.y, b.h, "—", look.Style{Color: p.Muted})
		return
	case r.Behind == 0 && r.Ahead == 0:
		p.Mark(b.x, b.y+b.h/2-7, 14, look.FineMark)
		p.TextFit(b.x+20, b.y, b.w-20, b.h, w.T("nodes.even"), look.Style{})
		return
	case r.Behind == 0:
		behind, ahead = ahead, ""
	case r.Ahead == 0:
		ahead = ""
	}
	y, h := b.y, b.h
	if ahead != "" {
		y, h = b.y+5, 22
		p.TextFit(b.x+20, b.y+27, b.w-20, 18, ahead, small)
	}
	p.Mark(b.x, y+h/2-7, 14, look.NowMark)
	p.TextFit(b.x+20, y, b.w-20, h, behind, look.Style{})
}

// maxOffset is how far, in milliseconds, a clock may be off before it is told.
const maxOffset = 2000

// clockOff tells whether a difference, in milliseconds, is worth a warning.
func clockOff(ms int64) bool { return ms > maxOffset || ms < -maxOffset }

func (n *nodesPage) clockCell(p *look.Painter, r app.NodeRow, b rect) {
	switch s := offset(n.w.words.Lang, r.Offset); {
	case r.Me:
		p.TextFit(b.x, b.y, b.w, b.h, n.w.T("nodes.reference"), look.Style{Color: p.Muted})
	case !r.OffsetKnown:
		p.Text(b.x, b.y, b.h, "—", look.Style{Color: p.Muted})
	case clockOff(r.Offset):
		p.Chip(b.x, b.y+b.h/2, look.WatchMark, s)
	default:
		p.Text(b.x, b.y, b.h, s, look.Style{})
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
		return sign + span(d)
	}
	return sign + reports.Digits(lang, d.Seconds(), 1) + " s"
}

// count is a large count as people of the window's language read it.
func (w *Window) count(n uint64) string { return reports.Digits(w.words.Lang, float64(n), 0) }
