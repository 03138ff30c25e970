package cases

import (
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// What happened to a case, and where one writes.

// momentMarks are the shapes of what happened; what is not here was said.
var momentMarks = map[desk.Kind]look.Mark{desk.CaseOpened: look.NowMark, desk.CaseHandedOff: look.PassMark, desk.CaseAssigned: look.PassMark, desk.CaseTaken: look.FineMark,
	desk.CaseSuspended: look.PauseMark, desk.CaseResumed: look.NowMark, desk.CaseResolved: look.FineMark, desk.CaseReopened: look.WatchMark, desk.CaseMerged: look.PassMark,
	desk.CaseAbsorbed: look.FineMark, desk.CaseClosed: look.FineMark, desk.CaseCancelled: look.FailMark}

// drawHistory tells what happened, the newest at the foot, where one writes.
func (c *casePage) drawHistory(p *look.Painter, r page.Rect) {
	k := c.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	head := float32(44)
	if p.Small() { // its tab names it
		head = 10
	} else {
		p.Text(r.X+16, r.Y+10, 28, k.T("case.history"), look.Style{Size: 16, Bold: true, Color: p.Ink})
		p.Right(r.X+r.W-16, r.Y+10, 28, k.T("case.facts", "N", len(c.a.Timeline)), look.Style{Size: 12, Color: p.Muted})
	}
	foot := r.Y + r.H - noteH
	p.Line(r.X, foot, r.X+r.W, foot, 1, p.Palette.Line)
	c.drawNote(p, page.At(r.X, foot, r.W, noteH))

	const entry = 42
	room := int((foot - r.Y - head) / entry)
	ms := c.a.Timeline
	c.skip = min(c.skip, max(0, len(ms)-room))
	to := len(ms) - c.skip
	from := max(0, to-room)
	y := r.Y + head
	for i := from; i < to; i++ {
		if i+1 < to {
			p.Line(r.X+75, y+12, r.X+75, y+12+entry, 1.5, p.Palette.Line)
		}
		c.drawMoment(p, page.At(r.X+16, y, r.W-32, entry), ms[i])
		y += entry
	}
}

// noteH is the foot of the history, where one writes.
const noteH = 56

func (c *casePage) drawNote(p *look.Painter, r page.Rect) {
	k, small := c.k, look.Style{Size: 12, Color: p.Muted}
	kx := r.X + r.W - 16 - look.KeyWidth("Ctrl U")
	p.Key(kx, r.Y+28, "Ctrl U")
	kx = p.Right(kx-6, r.Y, noteH, k.T("do.noteUser"), small) - 12
	kx -= look.KeyWidth("Ctrl I")
	p.Key(kx, r.Y+28, "Ctrl I")
	kx = p.Right(kx-6, r.Y, noteH, k.T("do.noteInside"), small) - 12
	p.FieldBox(r.X+16, r.Y+10, kx-r.X-16, 36, c.note.Focused)
	p.Place(c.note, r.X+18, r.Y+10, kx-r.X-20, 36)
}

func (c *casePage) drawMoment(p *look.Painter, r page.Rect, m app.Moment) {
	k := c.k
	at := time.UnixMilli(m.At).In(k.Zone())
	when := at.Format("15:04")
	if now := k.Now().In(k.Zone()); at.YearDay() != now.YearDay() || at.Year() != now.Year() {
		when = at.Format("2/1")
	}
	p.Text(r.X, r.Y, 22, when, look.Style{Size: 12, Color: p.Muted})
	mark := momentMarks[m.Kind]
	if mark == look.NoMark {
		mark = look.NoteMark
	}
	p.Mark(r.X+52, r.Y+4, 14, mark)
	who := m.Actor
	if who == "" {
		who = k.T("case.system")
	}
	did := "did." + m.Kind.String()
	if m.Kind == desk.CaseNoted && m.Public {
		did = "did.case-notedPublic"
	}
	object := m.Other
	switch m.Kind {
	case desk.CaseHandedOff:
		object = m.Group
	case desk.CaseAssigned:
		object = strings.Trim(m.Agent+" · "+m.Group, " ·")
	case desk.CaseSuspended:
		object = k.Reason(m.Reason)
	}
	x, wd := r.X+74, r.W-74
	spans := []look.Span{{S: who, Style: look.Style{Bold: true}}, {S: " " + k.Words.T(did)}}
	if object != "" {
		spans = append(spans, look.Span{S: " " + object, Style: look.Style{Bold: true}})
	}
	if m.Undone {
		spans = append(spans, look.Span{S: " · " + k.T("did.undone"), Style: look.Style{Color: p.Watch}})
	}
	p.Spans(x, r.Y, wd, 22, spans...)
	said := m.Text
	if m.Kind == desk.CaseHandedOff || m.Kind == desk.CaseAssigned {
		said = m.Reason
	}
	if said != "" {
		said = "«" + strings.ReplaceAll(said, "\n", " ") + "»"
	}
	p.TextFit(x, r.Y+19, wd, 18, said, look.Style{Size: 12, Color: p.Muted})
}
