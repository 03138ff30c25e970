package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/records"
	"punto/app/spc"
)

const (
	mostShown    = 500 // proposals of one answer
	compared     = 60  // days of each side
	longestUntil = 400 // days from the making of a proposal until it is due
)

// saveProposal writes what differs. Once a proposal was due, what was expected of it
// stands: it is what it is measured by.
func saveProposal(o *engine.Op, c app.SaveProposal) (app.Receipt, error) {
	old, err := engine.Noun[desk.Proposal](o.Names, desk.ProposalType, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	p := c.Proposal
	id, k, err := records.ContractOf(o.Names, p.Contract)
	if err != nil {
		return app.Receipt{}, err
	}
	p.Contract = id
	zone, err := time.LoadLocation(cmp.Or(k.Zone, "UTC"))
	if err != nil {
		return app.Receipt{}, app.Fail(app.Invalid, "the contract %s has the unknown time zone %q: correct it", k.Code, k.Zone)
	}
	today := time.UnixMilli(o.Now).In(zone).Format(time.DateOnly)
	p.Made = cmp.Or(p.Made, old.Made, today)
	if old.Due != "" && old.Due < today && (p.Index != old.Index || p.To != old.To || p.AtLeast != old.AtLeast || p.Made != old.Made || p.Due != old.Due) {
		return app.Receipt{}, app.Fail(app.Conflict, "the proposal was due on %s: what was expected of it stands; make another one", old.Due)
	}
	if err := check(o.Names, p, today); err != nil {
		return app.Receipt{}, err
	}
	return records.Save(o, desk.ProposalType, c.ID, p, func(p desk.Proposal) error { return records.Named("proposal", p.Title) })
}

func check(n *engine.Names, p desk.Proposal, today string) error {
	made, due := day(p.Made), day(p.Due)
	switch {
	case p.Class == desk.NoClass:
		return app.Fail(app.Invalid, "say whether the proposal is proactive or corrective")
	case !isMeasured(p.Index):
		return app.Fail(app.Invalid, "an effect cannot be measured by the index %q: choose another one", p.Index)
	case math.IsNaN(p.To) || p.To < 0 || unit(p.Index) == "share" && p.To > 1:
		return app.Fail(app.Invalid, "the index cannot come to be what is expected: correct it")
	case due.IsZero():
		return app.Fail(app.Invalid, "%q is not a day: write one such as 2026-12-11", p.Due)
	case made.IsZero() || p.Made > today:
		return app.Fail(app.Invalid, "a proposal is not made on the day %q: write today or a day before", p.Made)
	case due.Before(made) || due.After(made.AddDate(0, 0, longestUntil)):
		return app.Fail(app.Invalid, "a proposal of %s is due between that day and %d days after it: correct it", p.Made, longestUntil)
	case p.State == desk.Dropped && strings.TrimSpace(p.Why) == "":
		return app.Fail(app.Invalid, "say why the proposal is dropped")
	}
	if !p.Owner.IsZero() && records.Name(n, desk.AgentType, p.Owner) == "" {
		return app.Fail(app.NotFound, "who is to see to the proposal is no agent of the desk: choose one")
	}
	if !p.Group.IsZero() && records.Name(n, desk.GroupType, p.Group) == "" {
		return app.Fail(app.NotFound, "the group that is to see to the proposal is not there: choose one")
	}
	return nil
}

// day reads a civil day, as its midnight in UTC; zero where it is none.
func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1990 || t.Year() > 2190 {
		return time.Time{}
	}
	return t
}

// measuring are the days of a proposal: before it was made, and after it was due up to
// yesterday. None where its days cannot be read, whoever wrote them.
func measuring(p desk.Proposal, today string) (before, after []string) {
	made, due := day(p.Made), day(p.Due)
	if made.IsZero() || due.IsZero() || due.Before(made) || !isMeasured(p.Index) {
		return nil, nil
	}
	for i := range compared {
		before = append(before, made.AddDate(0, 0, i-compared).Format(time.DateOnly))
		if d := due.AddDate(0, 0, i+1).Format(time.DateOnly); d < today {
			after = append(after, d)
		}
	}
	return before, after
}

func askProposals(ctx context.Context, e *engine.Engine, s engine.Session, q app.Proposals) (a app.ProposalsAnswer, err error) {
	if err := allowed(s); err != nil {
		return a, err
	}
	var contract desk.ID
	var months []string
	read := func(l *engine.Look) error { // which they are
		id, _, err := records.ContractOf(l.Names, q.Contract)
		if err != nil {
			return err
		}
		contract = id
		a.Rows, err = listed(l, id)
		today := time.UnixMilli(l.Now).UTC().Format(time.DateOnly)
		for _, r := range a.Rows {
			before, after := measuring(r.Of, today)
			for _, d := range append(before, after...) {
				months = append(months, d[:len("2006-01")])
			}
		}
		return err
	}
	if err := e.Look(ctx, s, read); err != nil {
		return a, err
	}
	slices.Sort(months)
	if err := seal(ctx, e, contract, slices.Compact(months)); err != nil {
		return a, err
	}
	err = e.Look(ctx, s, func(l *engine.Look) error {
		if a.Owed, err = l.Owed(); err != nil {
			return err
		}
		if a.Rows, err = listed(l, contract); err != nil {
			return err
		}
		d, err := month.NewDaily(l, contract)
		for i := range a.Rows {
			if err == nil {
				err = effect(d, &a.Rows[i])
			}
		}
		return err
	})
	return a, err
}

// listed are the proposals of a contract, the latest due first.
func listed(l *engine.Look, contract desk.ID) (rows []app.ProposalRow, err error) {
	for k, err := range l.Reader.Scan(engine.Prefix(records.IxRecord, desk.ProposalType), nil, true) {
		if err != nil || len(rows) == mostShown {
			return rows, err
		}
		id := engine.IDOf(k.Key)
		p, err := engine.Noun[desk.Proposal](l.Names, desk.ProposalType, id)
		if err != nil {
			return nil, err
		}
		if p.Contract != contract {
			continue
		}
		rows = append(rows, app.ProposalRow{ID: id, Of: p, Owner: records.Name(l.Names, desk.AgentType, p.Owner), Group: records.Name(l.Names, desk.GroupType, p.Group),
			Unit: unit(p.Index), Verdict: spc.Waiting.String()})
	}
	return rows, nil
}

// effect measures what a proposal brought.
func effect(d *month.Daily, r *app.ProposalRow) error {
	days := func(names []string) ([]spc.Day, error) {
		out := make([]spc.Day, 0, len(names))
		for _, name := range names {
			x, err := of(d, name, r.Of.Index)
			if err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		return out, nil
	}
	b, a := measuring(r.Of, d.Today())
	before, err := days(b)
	if err != nil {
		return err
	}
	after, err := days(a)
	if err != nil {
		return err
	}
	x, y, v := spc.Change{Of: kind(r.Of.Index), To: r.Of.To, AtLeast: r.Of.AtLeast}.Check(before, after)
	r.Before, r.After = side(x), side(y)
	if r.Verdict = v.String(); r.Of.State == desk.Dropped {
		r.Verdict = spc.Waiting.String()
	}
	return nil
}

func side(s spc.Side) app.Measured {
	return app.Measured{Num: s.X, Den: s.N, Value: known(s.Value), Low: known(s.Low), High: known(s.High), Days: s.Days}
}

// known is a number, nil where it is none.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
