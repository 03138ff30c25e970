package calls

import (
	"fmt"
	"time"

	"punto/app"
	"punto/app/phone"
	"punto/app/tally"
	"punto/ui/look"
	"punto/ui/page"
)

// cards are those that a small window shows one at a time.
var cards = []string{"lost.tab", "calls.lastTab", "calls.untypedTab", "calls.staffTab"}

const (
	stripH   = 86
	sideW    = 480
	lineH    = 32
	cardHead = 40
)

// Draw implements page.Page: a strip of what goes on, and four cards under it; in a small
// window one of them.
func (t *today) Draw(p *look.Painter, r page.Rect) {
	k := t.k
	took := t.link.draw(k, p, r)
	y := r.Y + took + 12
	strip := float32(stripH)
	if p.Small() {
		strip = 0
	}
	if strip > 0 {
		t.drawStrip(p, page.At(page.Margin, y, r.W-2*page.Margin, strip))
		y += strip + 12
	}
	h := r.Y + r.H - y - 12
	if p.Small() {
		var names []string
		for _, c := range cards {
			names = append(names, k.T(c))
		}
		in := page.Folds(p, page.At(page.Margin, y, r.W-2*page.Margin, h), names, t.card, func(i int) { t.card = i; k.Refresh() })
		[]func(*look.Painter, page.Rect){t.drawLost, t.drawLast, t.drawUntyped, t.drawStaff}[t.card](p, in)
		return
	}
	side := min(sideW, r.W*0.36)
	left := r.W - 2*page.Margin - side - 12
	high := h * 0.61
	t.drawLost(p, page.At(page.Margin, y, left, high))
	t.drawLast(p, page.At(page.Margin, y+high+12, left, h-high-12))
	x, upper := page.Margin+left+12, h*0.38
	t.drawUntyped(p, page.At(x, y, side, upper))
	t.drawStaff(p, page.At(x, y+upper+12, side, h-upper-12))
}

// head draws a card with its title, a count that is to come down, and a word at the right.
func (t *today) head(p *look.Painter, r page.Rect, title string, n int, note string) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x := p.TextFit(r.X+16, r.Y+6, r.W-32, cardHead-8, title, look.Style{Size: 16, Bold: true, Color: p.Ink}) + 12
	if n > 0 {
		x = p.Chip(x, r.Y+cardHead/2+2, look.WatchMark, t.k.Count(uint64(n))) + 12 // a count
	}
	if st := (look.Style{Size: 12, Color: p.Muted}); note != "" && r.X+r.W-16-x > 60 {
		p.Right(r.X+r.W-16, r.Y+6, cardHead-8, look.Fit(note, r.X+r.W-16-x, st), st)
	}
}

func (t *today) drawLost(p *look.Painter, r page.Rect) {
	t.head(p, r, t.k.T("lost.tab"), len(t.rows)+t.more, t.k.T("lost.order"))
	p.Place(t.lost, r.X+1, r.Y+cardHead, r.W-2, r.H-cardHead-4)
}

// drawStrip is what goes on now.
func (t *today) drawStrip(p *look.Painter, r page.Rect) {
	k := t.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	now := k.Now()
	label := func(x float32, word string) { p.Text(x, r.Y+10, 18, word, look.Style{Size: 12, Color: p.Muted}) }
	x := r.X + 16
	label(x, k.T("floor.queued"))
	p.Text(x, r.Y+28, 32, k.Count(uint64(t.floor.Queued)), look.Style{Size: 26, Bold: true, Color: p.Ink}) // a count
	p.Text(x, r.Y+62, 18, k.Words.N("floor.people", t.floor.Queued), look.Style{Size: 12, Color: p.Muted})
	x += 68
	label(x, k.T("floor.longest"))
	if len(t.floor.Waiting) > 0 {
		d := now.Sub(time.UnixMilli(t.floor.Waiting[0].Since))
		st, at := look.Style{Size: 26, Bold: true, Color: p.Ink}, x
		if d > time.Duration(t.floor.Within)*time.Second {
			p.Mark(x, r.Y+37, 14, look.WatchMark)
			st.Color, at = p.Watch, x+20
		}
		p.Text(at, r.Y+28, 32, page.Duration(d), st)
	} else {
		p.Text(x, r.Y+28, 32, "—", look.Style{Size: 26, Color: p.Muted})
	}
	p.Text(x, r.Y+62, 18, k.T("floor.within", "N", t.floor.Within), look.Style{Size: 12, Color: p.Muted})
	x += 108
	p.Line(x, r.Y+14, x, r.Y+r.H-14, 1, p.Palette.Line)
	t.drawWaiting(p, page.At(x+16, r.Y+8, 250, r.H-16))
	x += 282
	p.Line(x, r.Y+14, x, r.Y+r.H-14, 1, p.Palette.Line)
	t.drawStates(p, page.At(x+16, r.Y, 330, r.H))
	x += 362
	wide := (r.X + r.W - x - 32) / 2
	lost := "pct_lost" // where the contract has a goal for it; else what it usually has
	if t.figure(lost).Target == nil {
		lost = "pct_abandoned"
	}
	for i, id := range []string{t.floor.Formula, lost} {
		if wide < 110 {
			break
		}
		p.Line(x, r.Y+14, x, r.Y+r.H-14, 1, p.Palette.Line)
		t.drawFigure(p, page.At(x+16, r.Y, wide-16, r.H), t.figure(id), k.T([]string{"floor.level", "floor." + lost}[i]))
		x += wide
	}
}

// drawWaiting are the callers who wait, the longest first.
func (t *today) drawWaiting(p *look.Painter, r page.Rect) {
	k := t.k
	if t.floor.Queued == 0 {
		p.Empty(r.X, r.Y+8, r.W, k.T("floor.nobody"), k.Words.N("floor.talking", t.floor.Talking))
		return
	}
	y := r.Y
	for i, w := range t.floor.Waiting {
		if i == 2 && t.floor.Queued > 3 {
			p.TextFit(r.X, y, r.W, 22, k.Words.N("floor.more", t.floor.Queued-2), look.Style{Size: 12, Color: p.Muted})
			break
		}
		if i == 3 {
			break
		}
		p.Text(r.X, y, 22, page.Duration(k.Now().Sub(time.UnixMilli(w.Since))), look.Style{Bold: true})
		caller(k, p, r.X+54, y, r.W-54, 22, phone.Call{Caller: w.Number, Name: w.Name}, w.People)
		y += 23
	}
}

// drawStates are the agents at work by what they do.
func (t *today) drawStates(p *look.Painter, r page.Rect) {
	k := t.k
	n := map[string]int{}
	for _, a := range t.agents {
		n[a.State]++
	}
	here := n[app.AgentOnCall] + n[app.AgentAvailable] + n[app.AgentOnBreak]
	p.Text(r.X, r.Y+10, 18, k.Words.N("floor.agents", here), look.Style{Size: 12, Color: p.Muted})
	x := r.X
	for _, s := range []struct {
		state string
		mark  look.Mark
	}{{app.AgentOnCall, look.NowMark}, {app.AgentAvailable, look.FineMark}, {app.AgentOnBreak, look.PauseMark}} {
		st := look.Style{Size: 26, Bold: true, Color: p.Ink}
		if n[s.state] == 0 {
			st.Color = p.Muted
		}
		p.Text(x, r.Y+28, 32, k.Count(uint64(n[s.state])), st) // a count
		p.Mark(x, r.Y+64, 14, s.mark)
		ink, _ := p.Tone(s.mark)
		x = max(x+96, p.Text(x+19, r.Y+62, 18, k.T("shiftstate."+s.state), look.Style{Size: 12, Bold: true, Color: ink})+18)
	}
}

// figure is an index of today.
func (t *today) figure(id string) (f tally.Figure) {
	for _, f = range t.floor.Figures {
		if f.ID == id {
			return f
		}
	}
	return tally.Figure{ID: id}
}

// drawFigure is an index of today against its target.
func (t *today) drawFigure(p *look.Painter, r page.Rect, f tally.Figure, word string) {
	k := t.k
	p.TextFit(r.X, r.Y+10, r.W, 18, word, look.Style{Size: 12, Color: p.Muted})
	if f.Value == nil {
		p.Text(r.X, r.Y+32, 26, k.T("floor.noData"), look.Style{Size: 18, Color: p.Muted})
		return
	}
	m := look.NoMark
	switch f.State {
	case "met":
		m = look.FineMark
	case "missed":
		m = look.FailMark
	}
	ink, _ := p.Tone(m)
	x := p.Text(r.X, r.Y+30, 28, page.Figure(k.Words.Lang, *f.Value, f.Unit), look.Style{Size: 20, Bold: true, Color: ink}) + 8
	if f.Den != nil {
		p.TextFit(x, r.Y+32, r.X+r.W-x, 26, k.T("floor.of", "N", k.Count(uint64(f.Num)), "Of", k.Count(uint64(*f.Den))), look.Style{Size: 12, Color: p.Muted})
	}
	if f.Target != nil {
		used, limit := *f.Value / *f.Target, min(*f.Target, 0.97)
		if !f.AtLeast {
			limit = 0.5
		}
		p.Track(r.X, r.Y+70, r.W, used, limit, p.Solid(m))
	}
}

// drawLast are the calls that were answered last.
func (t *today) drawLast(p *look.Painter, r page.Rect) {
	k := t.k
	note := k.T("calls.all")
	t.head(p, r, k.T("calls.last"), 0, note+"  "+"Alt L")
	if len(t.last) == 0 {
		p.Empty(r.X+16, r.Y+cardHead+4, r.W-32, k.T("calls.none"), "")
		return
	}
	y := r.Y + cardHead
	who, agent, wait, talk, about0 := r.X+76, r.X+r.W*0.38, r.X+r.W*0.545, r.X+r.W*0.62, r.X+r.W*0.66
	for _, c := range t.last {
		if y+lineH > r.Y+r.H-4 {
			break
		}
		p.Line(r.X+1, y, r.X+r.W-1, y, 1, p.RowLine)
		at := k.Local(c.Call.OfferedAt)
		text := at.Format("15:04")
		if k.Local(k.Now()).Format(time.DateOnly) != at.Format(time.DateOnly) {
			text = at.Format("2/1")
		}
		p.Text(r.X+16, y, lineH, text, look.Style{Color: p.Muted})
		caller(k, p, who, y, agent-who-10, lineH, c.Call, c.People)
		p.TextFit(agent, y, wait-agent-54, lineH, c.Call.Agent, look.Style{})
		p.Right(wait, y, lineH, page.Duration(c.Call.Wait), look.Style{Color: p.Muted})
		if c.Call.Outcome == phone.NoOutcome {
			p.Right(talk, y, lineH, page.Duration(k.Now().Sub(c.Call.AnsweredAt)), look.Style{Color: p.Accent})
		} else {
			p.Right(talk, y, lineH, page.Duration(c.Call.Talk), look.Style{})
		}
		about(k, p, about0, y, r.X+r.W-16-about0, lineH, c)
		p.Tap(r.X, y, r.W, lineH, func() { open(k, c) })
		y += lineH
	}
}

// drawUntyped are the calls of which nobody has said what they were about, with the key
// that says it.
func (t *today) drawUntyped(p *look.Painter, r page.Rect) {
	k := t.k
	t.head(p, r, k.T("calls.untypedTab"), t.untyped.Total, k.T("calls.untypedNote"))
	if len(t.untyped.Rows) == 0 {
		p.Empty(r.X+16, r.Y+cardHead+4, r.W-32, k.T("calls.allTyped"), k.T("calls.allTypedHint"))
		return
	}
	y := r.Y + cardHead
	for i, c := range t.untyped.Rows {
		if y+lineH > r.Y+r.H-4 {
			break
		}
		p.Line(r.X+1, y, r.X+r.W-1, y, 1, p.RowLine)
		if i < untypedKeys {
			p.Key(r.X+16, y+lineH/2, fmt.Sprint("Alt ", i+1))
		}
		x := r.X + 66
		x = p.Text(x, y, lineH, k.At(c.Call.OfferedAt), look.Style{Color: p.Muted}) + 12
		right := p.Right(r.X+r.W-16, y, lineH, page.Duration(c.Call.Talk), look.Style{}) - 12
		if st := (look.Style{Size: 12}); !c.Mine && right-x > 190 {
			right = p.Right(right, y, lineH, look.Fit(c.Call.Agent, 110, st), st) - 12
		}
		caller(k, p, x, y, right-x, lineH, c.Call, c.People)
		p.Tap(r.X, y, r.W, lineH, func() { typify(k, c, func() { t.typed = c.ID; t.Changed() }) })
		y += lineH
	}
}
