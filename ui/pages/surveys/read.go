// Package surveys are the pages of surveys: the one on which an agent reads the questions
// to a user by telephone, and the one on which an analyst makes a survey and sees what
// came of it.
package surveys

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/poll"
	"punto/ui/look"
	"punto/ui/page"
)

// reading is the page of those who are to be called: one at a time, each question by
// digits.
type reading struct {
	k    *page.Kit
	slip Slipper
	list *look.List
	rows []app.SurveyToRead
	on   bool // the questions of the selected one are being read
	of   app.SurveyToRead
	rs   []desk.Reply
	said map[string]string // answers in words, by question
}

// Slipper invites the user of a case with a sheet on which the code of a link stands, and
// gives the file that it is in.
type Slipper func(ctx context.Context, survey, kase desk.ID) (file string, err error)

// Read is the page on which an agent reads surveys, on a tab of the calls. A nil slip is not offered.
func Read(slip Slipper) page.Kind {
	return page.Kind{Name: "reading", Word: "reading.title", Tab: "reading.tab", Key: "Ctrl G", Place: page.Tab, Under: "calls",
		For: []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AdministratorRole}, Make: func(k *page.Kit) page.Page { return newReading(k, slip) }}
}

func newReading(k *page.Kit, slip Slipper) *reading {
	r := &reading{k: k, slip: slip}
	r.list = k.List(look.Column{Title: k.T("reading.who")}, look.Column{Title: k.T("reading.until"), Width: 130, Least: 100})
	r.list.RowH = 48
	r.list.Empty = [2]string{k.T("wait.loading")}
	r.list.Len = func() int { return len(r.rows) }
	r.list.Row = r.row
	r.list.OnOpen = func(int) { r.begin() }
	r.list.OnSelect = func(int) { k.Refresh() }
	return r
}

// Show implements page.Page.
func (r *reading) Show(any) { r.Changed() }

// Changed asks again for who is to be called, unless somebody is being read to.
func (r *reading) Changed() {
	if r.on {
		return
	}
	page.Ask(r.k, app.SurveysToRead{}, func(a app.SurveysToReadAnswer) {
		r.rows = a.Rows
		r.list.Empty = [2]string{r.k.T("reading.none"), r.k.T("reading.noneHint")}
		r.list.Selected = max(0, min(r.list.Selected, len(r.rows)-1))
		r.list.Refresh()
		r.k.Refresh()
	})
}

// Relabel implements the change of the language.
func (r *reading) Relabel() {
	r.list.Columns[0].Title, r.list.Columns[1].Title = r.k.T("reading.who"), r.k.T("reading.until")
	r.Changed()
}

func (r *reading) row(p *look.Painter, i int, _, y, _, _ float32, xs []float32) {
	x := r.rows[i]
	end := xs[1] - 8
	if x.Again {
		word := r.k.T("reading.again")
		end -= look.ChipWidth(look.WatchMark, word) + 8
		p.Chip(end+8, y+24, look.WatchMark, word)
	}
	p.TextFit(xs[0], y+4, end-xs[0], 22, x.Person, look.Style{Bold: true})
	p.TextFit(xs[0], y+24, end-xs[0], 20, string(x.Number)+" · "+x.Subject, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(xs[1], y, xs[2]-xs[1], 48, r.k.At(time.UnixMilli(x.ExpiresAt)), look.Style{Color: p.Muted})
}

// First implements page.Page.
func (r *reading) First() fyne.Focusable { return r.list }

// Tick implements page.Page.
func (r *reading) Tick() {}

// Status implements page.Page.
func (r *reading) Status() string { return r.k.T("reading.marked") }

// Back leaves the questions, and what was answered with them.
func (r *reading) Back() bool {
	was := r.on
	r.on = false
	r.k.Refresh()
	return was
}

// Actions implements page.Page.
func (r *reading) Actions() []page.Action {
	k := r.k
	if r.on {
		return []page.Action{{Key: "F9", Word: k.T("reading.go"), Primary: true, Do: r.next}, {Key: "Alt ←", Word: k.T("reading.back"), Do: r.undo}}
	}
	as := []page.Action{{Key: "Enter", Word: k.T("reading.begin"), Primary: true, Do: r.begin}, {Key: "F5", Word: k.T("do.refresh"), Do: r.Changed}}
	if r.slip != nil {
		as = append(as, page.Action{Key: "F11", Word: k.T("reading.slip"), Do: r.print})
	}
	if len(r.rows) == 0 {
		as[0].Off = k.T("reading.none")
		if r.slip != nil {
			as[2].Off = as[0].Off
		}
	}
	return as
}

// print makes the sheet of the selected one.
func (r *reading) print() {
	i := r.list.Selected
	if i >= len(r.rows) {
		return
	}
	k, x, ctx := r.k, r.rows[i], r.k.Session()
	go func() {
		file, err := r.slip(ctx, x.Survey, x.Case)
		k.Post(func() {
			if err != nil {
				k.Failed(err)
				return
			}
			k.Tell(k.T("reading.printed", "File", file), false)
		})
	}()
}

func (r *reading) begin() {
	if i := r.list.Selected; i < len(r.rows) && !r.on {
		r.on, r.of, r.rs, r.said = true, r.rows[i], nil, map[string]string{}
		r.next()
	}
}

// open are the questions that are asked after what was said so far.
func (r *reading) open() []desk.SurveyQuestion { return poll.Asked(r.of.Questions, r.rs) }

// next asks the first question that was neither answered nor passed over, and sends the
// answers when there is none.
func (r *reading) next() {
	for _, q := range r.open() {
		if _, ok := r.said[q.Code]; !ok {
			r.ask(q)
			return
		}
	}
	r.send()
}

// undo takes back the last answer.
func (r *reading) undo() {
	qs := r.open()
	for i, q := range slices.Backward(qs) {
		if _, ok := r.said[q.Code]; ok {
			for _, later := range qs[i:] {
				delete(r.said, later.Code)
				r.rs = slices.DeleteFunc(r.rs, func(x desk.Reply) bool { return x.Question == later.Code })
			}
			break
		}
	}
	r.next()
}

// ask puts one question in the action bar, in the user's language: digits answer it.
func (r *reading) ask(q desk.SurveyQuestion) {
	k := r.k
	answered := func(v int, text, said string) {
		if said == "" {
			r.said[q.Code] = "—" // passed over
		} else {
			r.said[q.Code] = said
			r.rs = append(r.rs, desk.Reply{Question: q.Code, Value: v, Text: text})
		}
		r.next()
		k.Refresh()
	}
	switch q.Kind {
	case desk.TextQuestion, desk.NPSQuestion:
		hint := k.T("reading.text")
		if q.Kind == desk.NPSQuestion {
			hint = "0–10"
		}
		ask := k.Question(q.Said(r.of.Lang), nil, 0, hint, "", func(_ int, text string) {
			text = strings.TrimSpace(text)
			n, _ := strconv.Atoi(text)
			if q.Kind == desk.TextQuestion {
				answered(0, text, text)
			} else {
				answered(n, "", text)
			}
		})
		ask.Field.Limit = poll.MaxReply
		ask.Check = func(_ int, text string) string { return r.wrong(q, strings.TrimSpace(text)) }
		k.Focus(ask.Field)
		return
	}
	names := r.options(q)
	all := names
	if !q.Required {
		all = append(slices.Clone(names), k.T("reading.pass"))
	}
	k.Question(q.Said(r.of.Lang), all, 0, "", "", func(i int, _ string) {
		switch {
		case i < 1:
			r.ask(q)
		case i > len(names):
			answered(0, "", "")
		default:
			answered(i, "", names[i-1])
		}
	})
}

// wrong tells why a typed answer will not do.
func (r *reading) wrong(q desk.SurveyQuestion, text string) string {
	if text == "" {
		if q.Required {
			return r.k.T("reading.needed")
		}
		return ""
	}
	if n, err := strconv.Atoi(text); q.Kind == desk.NPSQuestion && (err != nil || n < 0 || n > 10) {
		return r.k.T("reading.nps")
	}
	return ""
}

// options are the answers to a question in words.
func (r *reading) options(q desk.SurveyQuestion) (names []string) {
	switch q.Kind {
	case desk.ScaleQuestion:
		return []string{"1", "2", "3", "4", "5"}
	case desk.YesNoQuestion:
		return []string{r.k.T("reading.yes"), r.k.T("reading.no")}
	}
	for _, o := range q.Options {
		s := o[r.of.Lang]
		if s == "" {
			s = o["es"]
		}
		names = append(names, s)
	}
	return names
}

// send writes the answers, marked as read by telephone.
func (r *reading) send() {
	of := r.of
	r.k.Do(app.ReadSurvey{Survey: of.Survey, Case: of.Case, Lang: of.Lang, Replies: r.rs}, func(app.Receipt) {
		r.on = false
		r.k.Tell(r.k.T("reading.done", "N", string(of.Number)), false)
		r.Changed()
	}, nil)
}

// Draw implements page.Page.
func (r *reading) Draw(p *look.Painter, at page.Rect) {
	k := r.k
	x := p.TextFit(page.Margin, at.Y+8, 420, 30, k.T("reading.title"), look.Style{Size: 20, Bold: true, Color: p.Ink}) + 12
	p.TextFit(x, at.Y+10, at.W-page.Margin-x, 28, k.T("reading.fair"), look.Style{Color: p.Muted})
	y, h := at.Y+50, at.H-62
	left := min(430, at.W*0.4)
	p.CardBox(page.Margin, y, left, h, false)
	p.Place(r.list, page.Margin+1, y+2, left-2, h-4)
	sheet := page.At(page.Margin+left+12, y, at.W-2*page.Margin-left-12, h)
	p.CardBox(sheet.X, sheet.Y, sheet.W, sheet.H, r.on)
	of := r.of
	if !r.on {
		if r.list.Selected >= len(r.rows) {
			p.Empty(sheet.X+16, sheet.Y+16, sheet.W-32, k.T("reading.none"), k.T("reading.noneHint"))
			return
		}
		of = r.rows[r.list.Selected]
	}
	ix, iw := sheet.X+16, sheet.W-32
	p.TextFit(ix, sheet.Y+10, iw, 30, of.Person, look.Style{Size: 20, Bold: true, Color: p.Ink})
	p.TextFit(ix, sheet.Y+40, iw, 26, k.T("reading.call", "Phone", strings.Join(of.Phones, " · ")), look.Style{Size: 18, Bold: true, Color: p.Accent})
	p.TextFit(ix, sheet.Y+68, iw, 20, string(of.Number)+" · "+of.Subject+" · "+k.T("reading.solved", "When", k.At(time.UnixMilli(of.SolvedAt))), look.Style{Size: 12, Color: p.Muted})
	p.Line(sheet.X, sheet.Y+98, sheet.X+sheet.W, sheet.Y+98, 1, p.Palette.Line)
	qy := sheet.Y + 106
	asked := of.Questions
	if r.on {
		asked = r.open()
	}
	current := false
	for i, q := range asked {
		if qy+48 > sheet.Y+sheet.H {
			break
		}
		said, done := r.said[q.Code], false
		if r.on {
			_, done = r.said[q.Code]
			if !done && !current {
				current = true
				p.Selected(sheet.X+1, qy, sheet.W-2, 46, true)
			}
		}
		mark := look.TodoMark
		if done {
			mark = look.FineMark
		}
		p.Mark(ix, qy+16, 14, mark)
		right := sheet.X + sheet.W - 16
		if done {
			right = p.Right(right, qy, 46, look.Fit(said, iw*0.4, look.Style{Bold: true}), look.Style{Bold: true}) - 12
		}
		p.TextFit(ix+26, qy+3, right-ix-26, 22, fmt.Sprintf("%d. %s", i+1, q.Said(of.Lang)), look.Style{Bold: true})
		p.TextFit(ix+26, qy+23, right-ix-26, 20, kindOf(k, q), look.Style{Size: 12, Color: p.Muted})
		qy += 48
	}
}

// kindOf is what a question is answered with, and whether it must be.
func kindOf(k *page.Kit, q desk.SurveyQuestion) string {
	need := k.T("survey.optional")
	if q.Required {
		need = k.T("survey.required")
	}
	return kinds(k)[q.Kind] + " · " + strings.ToLower(need)
}

// kinds are the kinds of question in words, by their number.
func kinds(k *page.Kit) []string {
	return []string{"", k.T("survey.scale"), k.T("survey.yesNo"), k.T("survey.nps"), k.T("survey.choice"), k.T("survey.text")}
}
