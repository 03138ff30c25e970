package cases

import (
	"slices"
	"strconv"
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
	desk.CaseAbsorbed: look.FineMark, desk.CaseStepped: look.FineMark, desk.CaseClosed: look.FineMark, desk.CaseCancelled: look.FailMark}

// drawHistory tells what happened, the newest at the foot, where one writes.
func (c *casePage) drawHistory(p *look.Painter, r page.Rect) {
	k := c.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	head := float32(44)
	if p.Small() { // its tab names it
		head = 10
	} else {
		x := p.Text(r.X+16, r.Y+10, 28, k.T("case.history"), look.Style{Size: 16, Bold: true, Color: p.Ink}) + 10
		p.Key(x, r.Y+24, "F3")
		if x += look.KeyWidth("F3") + 10; c.told.list.Focused {
			p.Text(x, r.Y+10, 28, k.T("case.copyHint"), look.Style{Size: 12, Color: p.Muted})
		}
		p.Right(r.X+r.W-16, r.Y+10, 28, k.T("case.facts", "N", len(c.a.Timeline)), look.Style{Size: 12, Color: p.Muted})
	}
	foot := r.Y + r.H - c.noteHeight()
	p.Line(r.X, foot, r.X+r.W, foot, 1, p.Palette.Line)
	c.drawNote(p, page.At(r.X, foot, r.W, c.noteHeight()))
	c.told.draw(p, page.At(r.X+1, r.Y+head, r.W-2, foot-r.Y-head-4), func(w float32) []line { return c.history(p, w) })
	c.told.foot()
}

// momentsSet is how many of the newest a page sets; what is before them is counted.
const momentsSet = 500

// history sets what happened, every word of it.
func (c *casePage) history(p *look.Painter, w float32) (out []line) {
	ms := c.a.Timeline
	if n := len(ms) - momentsSet; n > 0 {
		out, ms = append(out, line{at: 74, spans: []look.Span{{S: c.k.T("case.facts", "N", n), Style: look.Style{Color: p.Muted}}}}), ms[n:]
	}
	told := 0 // of the alarms, each where it fired
	for i := range ms {
		for told < len(c.alarms) && c.alarms[told].FiredAt < ms[i].At {
			if i > 0 { // what was before the first that is set is left out with it
				out = append(out, c.alarm(p, &c.alarms[told], w-74)...)
			}
			told++
		}
		out = append(out, c.moment(p, &ms[i], w-74)...)
	}
	for ; told < len(c.alarms); told++ {
		out = append(out, c.alarm(p, &c.alarms[told], w-74)...)
	}
	return out
}

// noteH is the foot of the history, where one writes.
const noteH = 56

func (c *casePage) drawNote(p *look.Painter, r page.Rect) {
	k, small := c.k, look.Style{Size: 12, Color: p.Muted}
	if len(c.beside) > 0 {
		c.drawBeside(p, page.At(r.X+16, r.Y+4, r.W-32, besideLine))
		r.Y += besideLine
	}
	kx := r.X + r.W - 16 - look.KeyWidth("Ctrl U")
	p.Key(kx, r.Y+28, "Ctrl U")
	kx = p.Right(kx-6, r.Y, noteH, k.T("do.noteUser"), small) - 12
	kx -= look.KeyWidth("Ctrl I")
	p.Key(kx, r.Y+28, "Ctrl I")
	kx = p.Right(kx-6, r.Y, noteH, k.T("do.noteInside"), small) - 12
	p.FieldBox(r.X+16, r.Y+10, kx-r.X-16, 36, c.note.Focused)
	p.Place(c.note, r.X+18, r.Y+10, kx-r.X-20, 36)
}

// when is the hour of today, or the day.
func (c *casePage) when(at time.Time) string {
	if now := c.k.Now().In(c.k.Zone()); at.YearDay() != now.YearDay() || at.Year() != now.Year() {
		return at.Format("2/1")
	}
	return at.Format("15:04")
}

// moment sets one moment: when, who did what, then what was said or changed.
func (c *casePage) moment(p *look.Painter, m *app.Moment, w float32) []line {
	k := c.k
	at := time.UnixMilli(m.At).In(k.Zone())
	when := c.when(at)
	mark := momentMarks[m.Kind]
	if mark == look.NoMark {
		mark = look.NoteMark
	}
	who := m.Actor
	if who == "" {
		who = k.T("case.system")
	}
	did, object, body := c.act(m)
	out := []line{{at: 74, label: when, mark: mark, spans: []look.Span{{S: who, Style: look.Style{Bold: true}}, {S: " " + did}}}}
	head := &out[0]
	if object != "" && look.Measure(who+" "+did+" "+object, look.Style{Bold: true}) < w {
		head.spans = append(head.spans, look.Span{S: " " + object, Style: look.Style{Bold: true}})
	} else if object != "" {
		body = append([]string{object}, body...)
	}
	if m.Undone {
		head.spans = append(head.spans, look.Span{S: " · " + k.T("did.undone"), Style: look.Style{Color: p.Watch}})
	}
	whole := strings.TrimSpace(at.Format("2/1/2006 15:04") + " " + who + " " + did + " " + object)
	for _, s := range body {
		whole += "\n" + s
		for _, part := range said(s, w, look.Style{}) {
			out = append(out, line{at: 74, spans: []look.Span{{S: part}}})
		}
	}
	for i := range out {
		out[i].copies = whole
	}
	return out
}

// act tells a moment in words: what was done, to what or whom, and what was said.
func (c *casePage) act(m *app.Moment) (did, object string, body []string) {
	k := c.k
	id := "did." + m.Kind.String()
	object, text := m.Other, m.Text
	switch m.Kind {
	case desk.CaseNoted:
		if m.Public {
			id = "did.case-notedPublic"
		}
	case desk.CaseHandedOff:
		object, text = m.Group, m.Reason
	case desk.CaseAssigned:
		object, text = strings.Trim(m.Agent+" · "+m.Group, " ·"), m.Reason
	case desk.CaseCaused:
		if object == "" {
			id = "did.case-uncaused"
		}
	case desk.CaseStepped:
		if m.Skipped {
			id, text = "did.case-skipped", m.Reason
		}
	case desk.CaseSuspended:
		object = k.Reason(m.Reason)
	case desk.CaseExcused:
		if object = m.Reason; slices.Contains(causes, m.Reason) {
			object = k.Words.T("cause." + m.Reason)
		}
	case desk.EventUndone:
		object, text = k.T("did.unknown"), m.Reason
		if u := m.Undid; u != nil {
			was, what, more := c.act(u)
			object, body = strings.TrimSpace("«"+was+" "+what)+"»", more
			if u.Actor != "" && u.Actor != m.Actor {
				object += " · " + u.Actor
			}
		}
	}
	for _, e := range m.Edits {
		body = append(body, c.changed(e))
	}
	if text != "" {
		body = append(body, text)
	}
	return k.Words.T(id), object, body
}

// changed tells what an edit made of one field.
func (c *casePage) changed(e app.FieldChange) string {
	k := c.k
	say := func(s string) string {
		switch n, err := strconv.Atoi(s); {
		case s == "":
		case e.Field == "kind":
			return k.Words.T("kind." + s)
		case e.Field == "priority" && err == nil:
			return "P" + s + " " + k.Priority(n)
		case e.Field == "category":
			if cat, ok := k.Model.Category(s); ok {
				return cat.Name(k.Words.Lang)
			}
		}
		return s
	}
	id := "did.case-editedTo"
	switch {
	case e.To == "":
		id = "did.case-editedGone"
	case e.From == "":
		id = "did.case-editedSet"
	}
	return k.Words.T("field."+e.Field) + ": " + k.Words.T(id, "From", say(e.From), "To", say(e.To))
}
