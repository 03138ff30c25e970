package month

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/surveys"
	"punto/app/tally"
)

// What a row adds to an index is the index of that row alone: an index is a ratio of sums,
// so that there is no second law of which rows are counted.

const mostRows = 1000

// behind gathers the rows of one index.
type behind struct {
	*cut
	q    app.IndexRows
	whom string // the index whose numbers are asked of a row
	sum  *tally.Accumulator
	a    *app.IndexRowsAnswer
}

func askRows(l *engine.Look, q app.IndexRows) (a app.IndexRowsAnswer, err error) {
	switch {
	case !tally.Known(q.Index):
		return a, app.Fail(app.Invalid, "there is no index %q: Month names them all", q.Index)
	case q.By != "" && (!slices.Contains(app.Cuts, q.By) || slices.Contains(uncut, q.Index)):
		return a, app.Fail(app.Invalid, "a month cannot be cut by %q: by %s", q.By, strings.Join(app.Cuts, ", "))
	case q.Skip < 0 || q.Limit < 0 || q.Limit > mostRows:
		return a, app.Fail(app.Invalid, "%d rows after %d cannot be listed: at most %d at a time", q.Limit, q.Skip, mostRows)
	case surveyed(q.Index) && (l.Session.Role == desk.AgentRole || l.Session.Role == desk.TechnicianRole):
		return a, app.Fail(app.NotAllowed, "what users answered is for supervisors and analysts: who served them does not see it")
	}
	if q.Limit == 0 {
		q.Limit = 200
	}
	m, err := newMonthSum(l, app.Month{Month: q.Month, Contract: q.Contract})
	if err != nil {
		return a, err
	}
	a.Contract = m.contract.Code
	if a.Owed, err = l.Owed(); err != nil {
		return a, err
	}
	b := &behind{cut: &cut{monthSum: m, by: q.By, parts: map[string]*part{}, agents: map[string]string{}, langs: map[string]string{}}, q: q, whom: q.Index, sum: tally.New(m.rules), a: &a}
	if err := b.gather(); err != nil {
		return a, err
	}
	for _, f := range b.sum.Figures(m.contract.Goals) {
		if f.ID == q.Index {
			a.Figure = f
		}
	}
	return a, nil
}

func surveyed(index string) bool {
	return slices.Contains([]string{"csat", "csat_mean", "nps", "response_rate"}, index)
}

// gather walks everything that an index may count.
func (b *behind) gather() error {
	switch {
	case surveyed(b.q.Index):
		return surveys.Each(b.Names, b.id, b.period, func(id desk.ID, k *desk.Case, s tally.Survey) error {
			return b.add(b.ofCaseRow(id, k, k.LastAt), "", func(sum *tally.Accumulator) { sum.AddSurvey(s) })
		})
	case slices.Contains(timeless, b.q.Index):
		end := time.UnixMilli(b.instant)
		return b.open(func(k *past, row tally.Case) error {
			key, _ := b.ofStanding(k, end)
			return b.add(b.ofCaseRow(k.id, &k.end, row.Opened.UnixMilli()), key, func(sum *tally.Accumulator) { sum.AddOpen(row, end) })
		})
	case b.q.Index == "occupancy":
		s, err := b.stay()
		if err != nil || s.SignedIn <= s.Breaks {
			return err // nobody's sessions are known: nothing to compare with
		}
		b.whom = "aht"
		b.sum.AddStay(s)
		b.put(0, (s.SignedIn.Truncate(time.Second) - s.Breaks.Truncate(time.Second)).Seconds(), func() app.IndexRow { return app.IndexRow{At: b.period.From.UnixMilli()} })
	}
	for _, p := range tally.Split(b.period, tally.CivilDay, b.zone) {
		if err := errors.Join(b.Ctx.Err(), b.gatherDay(p)); err != nil {
			return fmt.Errorf("list %s: %w", p.From.Format(time.DateOnly), err)
		}
	}
	return nil
}

func (b *behind) gatherDay(p tally.Period) error {
	return b.walk(p, &walker{
		call: func(id desk.ID, v *calls.View, row tally.Call) error {
			key, _, err := b.ofCall(v, row)
			if err != nil {
				return err
			}
			c := v.Call
			told := func() app.IndexRow {
				return app.IndexRow{Of: desk.Entity{Type: desk.CallType, ID: id}, At: c.OfferedAt.UnixMilli(), Text: c.Caller, Name: c.Queue}
			}
			return b.add(told, key, func(sum *tally.Accumulator) { sum.AddCall(row) })
		},
		opened: func(k *past, row tally.Case) error {
			key, _ := b.ofOpened(k, row)
			return b.add(b.ofCaseRow(k.id, &k.end, row.Opened.UnixMilli()), key, func(sum *tally.Accumulator) { addOpened(sum, row, p) })
		},
		resolved: func(k *past, row tally.Case) error {
			key, _ := b.ofSolved(k, row)
			return b.add(b.ofCaseRow(k.id, k.solved, row.Resolved.UnixMilli()), key, func(sum *tally.Accumulator) { addResolved(sum, row, p) })
		},
		moved: func(k *past, at int64, n tally.Moves) error {
			key, _ := b.ofStanding(k, time.UnixMilli(at))
			return b.add(b.ofCaseRow(k.id, &k.end, at), key, func(sum *tally.Accumulator) { sum.AddMoves(n) })
		}})
}

// ofCaseRow makes the row of a case, which most that are counted never need.
func (b *behind) ofCaseRow(id desk.ID, k *desk.Case, at int64) func() app.IndexRow {
	return func() app.IndexRow {
		return app.IndexRow{Of: desk.Entity{Type: desk.CaseType, ID: id}, At: at, Number: k.Number, Text: k.Subject, Name: records.Name(b.Names, desk.PersonType, k.Person)}
	}
}

// add counts a row of the part that is asked for, if the index counts it.
func (b *behind) add(row func() app.IndexRow, key string, into func(*tally.Accumulator)) error {
	if b.q.By != "" && key != b.q.Key {
		return nil
	}
	one := tally.New(b.rules)
	into(one)
	f := one.Figure(b.whom)
	den := 0.0
	if f.Den != nil && b.whom == b.q.Index {
		den = *f.Den
	}
	into(b.sum)
	if f.Num != 0 || den != 0 {
		b.put(f.Num, den, row)
	}
	return nil
}

func (b *behind) put(num, den float64, row func() app.IndexRow) {
	if b.a.Total++; b.a.Total > b.q.Skip && len(b.a.Rows) < b.q.Limit {
		r := row()
		r.Num, r.Den = num, den
		b.a.Rows = append(b.a.Rows, r)
	}
}
