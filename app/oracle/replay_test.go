package oracle_test

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/model"
	"punto/app/oracle"
	"punto/packaging/outside"
)

// A month replayed under a changed model is what the oracle says of the raw rows under
// that contract; and the cases that changed side are those of which it says so.
func TestAReplayIsWhatTheOracleSays(t *testing.T) {
	for _, l := range []struct {
		name, file, zone string
		log              oracle.Log
		months           []string
	}{
		{"italian", "italian-helpdesk/finale.csv.gz", "Europe/Rome", italian, []string{"2011-03", "2012-10", "2013-05"}},
		{"volvo", "volvo-incidents/incidents.csv.gz", "Europe/Stockholm", volvo, []string{"2012-04", "2012-05"}},
	} {
		t.Run(l.name, func(t *testing.T) {
			path, zone := outside.Path(t, l.file), location(t, l.zone)
			l.log.Zone = zone
			all, _, err := l.log.Read(path, "c")
			if err != nil {
				t.Fatal(err)
			}
			calendar := model.Calendar(l.zone)
			e := newEngine(t, l.zone, &calendar, later)
			e.importCases(path, l.name, zone)
			before, changed := promised(office(zone)), promised(office(zone))
			before.Zone = zone
			changed.Pauses = []string{"user"}
			for p, x := range changed.Promises {
				changed.Promises[p] = oracle.Promise{TakeUp: x.TakeUp / 2, Resolve: x.Resolve / 2, OLA: x.OLA / 2}
			}
			changed.Hours.Weekly[time.Saturday] = []oracle.Shift{{From: 9 * 3600, To: 13 * 3600}}
			for _, month := range l.months {
				e.replay(month, all, before, changed)
			}
		})
	}
}

// draftOf is the model in force as it would be with a contract of the oracle's.
func (e *hosted) draftOf(k oracle.Contract) []byte {
	e.Helper()
	f, problems := draft.Read(bytes.NewReader(ask[app.ModelTextAnswer](e, app.ModelText{}).File))
	if len(draft.Grave(problems)) > 0 {
		e.Fatal(problems)
	}
	for code, c := range f.Contracts {
		c.Pauses = k.Pauses
		for p, x := range k.Promises {
			c.Targets[p] = draft.Target{TakeUp: draft.Span(x.TakeUp / time.Second), Resolve: draft.Span(x.Resolve / time.Second), OLA: draft.Span(x.OLA / time.Second)}
		}
		f.Contracts[code] = c
		cal := f.Calendars[c.Calendar]
		for d, key := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
			delete(cal.Weekly, key)
			for _, s := range k.Hours.Weekly[d] {
				cal.Weekly[key] = append(cal.Weekly[key], draft.Shift(s))
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		e.Fatal(err)
	}
	return b.Bytes()
}

func (e *hosted) replay(month string, all []oracle.Case, before, changed oracle.Contract) {
	e.Helper()
	at, err := time.Parse("2006-01", month)
	if err != nil {
		e.Fatal(err)
	}
	m := oracle.Month{Contract: "c", Year: at.Year(), Month: at.Month()}
	figures := func(k oracle.Contract, cases []oracle.Case) map[string]oracle.Figure {
		return (&oracle.Desk{Contracts: map[string]oracle.Contract{"c": k}, Cases: cases}).Figures(m, later)
	}
	got := ask[app.ReplayMonthAnswer](e, app.ReplayMonth{Month: month, File: e.draftOf(changed)})
	was, is := figures(before, all), figures(changed, all)
	if float64(got.Cases) != was["cases_resolved"].Num || got.Cases == 0 {
		e.Errorf("%s: %d cases were solved, the oracle says %v", month, got.Cases, was["cases_resolved"].Num)
	}
	for _, c := range got.Clocks {
		for _, x := range []struct {
			which       string
			met, judged int
			want        oracle.Figure
		}{{"before", c.Met, c.Judged, was[c.Clock]}, {"after", c.MetThen, c.JudgedThen, is[c.Clock]}} {
			if float64(x.met) != x.want.Num || float64(x.judged) != *x.want.Den {
				e.Errorf("%s %s %s: %d of %d, the oracle says %v of %v", month, c.Clock, x.which, x.met, x.judged, x.want.Num, *x.want.Den)
			}
		}
	}
	moved := map[string]bool{}
	numbers := map[string]desk.ID{}
	for _, x := range got.Moved {
		if x.Clock != "ola" {
			moved[x.ID.String()+" "+x.Clock] = true
		}
		numbers[x.ID.String()] = x.ID
	}
	want := map[string]bool{}
	for _, k := range all {
		one := []oracle.Case{k}
		a, b := figures(before, one), figures(changed, one)
		for _, clock := range []string{"sla_take_up", "sla_resolve"} {
			if a[clock].Num != b[clock].Num || math.Abs(*a[clock].Den-*b[clock].Den) > 0 {
				want[desk.DerivedID("case", k.ID).String()+" "+clock] = true
			}
		}
	}
	if !maps.Equal(moved, want) {
		e.Errorf("%s: %d clocks changed side, the oracle says %d: %.600v and %.600v", month, len(moved), len(want), slices.Sorted(maps.Keys(moved)), slices.Sorted(maps.Keys(want)))
	}
	e.Logf("%s: %d cases, %d clocks changed side, as the oracle says", month, got.Cases, len(want))
}
