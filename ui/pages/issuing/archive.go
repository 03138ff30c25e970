package issuing

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// shelf is the archive: the reports that were issued, and the marked one's revisions.
type shelf struct {
	x     *press
	k     *page.Kit
	table *page.Table[app.ReportRow]
	one   *app.OneReportAnswer // of the marked row
	rev   int                  // which of its issues is shown
	asked page.Latest
}

func newShelf(x *press) *shelf {
	s := &shelf{x: x, k: x.k}
	s.relabel()
	return s
}

// relabel makes the list in the words of the window.
func (s *shelf) relabel() {
	k := s.k
	s.table = page.NewTable(k, k.T("reports.archive"), [2]string{k.T("reports.none"), k.T("reports.noneHint")}, s.row,
		look.Column{Title: k.T("reports.period"), Width: 96, Least: 90}, look.Column{Title: k.T("reports.report")}, look.Column{Title: k.T("reports.client"), Width: 170, Least: 100},
		look.Column{Title: k.T("reports.revision"), Width: 78, Least: 60, Right: true}, look.Column{Title: k.T("reports.issuedAt"), Width: 120, Least: 100}, look.Column{Title: k.T("reports.by"), Width: 120, Least: 90})
	s.table.Same = func(a, b app.ReportRow) bool { return a.ID == b.ID }
	s.table.Fetch = func(after []byte, use func([]app.ReportRow, []byte)) {
		page.Ask(k, app.Reports{After: after, Limit: page.PageRows}, func(a app.ReportsAnswer) { use(a.Rows, a.Next); s.look() })
	}
	selected := s.table.List.OnSelect
	s.table.List.OnSelect = func(i int) { selected(i); s.rev = 0; s.look() }
	s.table.Open = func(app.ReportRow) { s.open("") }
}

// look asks for the marked report.
func (s *shelf) look() {
	r, ok := s.table.Selected()
	if !ok {
		s.one = nil
		return
	}
	if s.one != nil && s.one.Row.ID != r.ID {
		s.one = nil
	}
	page.AskLatest(s.k, &s.asked, app.OneReport{Report: r.ID}, func(a app.OneReportAnswer) {
		s.one, s.rev = &a, min(s.rev, max(0, len(a.Issues)-1))
		s.k.Refresh()
	})
}

// shown is the issue whose files are shown; nil = there is none.
func (s *shelf) shown() *app.IssuedRow {
	if s.one == nil || s.rev >= len(s.one.Issues) {
		return nil
	}
	return &s.one.Issues[s.rev]
}

func (s *shelf) row(p *look.Painter, r app.ReportRow, y, h float32, xs []float32) {
	k, muted := s.k, look.Style{Color: p.Muted}
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	p.TextFit(xs[0], y, cut(0), h, r.Period, look.Style{Bold: true})
	p.TextFit(xs[1], y, cut(1), h, r.Name, look.Style{})
	p.TextFit(xs[2], y, cut(2), h, r.Client, muted)
	p.Right(xs[4]-14, y, h, fmt.Sprint(r.Revision), look.Style{})
	p.TextFit(xs[4], y, cut(4), h, k.At(time.UnixMilli(r.At)), muted)
	x := xs[5]
	if !r.Here {
		p.Mark(x, y+h/2-7, 14, look.WatchMark)
		x += 20
	}
	p.TextFit(x, y, xs[6]-x-6, h, s.by(r.By, r.DueAt), muted)
}

// by is who issued a report.
func (s *shelf) by(name string, dueAt int64) string {
	if name == "" && dueAt > 0 {
		return s.k.T("reports.bySchedule")
	}
	return name
}

func (s *shelf) actions() []page.Action {
	k, x := s.k, s.shown()
	none := ""
	if x == nil {
		none = k.T("reports.pick")
	}
	off := s.x.off()
	if off == "" {
		off = none
	}
	as := []page.Action{{Key: "F10", Word: k.T("reports.open"), Primary: true, Off: none, Do: func() { s.open("") }},
		{Key: "F6", Word: k.T("reports.saveAs"), Off: none, Do: s.save}, {Key: "F8", Word: k.T("reports.send"), Off: off, Do: s.send}, {Key: "F9", Word: k.T("reports.again"), Off: off, Do: s.again}}
	if s.one != nil && len(s.one.Issues) > 1 {
		as = append(as, page.Action{Key: "Alt ←", Word: k.T("reports.older"), Do: func() { s.step(1) }}, page.Action{Key: "Alt →", Word: k.T("reports.newer"), Do: func() { s.step(-1) }})
	}
	return as
}

func (s *shelf) step(n int) {
	if s.one != nil {
		s.rev = min(max(0, s.rev+n), len(s.one.Issues)-1)
		s.k.Refresh()
	}
}

// fetch gets a file of the shown issue.
func (s *shelf) fetch(f desk.File, use func(app.ReportFileAnswer)) {
	page.Ask(s.k, app.ReportFile{Report: s.one.Row.ID, Hash: fmt.Sprintf("%x", f.Hash)}, use)
}

// pdf is the paper of the shown issue, else its first file.
func (s *shelf) pdf() (desk.File, bool) {
	x := s.shown()
	if x == nil || len(x.Of.Files) == 0 {
		return desk.File{}, false
	}
	if i := slices.IndexFunc(x.Of.Files, func(f desk.File) bool { return strings.HasSuffix(f.Name, ".pdf") }); i >= 0 {
		return x.Of.Files[i], true
	}
	return x.Of.Files[0], true
}

// open shows a file of the shown issue in the system's program for it: the paper, where
// none is named.
func (s *shelf) open(name string) {
	f, ok := s.pdf()
	if !ok || s.x.tools.Open == nil {
		return
	}
	for _, g := range s.shown().Of.Files {
		if g.Name == name {
			f = g
		}
	}
	s.fetch(f, func(a app.ReportFileAnswer) { s.x.show(a.Name, a.Content) })
}

// show has the system show a file.
func (x *press) show(name string, content []byte) {
	k := x.k
	go func() {
		at, opened, err := x.tools.Open(name, content)
		k.Post(func() {
			switch {
			case err != nil:
				k.Failed(err)
			case !opened:
				k.Tell(k.T("reports.saved", "File", at), false)
			}
		})
	}()
}

// save asks where to, and writes the files of the shown issue there.
func (s *shelf) save() {
	x := s.shown()
	if x == nil {
		return
	}
	k := s.k
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	q := k.Question(k.T("reports.where"), nil, 0, k.T("reports.whereHint"), home, func(_ int, dir string) {
		for _, f := range x.Of.Files {
			s.fetch(f, func(a app.ReportFileAnswer) {
				go func() {
					name := filepath.Join(strings.TrimSpace(dir), filepath.Base(a.Name))
					err := os.WriteFile(name, a.Content, 0o600)
					k.Post(func() {
						if err != nil {
							k.Tell(k.T("reports.notSaved", "File", name), true)
							return
						}
						k.Tell(k.T("reports.saved", "File", name), false)
					})
				}()
			})
		}
	})
	k.Focus(q.Field)
}

// send asks to whom, and mails the shown issue.
func (s *shelf) send() {
	x := s.shown()
	if x == nil {
		return
	}
	k, id, n := s.k, s.one.Row.ID, x.Of.Revision
	q := k.Question(k.T("reports.sendTo", "Revision", n), nil, 0, k.T("reports.sendHint"), strings.Join(x.Of.To, ", "), func(_ int, to string) {
		k.Do(app.SendReport{Report: id, Revision: n, To: strings.Split(to, ",")}, func(app.Receipt) { k.Tell(k.T("reports.sent"), false); s.x.Changed() }, nil)
	})
	k.Focus(q.Field)
}

// again issues the next revision of the marked report.
func (s *shelf) again() {
	if s.one == nil || s.x.defs == nil {
		return
	}
	of := s.one.Row.ReportOf
	var d desk.Definition
	if i := slices.IndexFunc(s.x.defs.Rows, func(r app.DefinitionRow) bool { return r.ID == of.Definition }); i >= 0 {
		d = s.x.defs.Rows[i].Of
	}
	s.x.issue(d, []app.ReportOf{of})
}

// issue asks whether reports are to be issued, and mailed: what is issued stands for ever.
func (x *press) issue(d desk.Definition, all []app.ReportOf) {
	k := x.k
	if x.build.busy != "" {
		return
	}
	options := []string{k.T("reports.issueOnly")}
	if len(d.To) > 0 {
		options = []string{k.Words.N("reports.issueSend", len(d.To)), k.T("reports.issueOnly")}
	}
	k.Question(k.T("reports.issueThis", "Period", all[0].Period), options, 0, "", "", func(i int, _ string) {
		if i > 0 {
			x.issueEach(all, i == 1 && len(d.To) > 0)
			x.k.Focus(x.First())
		}
	})
}

// issueEach has reports issued one after the other.
func (x *press) issueEach(all []app.ReportOf, send bool) {
	k, of := x.k, all[0]
	x.build.busy = k.T("reports.issuing", "Period", of.Period)
	k.Refresh()
	k.Do(app.IssueReport{ReportOf: of, Send: send}, func(app.Receipt) {
		x.build.busy = ""
		if len(all) > 1 {
			x.issueEach(all[1:], send)
			return
		}
		k.Tell(k.T("reports.issued", "Period", of.Period), false)
		x.shelf.rev = 0
		x.Changed()
	}, func(error) { x.build.busy = ""; k.Refresh() })
}

func (s *shelf) draw(p *look.Painter, r page.Rect) {
	k := s.k
	p.TextFit(page.Margin, r.Y+8, r.W-2*page.Margin, 30, k.T("reports.archive"), look.Style{Size: 20, Bold: true, Color: p.Ink})
	p.TextFit(page.Margin, r.Y+36, r.W-2*page.Margin, 24, s.headline(), look.Style{Size: 16, Bold: true, Color: p.Ink})
	y := r.Y + 68
	s.table.List.RowH = k.RowHeight()
	s.x.fold(p, page.At(page.Margin, y, r.W-2*page.Margin, r.Y+r.H-y-12), []string{k.T("reports.archive"), k.T("reports.revisions")}, []float32{0, 516}, func(p *look.Painter, r page.Rect) {
		p.CardBox(r.X, r.Y, r.W, r.H, false)
		p.Place(s.table.List, r.X+1, r.Y+2, r.W-2, r.H-4)
	}, s.drawOne)
}

// headline says how many there are, and what waits.
func (s *shelf) headline() string {
	k := s.k
	late := ""
	if s.x.defs != nil {
		for _, d := range s.x.defs.Rows {
			if d.LateAt > 0 {
				late = k.T("reports.lateOne", "Name", d.Of.Name(k.Words.Lang), "Period", d.Late, "At", k.At(time.UnixMilli(d.LateAt)))
				break
			}
		}
	}
	if late != "" {
		return late
	}
	if len(s.table.Rows) == 0 {
		return k.T("reports.noneYet")
	}
	r := s.table.Rows[0]
	return k.T("reports.lastOne", "Name", r.Name, "Period", r.Period, "At", k.At(time.UnixMilli(r.At)))
}

// drawOne is the marked report: an issue with its files, what it changes and to whom it
// went.
func (s *shelf) drawOne(p *look.Painter, r page.Rect) {
	k, x := s.k, s.shown()
	if x == nil {
		in := title(p, r, k.T("reports.revisions"), "")
		p.Empty(in.X, in.Y, in.W, k.T("reports.pick"), k.T("reports.noneHint"))
		return
	}
	in := title(p, r, k.T("reports.revisionN", "N", x.Of.Revision, "Of", s.one.Row.Revision), k.At(time.UnixMilli(x.At))+" · "+s.by(x.By, x.Of.DueAt))
	y, end := in.Y, in.Y+in.H
	st := look.Style{Size: 12, Color: p.Muted}
	line := func(mark look.Mark, text string, style look.Style) {
		if y+20 > end {
			return
		}
		at := in.X
		if mark != look.NoMark {
			p.Mark(at, y+4, 12, mark)
			at += 20
		}
		p.TextFit(at, y, in.X+in.W-at, 20, text, style)
		y += 22
	}
	head := func(text string) {
		if y+44 > end {
			return
		}
		y += 6
		p.TextFit(in.X, y, in.W, 20, text, look.Style{Bold: true, Color: p.Ink})
		y += 24
	}
	if x.Twin {
		line(look.WatchMark, k.T("reports.twin"), look.Style{Bold: true})
	}
	if late := time.Duration(x.At-x.Of.DueAt) * time.Millisecond; x.Of.DueAt > 0 && late > time.Hour {
		line(look.WatchMark, k.T("reports.ranLate", "At", k.At(time.UnixMilli(x.Of.DueAt)), "Late", page.Span(late)), look.Style{Bold: true})
	}
	p.Paragraph(in.X, y, in.W, 40, x.Of.Headline, look.Style{})
	y += 22 * float32(min(2, len(look.Lines(x.Of.Headline, in.W, look.Style{}))))
	line(look.NoMark, k.T("reports.prints", "Pages", x.Of.Pages, "Figures", len(x.Of.Figures), "Hash", x.Of.Inputs), st)
	switch m := x.Sent; {
	case m.Failed > 0:
		line(look.FailMark, k.T("reports.mailed", "Sent", m.Sent, "All", m.Sent+m.Waiting+m.Failed), look.Style{})
	case m.Waiting > 0:
		line(look.WatchMark, k.T("reports.mailed", "Sent", m.Sent, "All", m.Sent+m.Waiting), look.Style{})
	case m.Sent > 0:
		line(look.FineMark, k.T("reports.mailed", "Sent", m.Sent, "All", m.Sent), look.Style{})
	}
	head(k.T("reports.files"))
	for _, f := range x.Of.Files {
		if y+26 > end {
			break
		}
		p.TextFit(in.X, y, in.W-90, 22, f.Name, look.Style{Color: p.Accent})
		p.Right(in.X+in.W, y, 22, k.Size(f.Size), st)
		p.Tap(in.X, y, in.W, 22, func() { s.open(f.Name) })
		y += 24
	}
	if x.Of.Revision > 1 {
		head(k.Words.N("reports.changes", len(x.Of.Changes)))
		for i, c := range x.Of.Changes {
			if y+44 > end && i < len(x.Of.Changes)-1 {
				line(look.NoMark, k.T("reports.more", "N", len(x.Of.Changes)-i), st)
				break
			}
			if y+20 > end {
				break
			}
			p.TextFit(in.X, y, in.W-190, 20, c.Name, look.Style{})
			at := p.Right(in.X+in.W, y, 20, s.amount(c.Is, c.Unit), look.Style{Bold: true, Color: p.Ink})
			p.Right(at-8, y, 20, s.amount(c.Was, c.Unit)+" →", st)
			y += 22
		}
	}
	if len(s.one.Comments) > 0 && s.rev == 0 {
		head(k.T("reports.comments"))
		for _, c := range s.one.Comments {
			line(look.NoMark, s.x.partName(c.Part)+" · "+c.Author+": "+strings.ReplaceAll(c.Text, "\n", " "), st)
		}
	}
}

// amount is a figure as people read it.
func (s *shelf) amount(v *float64, unit string) string {
	if v == nil {
		return "-"
	}
	if unit == "" || unit == "points" {
		return reports.Digits(s.k.Words.Lang, *v, 0)
	}
	if unit == "score" {
		return reports.Digits(s.k.Words.Lang, *v, 2)
	}
	return page.Figure(s.k.Words.Lang, *v, unit)
}
