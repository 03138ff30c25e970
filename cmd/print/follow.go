package print

import (
	"context"
	"strconv"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
	"punto/reports"
)

// follow fills the pages of promises in their parts and of what follows from a month.
func follow(ctx context.Context, k app.Desk, r *reports.Month, q app.Month, now app.MonthAnswer, from, until time.Time) error {
	if err := keptParts(ctx, k, r, now); err != nil {
		return err
	}
	x, err := k.Ask(ctx, app.Escalations{From: from.UnixMilli(), Until: until.UnixMilli(), Contract: q.Contract})
	if err != nil {
		return err
	}
	for _, e := range x.(app.EscalationsAnswer).Rows {
		r.Escalated = append(r.Escalated, reports.Escalated{Clock: e.Clock, Rung: e.Rung, Fired: e.Fired, Asked: e.Asked, InTime: e.InTime, Late: e.Late, False: e.False})
	}
	if x, err = k.Ask(ctx, app.SurveyResults{Month: q.Month, Contract: q.Contract}); err != nil {
		return err
	}
	survey := x.(app.SurveyResultsAnswer)
	for _, f := range survey.Whole {
		r.Survey = append(r.Survey, surveyRow(f, r.Lang))
	}
	for _, v := range survey.Said {
		r.Remarks = append(r.Remarks, reports.Remark{Score: v.Score, Text: v.Text})
	}
	if x, err = k.Ask(ctx, app.Deviations{Month: from.Format("2006-01"), Contract: q.Contract}); err != nil {
		return err
	}
	for _, w := range x.(app.DeviationsAnswer).Rows {
		name, _ := reports.Describe(w.Of.ID, r.Lang)
		for _, e := range w.Episodes {
			if e.Found < from.Format(time.DateOnly) || e.Found >= until.Format(time.DateOnly) {
				continue // found in another part of the month that a week or day lies in
			}
			expected := e.Expected
			r.Signals = append(r.Signals, reports.Signal{Index: name.Name, From: shortDay(e.From), Until: shortDay(e.Ended), Up: e.Up, Drift: e.Drift, Value: e.Value, Expected: &expected, Unit: unit(w.Of)})
		}
	}
	if x, err = k.Ask(ctx, app.Proposals{Contract: q.Contract}); err != nil {
		return err
	}
	end := until.Format(time.DateOnly)
	for _, p := range x.(app.ProposalsAnswer).Rows {
		if p.Of.State == desk.Dropped || p.Of.Made >= end {
			continue
		}
		w, _ := reports.Describe(p.Of.Index, r.Lang)
		owner := p.Owner
		if owner == "" {
			owner = p.Group
		}
		u := reports.Unit(p.Unit)
		if p.Unit == "count" {
			u = reports.Points // by day
		}
		r.Commitments = append(r.Commitments, reports.Commitment{Title: p.Of.Title, Owner: owner, Due: shortDay(p.Of.Due), ID: p.Of.Index, Index: w.Name, Before: p.Before.Value, After: p.After.Value,
			To: p.Of.To, AtLeast: p.Of.AtLeast, Unit: u, Verdict: p.Verdict})
	}
	return nil
}

// keptParts are the promises by priority, named as the service model names them, and by
// unit.
func keptParts(ctx context.Context, k app.Desk, r *reports.Month, now app.MonthAnswer) error {
	x, err := k.Ask(ctx, app.TheModel{})
	if err != nil {
		return err
	}
	words := x.(app.TheModelAnswer).Model.Priorities
	names, ok := words[r.Lang]
	if !ok {
		names = words["es"]
	}
	called := func(priority string) string {
		if n, err := strconv.Atoi(priority); err == nil && n >= 1 && n <= len(names) && names[n-1] != "" {
			return priority + " " + names[n-1]
		}
		return priority
	}
	for _, c := range r.Cuts {
		for i := range c.List {
			if c.ID == "priorities" {
				c.List[i].Name = called(c.List[i].Name)
			}
		}
	}
	for _, what := range []string{"sla_take_up", "sla_resolve", "ola"} {
		for _, c := range now.Clocks[what] {
			name := c.Name
			if what != "ola" {
				name = called(name)
			}
			r.Kept = append(r.Kept, reports.Kept{Clock: what, Name: name, Met: c.Met, Breached: c.Breached, Excused: c.Excused, Value: c.Value})
		}
	}
	return nil
}

func surveyRow(f tally.Figure, lang string) reports.IndexRow {
	w, _ := reports.Describe(f.ID, lang)
	x := reports.IndexRow{ID: f.ID, Name: w.Name, Short: w.Short, Measures: w.Measures(), Value: f.Value, Num: f.Num, Unit: unit(f), MinN: 10, N: f.N, Median: f.Median, P90: f.P90}
	if f.Den != nil {
		x.Den = *f.Den
	}
	return x
}

// shortDay is a day such as 2026-10-05 as a table shows it: 05/10.
func shortDay(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("02/01")
}
