package switchboard

import (
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

const lineH = 22

// Draw implements page.Page.
func (w *wizard) Draw(p *look.Painter, r page.Rect) {
	left := min(560, r.W*0.46)
	y, h := r.Y+12, r.H-24
	w.form.Draw(p, page.At(page.Margin, y, left-page.Margin, h), w.k.T("area.switchboard"), w.k.T("link.sub"))
	x := left + 12
	right := r.W - x - page.Margin
	state := float32(78)
	w.drawState(p, page.At(x, y, right, state))
	y, h = y+state+12, h-state-12
	p.CardBox(x, y, right, h, false)
	switch in := page.At(x+16, y+10, right-32, h-20); {
	case w.shown:
		w.drawRecipe(p, in)
	case w.tried != nil:
		w.drawTry(p, in)
	default:
		w.drawStream(p, w.drawOwn(p, in))
	}
}

// drawOwn draws the queues and telephones of the desk's own exchange, and gives the room
// that is left.
func (w *wizard) drawOwn(p *look.Painter, r page.Rect) page.Rect {
	if w.row.Of.Kind != desk.BuiltIn || w.of.Kind != desk.BuiltIn {
		return r
	}
	k := w.k
	in := w.title(p, r, "link.own")
	lines := []string{}
	for _, q := range w.row.Of.Queues {
		line := q.Number + "  " + q.Name
		if q.Overflow != "" {
			line += "  → " + q.Overflow
		}
		lines = append(lines, line)
	}
	for _, x := range w.row.Of.Phones {
		word := "link.phoneAway"
		if slices.Contains(w.row.There, x.Extension) {
			word = "link.phoneThere"
		}
		lines = append(lines, k.T(word, "Extension", x.Extension))
	}
	if most := int(in.H/2/lineH) - 1; len(lines) > most {
		lines = append(lines[:most-1], k.Words.N("link.ownMore", len(lines)-most+1))
	}
	y := in.Y
	for _, l := range lines {
		p.TextFit(in.X, y, in.W, lineH, l, look.Style{Size: 13, Color: p.Ink})
		y += lineH
	}
	p.TextFit(in.X, y, in.W, lineH, k.T("link.ownHint", "Name", w.row.Of.Name), look.Style{Size: 12, Color: p.Muted})
	y += lineH + 10
	return page.At(r.X, y, r.W, r.Y+r.H-y)
}

// marks are how a phase looks.
var marks = map[string]look.Mark{app.LinkUp: look.FineMark, app.LinkDown: look.FailMark, app.LinkTrying: look.WatchMark, app.LinkLearning: look.WatchMark, app.LinkAway: look.NoMark, app.LinkOff: look.NoMark}

func (w *wizard) drawState(p *look.Painter, r page.Rect) {
	k := w.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x, wide := r.X+16, r.W-32
	if w.row.ID.IsZero() {
		p.TextFit(x, r.Y+12, wide, 24, k.T("link.none"), look.Style{Bold: true, Color: p.Ink})
		p.TextFit(x, r.Y+40, wide, 22, k.T("link.noneHint"), look.Style{Size: 12, Color: p.Muted})
		return
	}
	at := x
	if m := marks[w.row.Phase]; m != look.NoMark {
		p.Mark(x, r.Y+17, 14, m)
		at += 22
	}
	head := k.T("linkphase." + w.row.Phase)
	if w.row.Since > 0 {
		head += " · " + k.At(time.UnixMilli(w.row.Since))
	}
	if w.row.Holder != "" {
		head += " · " + k.T("link.holder", "Node", w.row.Holder)
	}
	p.TextFit(at, r.Y+12, r.X+r.W-16-at, 24, head, look.Style{Bold: true, Color: p.Ink})
	under, st := w.facts(), look.Style{Size: 12, Color: p.Muted}
	for _, why := range []string{w.row.Err, w.row.LogErr, w.row.Odd} {
		if why != "" {
			under, st.Color = w.sentence(why), p.Failure
			break
		}
	}
	p.TextFit(x, r.Y+42, wide, 22, under, st)
}

// facts are the version of the exchange, how many events came, and the last gap.
func (w *wizard) facts() string {
	k := w.k
	var out []string
	if w.row.Version != "" {
		out = append(out, strings.TrimSpace(map[bool]string{true: "AMI "}[w.row.Of.Kind == desk.AsteriskAMI]+w.row.Version))
	}
	out = append(out, k.Words.N("link.events", w.row.Calls))
	if g := w.row.Gap; g != nil {
		to := "…"
		if g.To > 0 {
			to = time.UnixMilli(g.To).In(k.Zone()).Format("15:04")
		}
		out = append(out, k.Words.N("link.gap", g.Open, "From", k.At(time.UnixMilli(g.From)), "To", to))
	}
	return strings.Join(out, " · ")
}

// sentence is what a link tells, in the user's language where it is a known sentence.
func (w *wizard) sentence(why string) string {
	if s, ok := w.k.Words.Said(why); ok {
		return s
	}
	return why
}

func (w *wizard) title(p *look.Painter, r page.Rect, word string) page.Rect {
	p.TextFit(r.X, r.Y, r.W, 24, w.k.T(word), look.Style{Size: 16, Bold: true, Color: p.Ink})
	return page.At(r.X, r.Y+32, r.W, r.H-32)
}

func (w *wizard) drawRecipe(p *look.Painter, r page.Rect) {
	r = w.title(p, r, "link.recipeTitle")
	p.TextFit(r.X, r.Y-8, r.W, 20, w.k.T("link.recipeSub"), look.Style{Size: 12, Color: p.Muted})
	p.FieldBox(r.X, r.Y+18, r.W, r.H-18, w.recipe.Focused)
	p.Place(w.recipe, r.X+2, r.Y+20, r.W-4, r.H-22)
}

// drawTry draws the steps of a test, each with its mark and why it failed.
func (w *wizard) drawTry(p *look.Painter, r page.Rect) {
	r = w.title(p, r, "link.tryTitle")
	y := r.Y
	for _, s := range w.tried.Steps {
		m := look.FineMark
		if !s.OK {
			m = look.FailMark
		}
		p.Mark(r.X, y+8, 14, m)
		p.TextFit(r.X+24, y, r.W-24, 30, w.k.T("linkstep."+s.Name), look.Style{Bold: !s.OK, Color: p.Ink})
		if y += 28; s.Why != "" {
			st := look.Style{Size: 12, Color: p.Muted}
			if !s.OK {
				st.Color = p.Failure
			}
			p.Paragraph(r.X+24, y, r.W-24, 40, w.sentence(s.Why), st)
			y += 42
		}
	}
	facts := []string{}
	if len(w.tried.Queues) > 0 {
		facts = append(facts, w.k.T("link.queues", "Names", strings.Join(w.tried.Queues, ", ")))
	}
	if len(w.tried.Agents) > 0 {
		facts = append(facts, w.k.T("link.agents", "Names", strings.Join(w.tried.Agents, ", ")))
	}
	if w.tried.Cert != "" {
		facts = append(facts, w.k.T("link.cert", "Sum", w.tried.Cert[:min(16, len(w.tried.Cert))]))
	}
	for _, f := range facts {
		if y+lineH > r.Y+r.H {
			break
		}
		p.TextFit(r.X, y+6, r.W, lineH, f, look.Style{Size: 12, Color: p.Muted})
		y += lineH
	}
}

// drawStream draws what the exchange said last, the newest at the bottom.
func (w *wizard) drawStream(p *look.Painter, r page.Rect) {
	r = w.title(p, r, "link.streamTitle")
	if len(w.said) == 0 {
		p.Empty(r.X, r.Y+24, r.W, w.k.T("link.silent"), w.k.T("link.silentHint"))
		return
	}
	rows := w.said[max(0, len(w.said)-int(r.H/lineH)):]
	for i, l := range rows {
		y := r.Y + float32(i)*lineH
		p.TextFit(r.X, y, 92, lineH, time.UnixMilli(l.At).In(w.k.Zone()).Format("15:04:05.000"), look.Style{Size: 12, Color: p.Muted})
		event, rest, _ := strings.Cut(l.Text, "  ")
		p.Spans(r.X+96, y, r.W-96, lineH, look.Span{S: event, Style: look.Style{Size: 12, Bold: true, Color: p.Ink}}, look.Span{S: "  " + rest, Style: look.Style{Size: 12, Color: p.Muted}})
	}
}
