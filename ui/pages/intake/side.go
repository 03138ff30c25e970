package intake

import (
	"fmt"
	"strings"
	"time"

	"punto/ui/look"
	"punto/ui/page"
)

// The cards beside the form.

// drawSide is who calls, what may solve it, whether it is known, and what was
// before.
func (in *intake) drawSide(p *look.Painter, r page.Rect) {
	y := r.Y
	y += in.drawPerson(p, page.At(r.X, y, r.W, 150)) + 8
	y += in.drawArticles(p, page.At(r.X, y, r.W, 0)) + 8
	y += in.drawAlike(p, page.At(r.X, y, r.W, 0)) + 8
	in.drawRecent(p, page.At(r.X, y, r.W, r.Y+r.H-y))
}

func (in *intake) drawPerson(p *look.Painter, r page.Rect) float32 {
	k := in.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x, y, wd := r.X+15, r.Y+12, r.W-30
	switch {
	case in.card == nil && len(in.people) > 0:
		title := k.T("person.matches")
		if in.at < 0 {
			title = k.T("person.like")
		}
		p.TextFit(x, y, wd, 16, title, look.Style{Size: 12, Bold: true, Color: p.Muted})
		for i, m := range in.people {
			if i == 4 {
				break
			}
			my := y + 20 + float32(i)*28
			if i == in.at {
				p.Selected(r.X+1, my, r.W-2, 28, true)
				p.Key(x+wd-look.KeyWidth("Enter"), my+14, "Enter")
			}
			ax := p.TextFit(x, my, wd-120, 28, m.Person.Name, look.Style{Bold: i == in.at}) + 10
			p.TextFit(ax, my, x+wd-60-ax, 28, strings.Trim(m.Person.Extension+" · "+m.Area, " ·"), look.Style{Size: 12, Color: p.Muted})
			p.Tap(r.X, my, r.W, 28, func() { in.at, in.moved = i, true; in.choosePerson() })
		}
		return r.H
	case in.card == nil && in.found != "" && in.found == in.d.Who:
		p.Empty(x, y, wd, k.T("person.unknown"), k.T("person.unknownHint"))
		return r.H
	case in.card == nil:
		p.Empty(x, y, wd, k.T("person.none"), k.T("person.noneHint"))
		return r.H
	}
	c := in.card
	per := c.Row.Person
	nx := p.TextFit(x, y-2, wd-120, 24, per.Name, look.Style{Size: 16, Bold: true, Color: p.Ink}) + 10
	if per.VIP {
		p.Label(nx, y+10, k.T("person.vip"))
	}
	line := func(i int, label, value string) float32 {
		ly := y + 24 + float32(i)*21
		p.Text(x, ly, 21, label, look.Style{Size: 12, Color: p.Muted})
		p.TextFit(x+62, ly, wd-62, 21, value, look.Style{Size: 12})
		return ly
	}
	line(0, k.T("person.title"), strings.Trim(per.Title+" · "+c.Row.Area, " ·"))
	line(1, k.T("person.site"), c.Row.Site)
	line(2, k.T("person.lang"), strings.Join(per.Langs, ", "))
	ly := line(3, k.T("person.contract"), c.Contract.Code)
	m, word := look.FineMark, k.T("person.openAlways")
	if c.Until != 0 {
		at := strings.TrimPrefix(k.At(time.UnixMilli(c.Until)), k.T("time.today", "At", ""))
		word = k.T("person.openUntil", "At", at)
		if !c.Hours {
			m, word = look.PauseMark, k.T("person.closedUntil", "At", at)
		}
	}
	p.Chip(x+wd-look.ChipWidth(m, word), ly+10, m, word)
	var tags []string
	for _, a := range c.Assets {
		tags = append(tags, a.Tag)
	}
	line(4, k.T("person.assets"), strings.Join(tags, " · "))
	return r.H
}

func (in *intake) drawArticles(p *look.Painter, r page.Rect) float32 {
	k, docs := in.k, in.documents()
	h := float32(44 + 28*max(1, len(docs)))
	p.CardBox(r.X, r.Y, r.W, h, len(docs) > 0)
	x, wd := r.X+15, r.W-30
	if len(docs) == 0 {
		p.Empty(x, r.Y+14, wd, k.T("articles.none"), k.T("articles.noneHint"))
		return h
	}
	tx := p.Text(x, r.Y+8, 24, k.T("articles.proposed"), look.Style{Size: 12, Bold: true, Color: p.Accent}) + 8
	p.Text(tx, r.Y+8, 24, k.T("articles.keyOpens"), look.Style{Size: 12, Color: p.Muted})
	for i, a := range docs {
		y := r.Y + 36 + float32(i)*28
		if i > 0 {
			p.Line(x, y, x+wd, y, 1, p.RowLine)
		}
		end := x + wd
		if a.ID == in.d.Article {
			end -= look.ChipWidth(look.FineMark, k.T("article.willUse"))
			p.Chip(end, y+14, look.FineMark, k.T("article.willUse"))
			end -= 8
		}
		kx := p.Key(x, y+14, []string{"F7", "Alt 2", "Alt 3"}[i]) + 10
		p.TextFit(kx, y, end-kx, 28, a.Title, look.Style{Bold: i == 0})
		p.Tap(r.X, y, r.W, 28, func() { in.readArticle(a) })
	}
	return h
}

func (in *intake) drawAlike(p *look.Painter, r page.Rect) float32 {
	k := in.k
	h := float32(44 + 28*max(1, len(in.alike)))
	p.CardBox(r.X, r.Y, r.W, h, false)
	x, wd := r.X+15, r.W-30
	if len(in.alike) == 0 {
		p.Empty(x, r.Y+14, wd, k.T("same.none"), k.T("same.noneHint"))
		return h
	}
	p.Text(x, r.Y+8, 24, k.T("same.title"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	p.Right(x+wd, r.Y+8, 24, k.T("same.keyJoins"), look.Style{Size: 12, Color: p.Muted})
	for i, a := range in.alike {
		y := r.Y + 36 + float32(i)*28
		kx := p.Key(x, y+14, []string{"F4", "Alt 4"}[i]) + 10
		number, _, _ := strings.Cut(a.Detail, " · ")
		kx = p.Text(kx, y, 28, number, look.Style{Bold: true}) + 8
		p.TextFit(kx, y, x+wd-kx, 28, a.Title, look.Style{})
		p.Tap(r.X, y, r.W, 28, func() { k.Go("case", a.ID) })
	}
	return h
}

func (in *intake) drawRecent(p *look.Painter, r page.Rect) {
	k := in.k
	if r.H < 60 {
		return
	}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x, wd := r.X+15, r.W-30
	if in.card == nil || len(in.card.Open)+len(in.card.Recent) == 0 {
		p.Empty(x, r.Y+14, wd, k.T("recent.none"), k.T("recent.noneHint"))
		return
	}
	name, _, _ := strings.Cut(in.card.Row.Person.Name, " ")
	p.Text(x, r.Y+8, 24, k.T("recent.title", "Name", name), look.Style{Size: 12, Bold: true, Color: p.Muted})
	y := r.Y + 34
	for _, c := range append(in.card.Open[:len(in.card.Open):len(in.card.Open)], in.card.Recent...) {
		if y+23 > r.Y+r.H-6 {
			break
		}
		st := look.Style{Size: 12}
		right := x + wd
		if c.Status.Open() {
			m, word := k.ClockChip(c.Clock)
			right -= look.ChipWidth(m, word)
			p.Chip(right, y+11, m, word)
			st.Bold = true
		} else {
			right = p.Right(right, y, 23, k.T("status."+c.Status.String()), look.Style{Size: 12, Color: p.Muted})
		}
		first := string(c.Number)
		if !c.Status.Open() {
			first = time.UnixMilli(c.OpenedAt).In(k.Zone()).Format("2/1/06")
		}
		p.Text(x, y, 23, first, st)
		p.TextFit(x+72, y, right-x-80, 23, c.Subject, look.Style{Size: 12})
		p.Tap(x, y, wd, 23, func() { k.Go("case", c.ID) })
		y += 23
		p.Line(x, y, x+wd, y, 1, p.RowLine)
	}
}

// drawCards draws the card of the side stack that its tab names.
func (in *intake) drawCards(p *look.Painter, r page.Rect) {
	k, d := in.k, in.d
	count := func(word string, n int) string {
		if n > 0 {
			word += fmt.Sprintf(" %d", n)
		}
		return word
	}
	known := 0
	if in.card != nil {
		known = len(in.card.Open) + len(in.card.Recent)
	}
	on := in.shown()
	r = page.Folds(p, r, []string{k.T("intake.who"), count(k.T("area.articles"), len(in.articles)), count(k.T("same.tab"), len(in.alike)), count(k.T("area.cases"), known)}, on,
		func(i int) { in.side, in.sided = i, d; k.Refresh() })
	switch on {
	case 0:
		in.drawPerson(p, page.At(r.X, r.Y, r.W, 150))
	case 1:
		in.drawArticles(p, page.At(r.X, r.Y, r.W, 0))
	case 2:
		in.drawAlike(p, page.At(r.X, r.Y, r.W, 0))
	default:
		in.drawRecent(p, r)
	}
}

// shown is the card that a small window shows: the one chosen for this draft, else
// what the step at hand needs.
func (in *intake) shown() int {
	switch {
	case in.sided == in.d:
		return in.side
	case !in.who.Focused && len(in.articles) > 0:
		return 1
	}
	return 0
}
