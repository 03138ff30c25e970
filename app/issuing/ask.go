package issuing

import (
	"encoding/hex"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// has tells whether a file is on this workstation.
func has(e *engine.Engine, f desk.File) bool {
	if h, ok := e.Files.(interface{ Has([32]byte) bool }); ok {
		return h.Has(f.Hash)
	}
	if e.Files == nil {
		return false
	}
	_, err := e.Files.Get(f.Hash)
	return err == nil
}

// row is what a list shows of a report.
func row(n *engine.Names, id desk.ID, v *View) app.ReportRow {
	r := app.ReportRow{ID: id, ReportOf: app.ReportOf{Definition: v.Definition, Contract: v.Contract, Period: v.Period}}
	if x := v.last(); x != nil {
		r.Name, r.Client, r.Revision, r.At, r.DueAt, r.Pages, r.Headline, r.Changed = x.Name, x.Client, x.Revision, x.At, x.DueAt, x.Pages, x.Headline, len(x.Changes)
		r.By = records.Name(n, desk.AgentType, x.By)
		r.Here = !slices.ContainsFunc(x.Files, func(f desk.File) bool { return !has(n.Engine, f) })
	}
	return r
}

func askReports(l *engine.Look, q app.Reports) (a app.ReportsAnswer, err error) {
	if !reads(l.Session.Role) {
		return a, errMayNotRead
	}
	a.Next, err = engine.Page(l.Reader, engine.Prefix(ixIssued), q.After, true, q.Limit, 50, func(id desk.ID) (any, error) {
		v, err := read(l.Reader, id)
		if err != nil || !q.Definition.IsZero() && v.Definition != q.Definition {
			return nil, err
		}
		r := row(l.Names, id, &v)
		a.Rows = append(a.Rows, r)
		return r, nil
	})
	return a, err
}

func askOneReport(l *engine.Look, q app.OneReport) (a app.OneReportAnswer, err error) {
	if !reads(l.Session.Role) {
		return a, errMayNotRead
	}
	id, of := q.Report, q.ReportOf
	if id.IsZero() {
		if of, _, _, err = found(l.Names, of); err != nil {
			return a, err
		}
		id = desk.ReportID(of.Definition, of.Contract, of.Period)
	}
	v, err := read(l.Reader, id)
	if err != nil {
		return a, err
	}
	if v.Period == "" {
		if of.Period == "" {
			return a, app.Fail(app.NotFound, "there is no such report: look at the archive again")
		}
		v.Definition, v.Contract, v.Period = of.Definition, of.Contract, of.Period
	}
	d, err := definition(l.Names, v.Definition)
	if err != nil {
		return a, err
	}
	a.Row, a.Comments = row(l.Names, id, &v), said(l.Names, d, v.Comments)
	for i, x := range v.all() {
		sent, err := mailed(l, id, x.Issued)
		if err != nil {
			return a, err
		}
		a.Issues = append(a.Issues, app.IssuedRow{Of: x.Issued, At: x.At, By: records.Name(l.Names, desk.AgentType, x.By), Twin: i >= len(v.Issues), Sent: sent})
	}
	slices.SortStableFunc(a.Issues, func(x, y app.IssuedRow) int { return y.Of.Revision - x.Of.Revision })
	return a, nil
}

// mailed counts what became of the letters of an issue.
func mailed(l *engine.Look, id desk.ID, b desk.Issued) (m app.ReportMail, err error) {
	for _, to := range b.To {
		x, err := engine.Noun[desk.Letter](l.Names, desk.LetterType, letterID(id, b.Revision, to, 0))
		switch {
		case err != nil:
			return m, err
		case x.To == "", x.State == desk.LetterDead, x.State == desk.LetterDropped:
			m.Failed++ // "": it was not written, for the desk sent no mail then
		case x.State == desk.LetterSent:
			m.Sent++
		default:
			m.Waiting++
		}
	}
	return m, nil
}

func askReportFile(l *engine.Look, q app.ReportFile) (a app.ReportFileAnswer, err error) {
	if !reads(l.Session.Role) {
		return a, errMayNotRead
	}
	v, err := read(l.Reader, q.Report)
	if err != nil {
		return a, err
	}
	for _, x := range v.all() {
		for _, f := range x.Files {
			if hex.EncodeToString(f.Hash[:]) != strings.ToLower(q.Hash) || l.Engine.Files == nil {
				continue
			}
			b, err := l.Engine.Files.Get(f.Hash)
			if err != nil {
				return a, app.Fail(app.Unavailable, "the file %s has not come to this workstation yet: try again in a moment", f.Name)
			}
			return app.ReportFileAnswer{Name: f.Name, Content: b}, nil
		}
	}
	return a, app.Fail(app.NotFound, "the report has no such file: look at the archive again")
}
