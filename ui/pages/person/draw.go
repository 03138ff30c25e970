package person

import (
	"strings"
	"time"

	"punto/ui/look"
	"punto/ui/page"
)

// Draw implements page.Page.
func (s *sheet) Draw(p *look.Painter, r page.Rect) {
	k := s.k
	r = page.Tabs(p, r, []page.TabLabel{{Word: k.T(k.Here)}, {Word: s.Called()}}, 1, func(i int) {
		if i == 0 {
			k.Leave()
		}
	}, page.Action{Key: "Esc", Word: k.T("do.back")})
	if s.a == nil {
		p.Text(page.Margin, r.Y+8, 30, k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	}
	s.drawHead(p, page.At(page.Margin, r.Y+8, r.W-2*page.Margin, 56))
	y, h := r.Y+72, r.H-84
	w := r.W - 2*page.Margin - 24
	left, right := min(460, w*0.31), min(420, w*0.29)
	s.drawData(p, page.At(page.Margin, y, left, h))
	middle := page.At(page.Margin+left+12, y, w-left-right, h)
	s.told.RowH = k.RowHeight()
	p.CardBox(middle.X, middle.Y, middle.W, middle.H, false)
	word := k.T("dossier.all")
	if s.only != "" {
		word = k.Words.T("dossier." + s.only)
	}
	x := p.Text(middle.X+16, middle.Y+8, 28, word, look.Style{Size: 16, Bold: true, Color: p.Ink}) + 10
	p.Key(x, middle.Y+22, "F6")
	p.Place(s.told, middle.X+1, middle.Y+42, middle.W-2, middle.H-46)
	s.drawStack(p, page.At(middle.X+middle.W+12, y, right, h))
}

// drawHead says who it is, and what there was lately.
func (s *sheet) drawHead(p *look.Painter, r page.Rect) {
	k, of := s.k, &s.a.Row
	counts := k.T("dossier.counts", "Cases", k.Words.N("dossier.nCases", s.a.Cases), "Calls", k.Words.N("dossier.nCalls", s.a.Calls), "Lost", k.Words.N("dossier.nLost", s.a.Lost))
	end := r.X + r.W
	if s.a.Open > 0 {
		word := k.Words.N("problem.openCases", s.a.Open)
		end -= look.ChipWidth(look.NowMark, word)
		p.Chip(end, r.Y+14, look.NowMark, word)
		end -= 12
	}
	x := p.TextFit(r.X, r.Y, end-r.X, 28, of.Person.Name, look.Style{Size: 20, Bold: true, Color: p.Ink}) + 12
	if of.Person.VIP {
		x = p.Label(x, r.Y+14, k.T("person.vip")) + 12
	}
	var place []string
	for _, t := range []string{of.Person.Title, of.Area, of.Site} {
		if t != "" {
			place = append(place, t)
		}
	}
	p.TextFit(x, r.Y, end-x, 28, strings.Join(place, " · "), look.Style{Color: p.Muted})
	end = p.Right(r.X+r.W, r.Y+28, 26, counts, look.Style{Color: p.Muted}) - 16
	p.TextFit(r.X, r.Y+28, end-r.X, 26, strings.Trim(of.Person.Extension+" · "+of.Person.Note, " ·"), look.Style{})
}

const contractH = 84

// drawData draws the form, above the contract and whether it is open.
func (s *sheet) drawData(p *look.Painter, r page.Rect) {
	k := s.k
	if s.form != nil {
		s.form.Draw(p, page.At(r.X, r.Y, r.W, r.H-contractH-12), k.T("dossier.data"), k.T("dossier.dataHint"))
	}
	y := r.Y + r.H - contractH
	p.CardBox(r.X, y, r.W, contractH, false)
	p.TextFit(r.X+16, y+10, r.W-32, 26, strings.Trim(s.a.Contract.Code+" · "+s.a.Contract.Client, " ·"), look.Style{Bold: true})
	m, word := look.FineMark, "dossier.hours"
	if !s.a.Hours {
		m, word = look.PauseMark, "dossier.shut"
	}
	said := k.Words.T(word)
	if s.a.Until != 0 {
		said += " · " + k.T("dossier.until", "When", k.At(time.UnixMilli(s.a.Until)))
	}
	p.Mark(r.X+16, y+49, 14, m)
	p.TextFit(r.X+38, y+42, r.W-54, 28, said, look.Style{})
}

// drawStack draws what comes back, the equipment, and who may be the same person.
func (s *sheet) drawStack(p *look.Painter, r page.Rect) {
	k, y := s.k, r.Y
	card := func(title, none string, n int, row func(i int, y float32)) {
		lines := float32(max(1, min(n, 5)))
		h := 42 + lines*28 + 10
		if y+h > r.Y+r.H {
			return
		}
		p.CardBox(r.X, y, r.W, h, false)
		p.TextFit(r.X+16, y+8, r.W-32, 28, title, look.Style{Bold: true, Color: p.Ink})
		if n == 0 {
			p.TextFit(r.X+16, y+40, r.W-32, 28, none, look.Style{Color: p.Muted})
		}
		for i := range min(n, 5) {
			row(i, y+40+float32(i)*28)
		}
		y += h + 12
	}
	card(k.T("dossier.returns"), k.T("dossier.noReturns"), len(s.a.Returns), func(i int, y float32) {
		x := s.a.Returns[i]
		name := x.Code
		if c, ok := k.Model.Category(x.Code); ok {
			name = c.Name(k.Words.Lang)
		}
		m := look.NowMark
		if x.Times >= 3 {
			m = look.WatchMark
		}
		p.Mark(r.X+16, y+7, 14, m)
		end := p.Right(r.X+r.W-16, y, 28, k.Words.N("dossier.times", x.Times), look.Style{Bold: true}) - 10
		p.TextFit(r.X+38, y, end-r.X-38, 28, name, look.Style{})
		p.Tap(r.X, y, r.W, 28, func() { k.Go("case", x.Cases[0]) })
	})
	card(k.T("dossier.assets"), k.T("dossier.noAssets"), len(s.a.Assets), func(i int, y float32) {
		x := s.a.Assets[i]
		end := p.Right(r.X+r.W-16, y, 28, k.Words.N("dossier.nCases", x.Cases), look.Style{Color: p.Muted}) - 10
		at := p.TextFit(r.X+16, y, (end-r.X)*0.6, 28, x.Of.Tag, look.Style{Bold: true}) + 8
		p.TextFit(at, y, end-at, 28, strings.Trim(x.Of.Name+" "+x.Of.Model, " "), look.Style{Color: p.Muted})
	})
	if len(s.a.Merged) > 0 {
		card(k.T("dossier.isAlso"), "", len(s.a.Merged), func(i int, y float32) {
			p.TextFit(r.X+16, y, r.W-32, 28, known(&s.a.Merged[i]), look.Style{})
		})
	}
	if len(s.a.Same) > 0 {
		card(k.T("dossier.same"), "", len(s.a.Same), func(i int, y float32) {
			p.TextFit(r.X+16, y, r.W-32, 28, known(&s.a.Same[i]), look.Style{})
		})
	}
}
