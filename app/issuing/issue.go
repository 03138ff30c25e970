package issuing

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/mail"
	"punto/app/records"
	"punto/app/tally"
)

// found completes what names a report: the definition, the contract and its zone.
func found(n *engine.Names, of app.ReportOf) (app.ReportOf, desk.Definition, tally.Period, error) {
	var p tally.Period
	if of.Definition.IsZero() {
		of.Definition = shippedID("monthly")
	}
	d, err := definition(n, of.Definition)
	if err != nil {
		return of, d, p, err
	}
	if d.Gone || len(d.Blocks) == 0 {
		return of, d, p, app.Fail(app.NotFound, "there is no such definition of a report: look at the list again")
	}
	id, k, err := records.ContractOf(n, of.Contract)
	if err != nil {
		return of, d, p, err
	}
	if k.Client == "" && k.Code == "" {
		return of, d, p, app.Fail(app.NotFound, "there is no such contract: look at the list again")
	}
	of.Contract = id
	zone, err := time.LoadLocation(cmp.Or(k.Zone, "UTC"))
	if err != nil {
		return of, d, p, app.Fail(app.Invalid, "the contract %s has the unknown time zone %q: correct it", k.Code, k.Zone)
	}
	if p, err = tally.PeriodOf(of.Period, zone); err != nil || cycleOf(of.Period) != d.Cycle {
		return of, d, p, app.About("period", app.Fail(app.Invalid, "%q is no time that this report is of: write one such as %s", of.Period, examples[d.Cycle]))
	}
	return of, d, p, nil
}

var examples = map[desk.Cycle]string{desk.Monthly: "2026-10", desk.Weekly: "2026-W41", desk.Daily: "2026-10-05"}

// cycleOf is the cycle that a well-formed period is of.
func cycleOf(period string) desk.Cycle {
	switch {
	case strings.Contains(period, "W"):
		return desk.Weekly
	case len(period) == len(time.DateOnly):
		return desk.Daily
	}
	return desk.Monthly
}

func commentReport(o *engine.Op, c app.CommentReport) (app.Receipt, error) {
	if !issues(o.Session.Role) {
		return app.Receipt{}, errMayNot
	}
	of, d, _, err := found(o.Names, c.ReportOf)
	if err != nil {
		return app.Receipt{}, err
	}
	c.Text = strings.TrimSpace(c.Text)
	if utf8.RuneCountInString(c.Text) > mostComment {
		return app.Receipt{}, app.About("text", app.Fail(app.Invalid, "a comment has at most %d characters: shorten it", mostComment))
	}
	if c.Part != "" && c.Text != "" && !slices.ContainsFunc(d.Blocks, func(b desk.Block) bool { return b.Part == c.Part }) {
		return app.Receipt{}, app.About("part", app.Fail(app.Invalid, "the report has no part %q: choose one of its parts", c.Part))
	}
	id := desk.ReportID(of.Definition, of.Contract, of.Period)
	t, err := o.Open(entity(id))
	if err != nil {
		return app.Receipt{}, err
	}
	said := t.Current().(*View).Comments
	i := slices.IndexFunc(said, func(x comment) bool { return x.Part == c.Part && x.By == o.Session.Agent })
	switch {
	case i < 0 && c.Text == "", i >= 0 && said[i].Text == c.Text:
		return app.Receipt{ID: id}, nil
	case i < 0 && len(said) >= mostComments:
		return app.Receipt{}, app.Fail(app.Invalid, "the report has %d comments already: change one of them", mostComments)
	}
	err = o.Emit(desk.ReportCommented, entity(id), desk.Commented{Definition: of.Definition, Contract: of.Contract, Period: of.Period, Part: c.Part, Text: c.Text})
	return o.Receipt(id), err
}

func issueReport(ctx context.Context, e *engine.Engine, s engine.Session, c app.IssueReport) (app.Receipt, error) {
	if !issues(s.Role) {
		return app.Receipt{}, errMayNot
	}
	return Issue(ctx, e, s, c, 0)
}

// Issue makes the next revision of a report and keeps it for ever; dueAt is when a schedule
// wants it, which wants the first one alone. The files lie there before the event that
// names them: who is killed between the two makes them again.
func Issue(ctx context.Context, e *engine.Engine, s engine.Session, c app.IssueReport, dueAt int64) (app.Receipt, error) {
	x, press, err := pressOf(e)
	if err != nil {
		return app.Receipt{}, err
	}
	x.turn.Lock()
	defer x.turn.Unlock()
	j, was, err := prepare(ctx, e, s, &c.ReportOf, dueAt)
	if err != nil || j.Revision == 0 {
		return app.Receipt{ID: desk.ReportID(c.Definition, c.Contract, c.Period)}, err
	}
	d, err := press(ctx, e, j)
	if err != nil {
		return app.Receipt{}, err
	}
	if len(d.Figures) > mostFigures {
		d.Figures = d.Figures[:mostFigures]
	}
	b := desk.Issued{Definition: c.Definition, Contract: c.Contract, Period: c.Period, Revision: j.Revision, Name: d.Name, Client: d.Client, Lang: d.Lang, Headline: d.Headline,
		Inputs: d.Inputs, Figures: d.Figures, DueAt: dueAt}
	if was != nil {
		b.Changes = Changes(was.Figures, d.Figures)
		if len(b.Changes) == 0 && !slices.ContainsFunc(j.Comments, func(c app.ReportComment) bool { return c.At > was.At }) {
			return app.Receipt{}, app.Fail(app.Conflict, "nothing has changed since revision %d of the report: it stands", was.Revision)
		}
	}
	if c.Send || dueAt > 0 {
		b.To = j.Definition.To
	}
	made, pages, err := d.Print(b.Changes)
	if err != nil {
		return app.Receipt{}, err
	}
	b.Pages = pages
	for _, m := range made {
		h, err := e.Files.Put(m.Bytes)
		if errors.Is(err, desk.ErrFull) {
			return app.Receipt{}, app.Fail(app.DiskFull, "there is little space left on the disk of this workstation: no report is issued until some is freed")
		}
		if err != nil {
			return app.Receipt{}, err
		}
		b.Files = append(b.Files, desk.File{Hash: h, Name: m.Name, Size: int64(len(m.Bytes))})
	}
	if !sound(&b) {
		return app.Receipt{}, app.Fail(app.Internal, "the report %s came out in %d files that cannot be kept", c.Period, len(b.Files))
	}
	return e.Update(ctx, s, func(o *engine.Op) (app.Receipt, error) { return keep(o, b) })
}

// prepare looks up what a revision is made of; no revision where the schedule's was made.
func prepare(ctx context.Context, e *engine.Engine, s engine.Session, of *app.ReportOf, dueAt int64) (j Job, was *issue, err error) {
	err = e.Look(ctx, s, func(l *engine.Look) error {
		full, d, p, err := found(l.Names, *of)
		if err != nil {
			return err
		}
		*of = full
		if owed, err := l.Owed(); err != nil || owed > 0 {
			return cmp.Or(err, app.Fail(app.Unavailable, "%d events of other workstations are still being derived: try again in a moment", owed))
		}
		if p.From.UnixMilli() > l.Now {
			return app.Fail(app.Invalid, "%s has not begun yet: there is nothing to report", of.Period)
		}
		v, err := read(l.Reader, desk.ReportID(of.Definition, of.Contract, of.Period))
		if err != nil {
			return err
		}
		if was = v.last(); was != nil && dueAt > 0 {
			return nil
		}
		j = Job{Definition: d, Contract: of.Contract, Period: of.Period, Revision: 1, IssueAt: l.Now, Comments: said(l.Names, d, v.Comments)}
		if was != nil {
			j.Revision = was.Revision + 1
		}
		if j.Revision > mostRevisions {
			return app.Fail(app.Conflict, "the report has %d revisions, and no more are kept", mostRevisions)
		}
		return nil
	})
	return j, was, err
}

// said are comments in the order of the definition's parts, those of the whole first.
func said(n *engine.Names, d desk.Definition, cs []comment) (out []app.ReportComment) {
	for _, c := range cs {
		out = append(out, app.ReportComment{Part: c.Part, Text: c.Text, By: c.By, Author: records.Name(n, desk.AgentType, c.By), At: c.At})
	}
	place := func(c app.ReportComment) int {
		return slices.IndexFunc(d.Blocks, func(b desk.Block) bool { return b.Part == c.Part })
	}
	slices.SortStableFunc(out, func(a, b app.ReportComment) int { return cmp.Compare(place(a), place(b)) })
	return out
}

// keep writes a revision, and the letters to whom it is mailed.
func keep(o *engine.Op, b desk.Issued) (app.Receipt, error) {
	id := desk.ReportID(b.Definition, b.Contract, b.Period)
	t, err := o.Open(entity(id))
	if err != nil {
		return app.Receipt{}, err
	}
	if last := t.Current().(*View).last(); last != nil && last.Revision >= b.Revision {
		if b.DueAt > 0 {
			return app.Receipt{ID: id}, nil
		}
		return app.Receipt{}, app.Fail(app.Conflict, "revision %d of the report was issued meanwhile: look at it first", last.Revision)
	}
	if err := o.Emit(desk.ReportIssued, entity(id), b); err != nil {
		return app.Receipt{}, err
	}
	r := o.Receipt(id)
	for _, to := range b.To {
		if err := write(o, b, to, 0); err != nil {
			return app.Receipt{}, err
		}
	}
	return r, nil
}

// Changes are the figures that differ between two issues, in the order of the second;
// then those that there are no more. Values are compared unrounded.
func Changes(was, is []desk.Printed) (out []desk.Changed) {
	old := map[string]desk.Printed{}
	for _, f := range was {
		old[f.ID] = f
	}
	for _, f := range is {
		o, known := old[f.ID]
		delete(old, f.ID)
		if known && same(o.Value, f.Value) && o.Num == f.Num && same(o.Den, f.Den) || !known && f.Value == nil {
			continue
		}
		if len(out) < mostChanges {
			out = append(out, desk.Changed{ID: f.ID, Name: f.Name, Unit: f.Unit, Was: o.Value, Is: f.Value})
		}
	}
	for _, f := range was {
		if _, gone := old[f.ID]; gone && f.Value != nil && len(out) < mostChanges {
			out = append(out, desk.Changed{ID: f.ID, Name: f.Name, Unit: f.Unit, Was: f.Value})
		}
	}
	return out
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b || math.IsNaN(*a) && math.IsNaN(*b)
}

func sendReport(o *engine.Op, c app.SendReport) (app.Receipt, error) {
	if !issues(o.Session.Role) {
		return app.Receipt{}, errMayNot
	}
	v, err := read(o.Tx, c.Report)
	if err != nil {
		return app.Receipt{}, err
	}
	i := slices.IndexFunc(v.Issues, func(x issue) bool { return x.Revision == c.Revision })
	if i < 0 {
		return app.Receipt{}, app.Fail(app.NotFound, "there is no revision %d of that report: look at the archive again", c.Revision)
	}
	to, err := addresses(c.To)
	if err != nil {
		return app.Receipt{}, err
	}
	if len(to) == 0 {
		return app.Receipt{}, app.About("to", app.Fail(app.Invalid, "nobody is named to whom the report is to be mailed: write an address"))
	}
	for _, a := range to {
		can, err := mail.Reaches(o.Names, a)
		if err != nil {
			return app.Receipt{}, err
		}
		if !can {
			return app.Receipt{}, app.Fail(app.Conflict, "the desk sends no mail: an administrator says by which server it goes")
		}
		if err := write(o, v.Issues[i].Issued, a, o.Now); err != nil {
			return app.Receipt{}, err
		}
	}
	return o.Receipt(c.Report), nil
}
