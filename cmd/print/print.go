// Package print turns the months that a desk answers into the report of a month.
package print

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"punto/app"
	"punto/app/tally"
	"punto/reports"
)

// Write makes a file of a report; to is reports.WritePDF or reports.WriteJSON.
func Write(name string, r reports.Month, to func(io.Writer, reports.Month) error) (err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o640) //nolint:gosec // the user names the folder
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return to(file, r)
}

// shown are the indices of the table of promises, in its order.
var shown = []string{"service_level_strict", "pct_abandoned", "pct_lost", "average_call_time", "asa", "solved_online", "sla_take_up", "sla_resolve", "ola", "reopen_rate"}

const historyMonths = 13

// Month asks for the month and the twelve before it, and lays them out as a report
// issued at an instant. A month that is not over is a part month, until then.
func Month(ctx context.Context, k app.Desk, q app.Month, issued time.Time) (r reports.Month, err error) {
	return In(ctx, k, q, issued, "")
}

// In is Month in a language ("" is that of the desk), with indices in the table of promises
// (none are the usual ones). The month may be a week or a day.
func In(ctx context.Context, k app.Desk, q app.Month, issued time.Time, tag string, indices ...string) (r reports.Month, err error) {
	over, err := spanOf(q.Month)
	if err != nil {
		return r, err
	}
	var months []app.MonthAnswer
	for i := historyMonths - 1; i >= 0; i-- {
		q.Month = over.name(-i)
		x, err := k.Ask(ctx, q)
		if err != nil {
			return r, err
		}
		a, ok := x.(app.MonthAnswer)
		if !ok {
			return r, fmt.Errorf("a month is answered as %T", x)
		}
		if tag != "" {
			a.Lang = tag
		}
		months = append(months, a)
	}
	now, before := months[historyMonths-1], months[historyMonths-2]
	zone, err := time.LoadLocation(now.Zone)
	if err != nil {
		return r, err
	}
	if err := named(ctx, k, months); err != nil {
		return r, err
	}
	month, end := over.from(0, zone), over.from(1, zone)
	issued = issued.In(zone).Truncate(time.Second)
	if issued.Before(month) {
		return r, fmt.Errorf("%s has not begun yet: there is nothing to report", q.Month)
	}
	inputs, err := json.Marshal(now)
	if err != nil {
		return r, err
	}
	lang := now.Lang
	r = reports.Month{Organisation: now.Desk, Client: now.Client, Contract: now.Contract, Zone: now.Zone, Span: over.of, Month: month, Lang: lang, Revision: 1,
		Period: over.days(month, end), IssuedAt: issued, DataClosed: end.Add(-time.Minute),
		Origins: counts(lang, now.Tables["origin"], before.Tables["origin"]), Types: counts(lang, now.Tables["kind"], before.Tables["kind"]),
		Modalities: counts(lang, now.Tables["modality"], before.Tables["modality"]), Frequent: counts(lang, now.Tables["category"], before.Tables["category"]),
		InputHash: fmt.Sprintf("%x", sha256.Sum256(inputs))[:16]}
	if issued.Before(end) {
		r.DataClosed = issued
	}
	if len(indices) == 0 {
		indices = shown
	}
	for _, id := range indices {
		r.Rows = append(r.Rows, indexRow(id, lang, months))
	}
	n := func(id string) int {
		f, _ := find(now, id)
		return int(f.Num)
	}
	r.Calls = reports.Flow{Offered: n("offered"), Answered: n("established"), Abandoned: n("abandoned"), Busy: n("busy"), Overflow: n("overflow"),
		Withdrawn: n("withdrawn"), ShortAbandons: n("short_abandon"), ClosedHours: n("closed_hours"), LostInMenu: n("lost_in_menu")}
	for _, f := range now.Indices {
		w, _ := reports.Describe(f.ID, lang)
		r.Definitions = append(r.Definitions, reports.Definition{ID: f.ID, Name: w.Name, Formula: w.Formula, Num: f.Num, Den: f.Den, Value: f.Value, Unit: unit(f),
			N: f.N, Median: f.Median, P90: f.P90})
	}
	for _, id := range []string{"unknown", "wait_unknown", "calls_no_contract"} {
		if c := n(id); c > 0 {
			w, _ := reports.Describe(id, lang)
			r.Quality = append(r.Quality, fmt.Sprintf("%s: %d (%s).", w.Name, c, w.Formula))
		}
	}
	for _, g := range now.Gaps {
		r.Quality = append(r.Quality, reports.Unheard(lang, g.PBX, time.UnixMilli(g.From).In(zone), time.UnixMilli(g.To).In(zone), g.Open))
	}
	if settled := end.AddDate(0, 0, now.ReopenDays); issued.Before(settled) {
		r.SettledAt = settled
	}
	r.Cases = &reports.Flowed{Opened: n("cases_opened"), Reopened: n("reopenings"), Resolved: n("resolutions"), Cancelled: n("cancellations"), After: n("backlog")}
	if f, ok := find(before, "backlog"); ok {
		r.Cases.Before = int(f.Num)
	}
	for _, x := range now.Restated {
		f, _ := find(now, x.ID)
		w, _ := reports.Describe(x.ID, lang)
		r.Restated = append(r.Restated, reports.Restated{Name: w.Name, Was: x.Was.Value, Is: x.Is.Value, Unit: unit(f), Why: reports.Why(x.Why, lang), N: x.N})
	}
	r.Hours = open(lang, now.Open)
	for i, what := range []string{"priority", "group", "site", "queue", "call_type"} {
		if list := counts(lang, now.Tables[what], before.Tables[what]); len(list) > 0 {
			r.Cuts = append(r.Cuts, reports.Cut{ID: reports.CutIDs[i], List: list})
		}
	}
	if err := follow(ctx, k, &r, q, now, month, end); err != nil {
		return r, err
	}
	return r, calls(&r, now, month, end, r.DataClosed)
}

func find(m app.MonthAnswer, id string) (tally.Figure, bool) {
	for _, f := range m.Indices {
		if f.ID == id {
			return f, true
		}
	}
	return tally.Figure{}, false
}

// named gives the categories of all months their names in the language of the report.
func named(ctx context.Context, k app.Desk, months []app.MonthAnswer) error {
	a, err := k.Ask(ctx, app.TheModel{})
	if err != nil {
		return err
	}
	model := a.(app.TheModelAnswer).Model
	for _, m := range months {
		top := m.Tables["category"]
		for i := range top {
			if c, ok := model.Category(top[i].Name); ok {
				path := strings.Split(c.Name(m.Lang), " › ")
				top[i].Name = path[len(path)-1]
			}
		}
	}
	return nil
}

func unit(f tally.Figure) reports.Unit {
	if f.Unit == "count" {
		return reports.Number
	}
	return reports.Unit(f.Unit)
}

func indexRow(id, lang string, months []app.MonthAnswer) reports.IndexRow {
	w, _ := reports.Describe(id, lang)
	x := reports.IndexRow{ID: id, Name: w.Name, Short: w.Short, Measures: w.Measures()}
	for i, m := range months {
		f, ok := find(m, id)
		if !ok {
			continue
		}
		x.History = append(x.History, f.Value)
		switch i {
		case len(months) - 2:
			x.Previous = f.Value
		case len(months) - 1:
			x.Value, x.Num, x.Unit, x.MinN = f.Value, f.Num, unit(f), 30
			x.N, x.Median, x.P90, x.Maybe = f.N, f.Median, f.P90, f.Provisional
			if f.Needs != "" {
				x.Needs = reports.Needed(f.Needs, lang)
			}
			if f.Den != nil {
				x.Den = *f.Den
			}
			if f.Target != nil {
				x.Target, x.Op = *f.Target, reports.AtMost
				if f.AtLeast {
					x.Op = reports.AtLeast
				}
			}
		}
	}
	return x
}

func counts(lang string, now, before []tally.Count) (out []reports.Count) {
	was := map[string]int{}
	for _, c := range before {
		was[c.Name] = c.N
	}
	for _, c := range now {
		x := reports.Count{Name: c.Name, N: c.N, Share: &c.Of, Cum: &c.Cum}
		x.Name = reports.Word(x.Name, lang)
		if len(before) > 0 {
			n := was[c.Name]
			x.Previous = &n
		}
		out = append(out, x)
	}
	return out
}

// calls fills the calls by day, and the map of the mean calls offered by weekday
// and hour, over the days until an instant; -1 is an hour outside the hours agreed.
func calls(r *reports.Month, now app.MonthAnswer, month, end, until time.Time) error {
	days := map[time.Weekday]int64{}
	for d := month; d.Before(end) && d.Before(until); d = d.AddDate(0, 0, 1) {
		days[d.Weekday()]++
	}
	for d := range r.HeatByHour {
		n := max(1, days[time.Weekday((d+1)%7)])
		for h := range r.HeatByHour[d] {
			r.HeatByHour[d][h] = int((now.Hours[d][h] + n/2) / n)
			if !now.Open[d][h] && now.Hours[d][h] == 0 {
				r.HeatByHour[d][h] = -1
			}
		}
	}
	for _, d := range now.Days {
		at, err := time.ParseInLocation("2006-01-02", d.Date, month.Location())
		if err != nil {
			return err
		}
		r.CallsByDay = append(r.CallsByDay, reports.Day{Date: at.Add(12 * time.Hour), Answered: d.Answered, Abandoned: d.Abandoned, Busy: d.Busy, Other: d.Other})
	}
	return nil
}

// open says the ordinary hours of a week in words: "L–V 8–18 h".
func open(lang string, week [7][24]bool) string {
	letters := reports.Letters(lang)
	span := func(d int) string {
		from, to := -1, 0
		for h, on := range week[d] {
			if on && from < 0 {
				from = h
			}
			if on {
				to = h + 1
			}
		}
		if from < 0 {
			return ""
		}
		return fmt.Sprintf("%d–%d h", from, to)
	}
	var out []string
	for d := 0; d < 7; {
		e := d
		for e+1 < 7 && week[e+1] == week[d] {
			e++
		}
		if s := span(d); s != "" {
			name := letters[d]
			if e > d {
				name += "–" + letters[e]
			}
			out = append(out, name+" "+s)
		}
		d = e + 1
	}
	return strings.Join(out, ", ")
}
