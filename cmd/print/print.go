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

// shown are the indices of the first page, with their words in Spanish, the
// language of the first version of the report.
var shown = []struct{ id, name, measures string }{
	{"service_level_strict", "Nivel de servicio", "contestadas a tiempo ÷ contestadas y abandonadas"},
	{"pct_abandoned", "Llamadas abandonadas", "abandonadas ÷ ofrecidas"},
	{"pct_lost", "Llamadas perdidas", "ocupado y abandono ÷ ofrecidas"},
	{"average_call_time", "Tiempo medio de llamada", "conversación + retención"},
	{"asa", "Espera media", "espera de las contestadas"},
	{"solved_online", "Resuelto en línea", "resueltos en el mismo contacto ÷ elegibles"},
	{"sla_take_up", "Casos tomados a tiempo", "tomados a tiempo ÷ resueltos"},
	{"sla_resolve", "Casos dentro de SLA", "resueltos a tiempo ÷ resueltos"},
	{"ola", "OLA de resolutores", "derivaciones a tiempo ÷ derivaciones"},
	{"reopen_rate", "Casos reabiertos", "reabiertos ÷ resueltos"},
}

const historyMonths = 13

// Month asks for the month and the twelve before it, and lays them out.
func Month(ctx context.Context, k app.Desk, q app.Month) (r reports.Month, err error) {
	first, err := time.Parse("2006-01", q.Month)
	if err != nil {
		return r, fmt.Errorf("%q is not a month: write one such as 2026-10", q.Month)
	}
	var months []app.MonthAnswer
	for i := historyMonths - 1; i >= 0; i-- {
		q.Month = first.AddDate(0, -i, 0).Format("2006-01")
		a, err := k.Ask(ctx, q)
		if err != nil {
			return r, err
		}
		months = append(months, a.(app.MonthAnswer))
	}
	now, before := months[historyMonths-1], months[historyMonths-2]
	zone, err := time.LoadLocation(now.Zone)
	if err != nil {
		return r, err
	}
	month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, zone)
	last := month.AddDate(0, 1, -1)
	inputs, err := json.Marshal(now)
	if err != nil {
		return r, err
	}
	r = reports.Month{Organisation: now.Desk, Client: now.Client, Contract: now.Contract, Zone: now.Zone, Month: month, Lang: "es",
		Period: fmt.Sprintf("%s a %s", month.Format("02/01/2006"), last.Format("02/01/2006")), IssuedAt: last.AddDate(0, 0, 2).Add(6 * time.Hour),
		Origins: counts(now.Tables["origin"], before.Tables["origin"]), Types: counts(now.Tables["kind"], before.Tables["kind"]),
		Modalities: counts(now.Tables["modality"], before.Tables["modality"]), Frequent: counts(now.Tables["category"], before.Tables["category"]),
		InputHash: fmt.Sprintf("%x", sha256.Sum256(inputs))[:16]}
	for _, s := range shown {
		r.Rows = append(r.Rows, indexRow(s.id, s.name, s.measures, months))
	}
	n := func(id string) int {
		f, _ := find(now, id)
		return int(f.Num)
	}
	r.Calls = reports.Flow{Offered: n("offered"), Answered: n("established"), Abandoned: n("abandoned"), Busy: n("busy"), Overflow: n("overflow"),
		Withdrawn: n("withdrawn"), ShortAbandons: n("short_abandon"), ClosedHours: n("closed_hours"), LostInMenu: n("lost_in_menu")}
	for _, f := range now.Indices {
		r.Definitions = append(r.Definitions, reports.Definition{ID: f.ID, Name: f.ID, Formula: f.Means, Num: f.Num, Den: f.Den, Value: f.Value, Unit: unit(f)})
	}
	heat(&r, now.Tables["hour"], month)
	return r, nil
}

func find(m app.MonthAnswer, id string) (tally.Figure, bool) {
	for _, f := range m.Indices {
		if f.ID == id {
			return f, true
		}
	}
	return tally.Figure{}, false
}

func unit(f tally.Figure) reports.Unit {
	if f.Unit == "count" {
		return reports.Number
	}
	return reports.Unit(f.Unit)
}

func indexRow(id, name, measures string, months []app.MonthAnswer) reports.IndexRow {
	x := reports.IndexRow{ID: id, Name: name, Measures: measures}
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

func counts(now, before []tally.Count) (out []reports.Count) {
	was := map[string]int{}
	for _, c := range before {
		was[c.Name] = c.N
	}
	for _, c := range now {
		x := reports.Count{Name: c.Name, N: c.N, Share: &c.Of, Cum: &c.Cum}
		if x.Name == "" {
			x.Name = "sin dato"
		}
		if len(before) > 0 {
			n := was[c.Name]
			x.Previous = &n
		}
		out = append(out, x)
	}
	return out
}

// heat fills the map of the mean calls offered by weekday and hour.
func heat(r *reports.Month, hours []tally.Count, month time.Time) {
	days := map[time.Weekday]int{}
	for d := month; d.Month() == month.Month(); d = d.AddDate(0, 0, 1) {
		days[d.Weekday()]++
	}
	for _, c := range hours {
		t, err := time.Parse("Mon 15", c.Name)
		if err != nil {
			continue
		}
		for wd := time.Sunday; wd <= time.Saturday; wd++ {
			if wd.String()[:3] == c.Name[:3] {
				r.HeatByHour[(wd+6)%7][t.Hour()] = (c.N + days[wd]/2) / days[wd]
			}
		}
	}
}
