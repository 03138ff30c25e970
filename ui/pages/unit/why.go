package unit

import (
	"math"
	"strings"

	"punto/app"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// Why the chosen index is not where the months before let expect: what each part brought.

const barRow = 22

// askWhy asks why the chosen index moved, unless that is known or being asked.
func (u *unit) askWhy() {
	x := u.chosen()
	if x == nil || u.whyOf == x.Of.ID {
		return
	}
	if u.why != nil && u.why.Index != x.Of.ID {
		u.why = nil
	}
	u.whyOf = x.Of.ID
	page.AskLatest(u.k, &u.asked[3], app.Contributions{Contract: u.whose(), Month: u.at.Format("2006-01"), Index: x.Of.ID}, func(a app.ContributionsAnswer) {
		u.why = &a
		u.k.Refresh()
	})
}

func (u *unit) drawRight(p *look.Painter, r page.Rect) {
	[]func(*look.Painter, page.Rect){u.drawWhy, u.drawRecurs, u.drawStaff}[u.side](p, r)
}

func (u *unit) drawWhy(p *look.Painter, r page.Rect) {
	k, a := u.k, u.why
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.Key(r.X+r.W-16-look.KeyWidth("F3"), r.Y+20, "F3")
	title := func(s string) {
		p.TextFit(r.X+16, r.Y+6, r.W-70, 28, s, look.Style{Size: 16, Bold: true, Color: p.Ink})
	}
	switch {
	case u.chosen() == nil:
		title(k.T("unit.why"))
		p.Empty(r.X+16, r.Y+44, r.W-32, k.T("unit.none"), k.T("unit.noneHint"))
		return
	case a == nil:
		title(k.T("unit.why"))
		p.TextFit(r.X+16, r.Y+44, r.W-32, 20, k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	case len(a.Cuts) == 0:
		title(k.T("unit.why"))
		p.Empty(r.X+16, r.Y+44, r.W-32, k.T("unit.noBefore"), k.T("unit.noBeforeHint"))
		return
	}
	lang := k.Words.Lang
	switch signed(lang, a.More) {
	case "0":
		title(k.T("unit.whyAsUsual"))
	case signed(lang, math.Abs(a.More)):
		title(k.T("unit.whyMore", "N", reports.Digits(lang, a.More, 0)))
	default:
		title(k.T("unit.whyLess", "N", reports.Digits(lang, -a.More, 0)))
	}
	said := k.T("unit.whyShare", "Num", reports.Digits(lang, a.Num, 0), "Den", reports.Digits(lang, a.Den, 0), "Base", reports.Percent(lang, a.Base, 1), "Expected", reports.Digits(lang, a.Base*a.Den, 0), "More", signed(lang, a.More))
	if a.Unit == "count" {
		said = k.T("unit.whyCount", "Num", reports.Digits(lang, a.Num, 0), "Den", reports.Digits(lang, a.Den, 0), "Base", reports.Digits(lang, a.Base, 1), "Expected", reports.Digits(lang, a.Base*a.Den, 0), "More", signed(lang, a.More))
	}
	if a.Lacks {
		said = k.T("unit.lacks") + " " + said
	}
	p.TextFit(r.X+16, r.Y+32, r.W-32, 18, said, look.Style{Size: 12, Color: p.Muted})
	u.drawCuts(p, page.At(r.X+16, r.Y+56, r.W-32, r.H-62), a)
}

// drawCuts draws the first cut at the left and two more at the right, from one scale.
func (u *unit) drawCuts(p *look.Painter, r page.Rect, a *app.ContributionsAnswer) {
	var cuts []app.Cut
	most := 1e-9
	for _, c := range a.Cuts {
		if len(c.Parts) < 2 && (len(c.Parts) == 0 || c.Parts[0].Name == "") {
			continue // it takes nothing apart
		}
		cuts = append(cuts, c)
		for _, x := range c.Parts {
			most = max(most, math.Abs(x.More))
		}
	}
	if len(cuts) == 0 {
		return
	}
	half := (r.W - 20) / 2
	u.drawCut(p, page.At(r.X, r.Y, half, r.H), cuts[0], most)
	if len(cuts) == 1 {
		return
	}
	second := r.H
	if len(cuts) > 2 {
		second = min(r.H*0.4, float32(26+barRow*len(cuts[1].Parts)))
		u.drawCut(p, page.At(r.X+half+20, r.Y+second+4, half, r.H-second-4), cuts[2], most)
	}
	u.drawCut(p, page.At(r.X+half+20, r.Y, half, second), cuts[1], most)
}

func (u *unit) drawCut(p *look.Painter, r page.Rect, c app.Cut, most float64) {
	k := u.k
	p.TextFit(r.X, r.Y, r.W, 20, k.T("cut."+c.By), look.Style{Size: 12, Bold: true, Color: p.Muted})
	p.Line(r.X, r.Y+22, r.X+r.W, r.Y+22, 1.5, p.Ink)
	parts, others := shown(c.Parts, int((r.H-24)/barRow))
	label, value := r.W*0.52, float32(40)
	zero := r.X + label + (r.W-label-value)*0.3
	scale := (r.W - label - value) * 0.7 / float32(most)
	y := r.Y + 25
	p.Line(zero, y, zero, y+barRow*float32(len(parts)), 1, p.Palette.Line)
	for i, x := range parts {
		name, ink := u.cutName(c.By, x.Name), p.Accent
		if i == len(parts)-1 && others > 0 {
			name, ink = k.Words.N("unit.others", others), p.TrackMuted
		}
		p.TextFit(r.X, y, label-6, barRow, name, look.Style{Size: 12})
		w := scale * float32(math.Abs(x.More))
		at := zero
		if x.More < 0 {
			w = min(w, zero-r.X-label)
			at = zero - w
		}
		p.Rect(at, y+5, max(1, w), barRow-10, 2, ink, nil, 0)
		p.Right(r.X+r.W, y, barRow, signed(k.Words.Lang, x.More), look.Style{Size: 12, Bold: true})
		y += barRow
	}
}

// shown are the parts that there is room for: those that brought most either way, in
// their order, and the others as one.
func shown(parts []app.CutPart, room int) (out []app.CutPart, others int) {
	room = max(2, room)
	if len(parts) <= room {
		return parts, 0
	}
	i, j := 0, len(parts)-1
	for i+len(parts)-1-j < room-1 {
		if math.Abs(parts[i].More) >= math.Abs(parts[j].More) {
			i++
		} else {
			j--
		}
	}
	var rest app.CutPart
	for _, x := range parts[i : j+1] {
		rest.More += x.More
	}
	out = append(append(out, parts[:i]...), parts[j+1:]...)
	return append(out, rest), j + 1 - i
}

func (u *unit) cutName(by, name string) string {
	k := u.k
	switch {
	case name == "":
		return k.T("unit.nobody")
	case by == "category":
		name = u.category(name)
		if i := strings.LastIndex(name, "› "); i >= 0 {
			name = name[i+len("› "):]
		}
	case by == "priority":
		name = "P" + name
	case by == "hour":
		name += ":00"
	case by == "weekday" && len(name) == 1 && name[0] >= '1' && name[0] <= '7':
		name = k.T("weekday." + []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}[name[0]-'1'])
	}
	return name
}

// signed is a number with its sign: a rounded nothing has none.
func signed(lang string, x float64) string {
	s := reports.Digits(lang, math.Abs(x), 0)
	switch {
	case s == "0":
		return s
	case x < 0:
		return "−" + s
	}
	return "+" + s
}
