package surveys

import (
	"fmt"
	"strings"
	"time"

	"punto/app/desk"
	"punto/app/tally"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

var languages = []string{"es", "en", "pt"}

// Draw implements page.Page.
func (d *design) Draw(p *look.Painter, r page.Rect) {
	k := d.k
	x := p.TextFit(page.Margin, r.Y+8, r.W*0.5, 30, d.s.Name, look.Style{Size: 20, Bold: true, Color: p.Ink}) + 12
	state := k.T("survey.off")
	mark := look.PauseMark
	if d.s.On {
		state, mark = k.T("survey.on"), look.FineMark
	}
	x = p.Chip(x, r.Y+23, mark, state) + 12
	p.TextFit(x, r.Y+10, r.W-page.Margin-x, 28, k.T("survey.version", "N", d.s.Version), look.Style{Color: p.Muted})
	missing := d.missing()
	word := k.T("survey.whole")
	mark = look.FineMark
	if missing != "" {
		word, mark = k.T("survey.lacks", "Lang", missing), look.WatchMark
	}
	p.TextFit(page.Margin, r.Y+36, r.W-look.ChipWidth(mark, word)-3*page.Margin, 24, k.T("survey.headline", "N", len(d.s.Questions), "S", 10*len(d.s.Questions)), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Chip(r.X+r.W-page.Margin-look.ChipWidth(mark, word), r.Y+48, mark, word)
	y := r.Y + 70
	h := r.Y + r.H - y - 12
	if p.Small() {
		at := page.Folds(p, page.At(page.Margin, y-4, r.W-2*page.Margin, h+4), []string{k.T("survey.questions"), d.middle(), k.T("survey.preview")}, d.card, func(i int) { d.card = i; k.Refresh() })
		[]func(*look.Painter, page.Rect){d.drawQuestions, d.drawMiddle, d.drawPreview}[d.card](p, at)
		return
	}
	preview := float32(360)
	left := (r.W - 2*page.Margin - 24 - preview) * 0.55
	mid := r.W - 2*page.Margin - 24 - preview - left
	sample := float32(206)
	d.drawQuestions(p, page.At(page.Margin, y, left, h-sample-12))
	d.drawSample(p, page.At(page.Margin, y+h-sample, left, sample))
	d.drawMiddle(p, page.At(page.Margin+left+12, y, mid, h))
	d.drawPreview(p, page.At(page.Margin+left+mid+24, y, preview, h))
}

// missing are the languages in which some question has no words.
func (d *design) missing() string {
	var out []string
	for _, l := range languages {
		for _, q := range d.s.Questions {
			if q.Words[l] == "" {
				out = append(out, l)
				break
			}
		}
	}
	return strings.Join(out, ", ")
}

func (d *design) middle() string {
	switch d.shows {
	case theSample:
		return d.k.T("survey.sampleTitle")
	case theResults:
		return d.k.T("survey.results")
	}
	return d.k.T("survey.question", "N", d.list.Selected+1)
}

func (d *design) drawQuestions(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.Place(d.list, r.X+1, r.Y+2, r.W-2, r.H-4)
}

// drawSample tells in sentences whom the survey asks.
func (d *design) drawSample(p *look.Painter, r page.Rect) {
	k, s := d.k, d.s
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-90, 30, k.T("survey.sampleTitle"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Key(r.X+r.W-16-look.KeyWidth("F7"), r.Y+21, "F7")
	share := s.Share
	if share == 0 {
		share = 100
	}
	y := r.Y + 38
	for _, x := range [][2]string{{k.T("survey.sample"), k.T("survey.saysSample", "N", max(1, s.Every), "P", share)}, {k.T("survey.saysPerson"), k.T("survey.saysOnce", "N", s.PersonDay)}, {k.T("survey.saysWait"), k.T("survey.saysDelay", "N", s.Delay/3600)},
		{k.T("survey.saysOut"), except(k, s.Except)}, {k.T("survey.saysEnd"), k.T("survey.saysExpire", "N", s.Expire, "R", s.Remind)}, {k.T("survey.saysThen"), k.T("survey.saysFollow", "N", s.Follow)}} {
		p.Line(r.X, y, r.X+r.W, y, 1, p.RowLine)
		p.TextFit(r.X+16, y, 84, 27, x[0], look.Style{Color: p.Muted})
		p.TextFit(r.X+104, y, r.W-120, 27, x[1], look.Style{})
		y += 27
	}
}

// except tells who is left out, the categories first.
func except(k *page.Kit, codes []string) string {
	var names []string
	for _, c := range codes {
		name := c
		if cat, ok := k.Model.Category(c); ok {
			name = cat.Name(k.Words.Lang)
		}
		names = append(names, name)
	}
	return strings.Join(append(names, k.T("survey.saysExcept")), ", ")
}

func (d *design) drawMiddle(p *look.Painter, r page.Rect) {
	if d.shows == theResults {
		d.drawResults(p, r)
		return
	}
	sub := ""
	if d.shows == aQuestion {
		sub = kindOf(d.k, *d.at()) + " · F5"
	}
	d.form.Draw(p, r, d.middle(), sub)
}

// drawResults are the figures of a month, by a cut, and what users wrote.
func (d *design) drawResults(p *look.Painter, r page.Rect) {
	k := d.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-32, 30, k.T("survey.results")+" · "+d.month.Format("2006-01"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	a := d.results
	if a == nil {
		p.Text(r.X+16, r.Y+40, 24, k.T("wait.loading"), look.Style{Color: p.Muted})
		return
	}
	y := r.Y + 40
	for _, f := range a.Whole {
		p.TextFit(r.X+16, y, r.W*0.5-16, 24, figureName(k, f.ID), look.Style{Bold: true})
		end := p.Right(r.X+r.W-16, y, 24, value(k.Words.Lang, f), look.Style{Bold: true})
		p.Right(end-10, y, 24, basis(k, f), look.Style{Size: 12, Color: p.Muted})
		y += 24
	}
	if len(a.Rows) == 0 {
		p.Empty(r.X+16, y+8, r.W-32, k.T("survey.noResults"), k.T("survey.noResultsHint"))
		return
	}
	y += 6
	p.TextFit(r.X+16, y, r.W*0.5, 22, k.T("survey.by")+": "+k.T([]string{"survey.byGroup", "survey.byAgent", "survey.byCategory", "survey.bySite", "survey.byWay"}[d.by]), look.Style{Size: 12, Bold: true, Color: p.Muted})
	p.Right(r.X+r.W-16, y, 22, k.T("survey.figure.csat"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	y += 22
	p.Line(r.X, y, r.X+r.W, y, 1.5, p.Ink)
	half := y + (r.Y+r.H-y)/2
	for _, c := range a.Rows {
		if y+24 > half {
			break
		}
		for _, f := range c.Figures {
			if f.ID == "csat" {
				end := p.Right(r.X+r.W-16, y, 24, value(k.Words.Lang, f), look.Style{Bold: true})
				end = p.Right(end-10, y, 24, basis(k, f), look.Style{Size: 12, Color: p.Muted})
				p.TextFit(r.X+16, y, end-r.X-24, 24, d.cutName(c.Name), look.Style{})
			}
		}
		y += 24
	}
	p.Line(r.X, y+2, r.X+r.W, y+2, 1, p.RowLine)
	p.TextFit(r.X+16, y+4, r.W-32, 22, k.T("survey.said"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	y += 28
	for _, v := range a.Said {
		if y+40 > r.Y+r.H-6 {
			break
		}
		score := ""
		if v.Score > 0 {
			score = fmt.Sprint(v.Score, " / 5 · ")
		}
		p.TextFit(r.X+16, y, r.W-32, 20, "«"+strings.ReplaceAll(v.Text, "\n", " ")+"»", look.Style{})
		p.TextFit(r.X+16, y+19, r.W-32, 18, score+k.At(time.UnixMilli(v.At)), look.Style{Size: 12, Color: p.Muted})
		y += 42
	}
}

func (d *design) cutName(s string) string {
	if c, ok := d.k.Model.Category(s); ok {
		return c.Name(d.k.Words.Lang)
	}
	ways := map[string]string{"telephone": d.k.T("survey.telephone"), "page": d.k.T("survey.page"), "slip": d.k.T("survey.slip"), "mail": d.k.T("survey.mail"), "": d.k.T("survey.none")}
	if w, ok := ways[s]; ok {
		return w
	}
	return s
}

// figureName is an index of surveys in words.
func figureName(k *page.Kit, id string) string {
	return map[string]string{"response_rate": k.T("survey.figure.response_rate"), "csat": k.T("survey.figure.csat"), "csat_mean": k.T("survey.figure.csat_mean"), "nps": k.T("survey.figure.nps")}[id]
}

// value is a figure as people read it; "-" where there is none.
func value(lang string, f tally.Figure) string {
	switch {
	case f.Value == nil:
		return "-"
	case f.ID == "nps":
		return reports.Digits(lang, *f.Value*100, 0)
	case f.Unit == "share":
		return reports.Percent(lang, *f.Value, 1)
	}
	return reports.Digits(lang, *f.Value, 2)
}

// basis is what a figure rests on, with its interval.
func basis(k *page.Kit, f tally.Figure) string {
	if f.Den == nil || *f.Den == 0 {
		return ""
	}
	s := fmt.Sprintf("%.0f / %.0f", f.Num, *f.Den)
	if f.Low != nil {
		s += " · " + reports.Percent(k.Words.Lang, *f.Low, 1) + " – " + reports.Percent(k.Words.Lang, *f.High, 1)
	}
	return s
}

// drawPreview shows the survey as a telephone of 320 px does.
func (d *design) drawPreview(p *look.Painter, r page.Rect) {
	k, lang := d.k, languages[d.lang]
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-140, 30, k.T("survey.preview"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	kx := r.X + r.W - 16 - look.KeyWidth("F12")
	p.Key(kx, r.Y+21, "F12")
	p.Right(kx-8, r.Y+8, 26, k.T("survey.lang"), look.Style{Size: 12, Color: p.Muted})
	w := min(float32(320), r.W-24)
	x, y, end := r.X+(r.W-w)/2, r.Y+42, r.Y+r.H-8
	p.Rect(x, y, w, end-y, 12, p.Card, p.Edge, 1)
	p.Rect(x+1, y+1, w-2, 44, 11, p.Bar, nil, 0)
	p.Circle(x+14, y+17, 12, p.OnBarActive, nil, 0)
	p.TextFit(x+34, y+1, w-50, 44, k.State.Desk.Name, look.Style{Size: 16, Bold: true, Color: p.OnBarActive})
	x, w, y = x+16, w-32, y+54
	for i, l := range []string{"Español", "English", "Português"} {
		bw := (w - 16) / 3
		d.box(p, page.At(x+float32(i)*(bw+8), y, bw, 34), l, i == d.lang, 12)
	}
	y += 44
	n := 0
	for _, q := range d.s.Questions {
		n++
		if y+22 > end {
			return
		}
		p.TextFit(x, y, w, 22, fmt.Sprintf("%d. %s", n, q.Said(lang)), look.Style{Bold: true})
		if q.When != "" {
			p.Rect(x-8, y, 3, 22, 0, p.Accent, nil, 0)
		}
		y += 26
		labels, high := labelsOf(q, lang), float32(38)
		if q.Kind == desk.TextQuestion {
			labels = []string{""}
		}
		perRow := len(labels)
		switch q.Kind {
		case desk.NPSQuestion:
			perRow, high = 6, 30
		case desk.ChoiceQuestion:
			perRow, high = 1, 30
		}
		bw := (w - 6*float32(perRow-1)) / float32(perRow)
		for j, label := range labels {
			at := page.At(x+float32(j%perRow)*(bw+6), y+float32(j/perRow)*(high+5), bw, high)
			if at.Y+at.H > end-6 {
				return
			}
			d.box(p, at, label, false, 16)
		}
		y += float32((len(labels)+perRow-1)/perRow)*(high+5) + 6
	}
}

func (d *design) box(p *look.Painter, r page.Rect, label string, on bool, size float32) {
	st := look.Style{Size: size}
	fill, stroke, wide := p.Card, p.Edge, float32(1)
	if on {
		fill, stroke, wide, st.Bold = p.AccentGround, p.Accent, 2, true
	}
	p.Rect(r.X, r.Y, r.W, r.H, 6, fill, stroke, wide)
	label = look.Fit(label, r.W-8, st)
	p.Text(r.X+(r.W-look.Measure(label, st))/2, r.Y, r.H, label, st)
}

var yesNo = map[string][]string{"es": {"Sí", "No"}, "en": {"Yes", "No"}, "pt": {"Sim", "Não"}}

// labelsOf are the answers that a question shows in a language.
func labelsOf(q desk.SurveyQuestion, lang string) (out []string) {
	switch q.Kind {
	case desk.ScaleQuestion:
		return []string{"1", "2", "3", "4", "5"}
	case desk.YesNoQuestion:
		return yesNo[lang]
	case desk.NPSQuestion:
		for i := range 11 {
			out = append(out, fmt.Sprint(i))
		}
	case desk.ChoiceQuestion:
		for _, o := range q.Options {
			s := o[lang]
			if s == "" {
				s = o["es"]
			}
			out = append(out, s)
		}
	}
	return out
}
