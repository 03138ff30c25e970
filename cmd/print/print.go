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
	if err := named(ctx, k, months); err != nil {
		return r, err
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
		r.Definitions = append(r.Definitions, reports.Definition{ID: f.ID, Name: title(f.ID), Formula: f.Means, Num: f.Num, Den: f.Den, Value: f.Value, Unit: unit(f)})
	}
	r.Hours = open(now.Open)
	return r, calls(&r, now, month)
}

func find(m app.MonthAnswer, id string) (tally.Figure, bool) {
	for _, f := range m.Indices {
		if f.ID == id {
			return f, true
		}
	}
	return tally.Figure{}, false
}

// named gives the categories of all months their Spanish names.
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
				path := strings.Split(c.Name("es"), " › ")
				top[i].Name = path[len(path)-1]
			}
		}
	}
	return nil
}

// title is the name of an index in the report; its id where it has none.
func title(id string) string {
	for _, s := range shown {
		if s.id == id {
			return s.name
		}
	}
	return id
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
		if w, ok := words[x.Name]; ok {
			x.Name = w
		}
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

// calls fills the calls by day, and the map of the mean calls offered by weekday
// and hour; -1 is an hour outside the hours agreed.
func calls(r *reports.Month, now app.MonthAnswer, month time.Time) error {
	days := map[time.Weekday]int64{}
	for d := month; d.Month() == month.Month(); d = d.AddDate(0, 0, 1) {
		days[d.Weekday()]++
	}
	for d := range r.HeatByHour {
		n := days[time.Weekday((d+1)%7)]
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
func open(week [7][24]bool) string {
	letters := []string{"L", "M", "X", "J", "V", "S", "D"}
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

// words are the names of kinds and modalities in the report.
var words = map[string]string{"incident": "incidente", "request": "solicitud", "question": "consulta", "phone": "teléfono", "email": "correo", "in_person": "en persona", "web": "web"}
