package oracle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/oracle"
	"punto/app/tally"
)

// cutKeys are the parts to which the oracle's own words for a call lead.
var cutKeys = map[string]func(c oracle.Call, zone *time.Location) string{
	"day": func(c oracle.Call, zone *time.Location) string { return c.At.In(zone).Format("2006-01-02") },
	"half_hour": func(c oracle.Call, zone *time.Location) string {
		at := c.At.In(zone)
		return fmt.Sprintf("%s:%s", at.Format("15"), map[bool]string{true: "30", false: "00"}[at.Minute() >= 30])
	},
	"weekday": func(c oracle.Call, zone *time.Location) string {
		return fmt.Sprint(slices.Index([]time.Weekday{1, 2, 3, 4, 5, 6, 0}, c.At.In(zone).Weekday()) + 1)
	},
	"queue": func(c oracle.Call, _ *time.Location) string { return c.Queue },
}

// ofCalls are the indices that follow from a call alone, without what came before and after.
func ofCalls(id string) bool {
	return slices.Contains([]string{"offered", "established", "abandoned", "short_abandon", "busy", "overflow", "withdrawn", "lost", "closed_hours", "pct_lost", "pct_abandoned",
		"service_level_strict", "service_level_asterisk1", "service_level_asterisk2", "asa", "wait_abandoned", "average_call_time", "aht", "longest_wait"}, id)
}

// cutsAgree compares every part of every cut of the calls of a month with what the oracle
// says of the calls of that part alone.
func (e *hosted) cutsAgree(month string, d *oracle.Desk) (figures int, all []string) {
	e.Helper()
	contract := d.Contracts["c"]
	at, err := time.Parse("2006-01", month)
	if err != nil {
		e.Fatal(err)
	}
	for by, key := range cutKeys {
		a := ask[app.MonthByAnswer](e, app.MonthBy{Month: month, By: by})
		parts := map[string][]oracle.Call{}
		for _, c := range d.Calls {
			if c.At.In(contract.Zone).Format("2006-01") == month {
				parts[key(c, contract.Zone)] = append(parts[key(c, contract.Zone)], c)
			}
		}
		if len(parts) != len(a.Rows) {
			all = append(all, fmt.Sprintf("%s by %s: %d parts, and by hand %d", month, by, len(a.Rows), len(parts)))
		}
		for _, r := range a.Rows {
			if r.Calls != len(parts[r.Key]) {
				all = append(all, fmt.Sprintf("%s by %s: %d calls of %q, and by hand %d", month, by, r.Calls, r.Key, len(parts[r.Key])))
				continue
			}
			alone := *d
			alone.Calls = parts[r.Key]
			want := alone.Figures(oracle.Month{Contract: "c", Year: at.Year(), Month: at.Month()}, later)
			for id := range want {
				if !ofCalls(id) {
					delete(want, id)
				}
			}
			ds, n := compare(want, byID(app.MonthAnswer{Indices: r.Figures}))
			figures += n
			for _, x := range ds {
				all = append(all, fmt.Sprintf("%s by %s %q: %s %s: the oracle says %v, the engine %v", month, by, r.Key, x.id, x.part, x.want, x.engine))
			}
		}
	}
	return figures, all
}

// caseKeys are the parts to which the oracle's own words for a case lead.
var caseKeys = map[string]func(category, group string, priority int) string{
	"category": func(category, _ string, _ int) string { return category },
	"group":    func(_, group string, _ int) string { return group },
	"priority": func(_, _ string, priority int) string {
		return strings.TrimPrefix(fmt.Sprint(priority), "0")
	},
}

// ofCases are the indices that follow from cases alone.
func ofCases(id string) bool {
	return !ofCalls(id) && !strings.Contains(id, " by ") && !slices.Contains([]string{"lost_in_menu", "unknown", "calls_no_contract", "wait_unknown", "wrap_up_capped", "pct_abandoned_of_queued", "callbacks_returned",
		"callback_time", "occupancy", "csat", "csat_mean", "nps", "response_rate"}, id)
}

// caseCuts compares every part of a cut of a month with what the oracle says of its cases
// alone.
func caseCuts(a app.MonthByAnswer, d *oracle.Desk, m oracle.Month, asked time.Time) (figures int, all []string) {
	key := caseKeys[a.By]
	for _, r := range a.Rows {
		alone := *d
		alone.Of = func(category, group string, priority int) bool { return key(category, group, priority) == r.Key }
		want := alone.Figures(m, asked)
		for id := range want {
			if !ofCases(id) {
				delete(want, id)
			}
		}
		ds, n := compare(want, byID(app.MonthAnswer{Indices: r.Figures}))
		figures += n
		for _, x := range ds {
			all = append(all, fmt.Sprintf("%s by %s %q: %s %s: the oracle says %v, the engine %v", a.Month, a.By, r.Key, x.id, x.part, x.want, x.engine))
		}
	}
	return figures, all
}

func sameDen(a, b *float64) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// cutWhole checks that the parts of a cut are the month: the whole of it is, and what is
// counted adds up.
func cutWhole(x app.MonthByAnswer, month []tally.Figure) (wrong []string) {
	sums, has := map[string]float64{}, map[string]bool{}
	for _, r := range x.Rows {
		for _, f := range r.Figures {
			if f.Unit == "count" {
				sums[f.ID] += f.Num
			}
			has[f.ID] = true
		}
	}
	whole := map[string]tally.Figure{}
	for _, w := range x.Whole {
		whole[w.ID] = w
	}
	for _, m := range month {
		w, cut := whole[m.ID]
		switch {
		case !cut && !slices.Contains([]string{"occupancy", "csat", "csat_mean", "nps", "response_rate"}, m.ID):
			wrong = append(wrong, fmt.Sprintf("by %s there is no %s", x.By, m.ID))
		case cut && (w.Num != m.Num || !sameDen(w.Den, m.Den)):
			wrong = append(wrong, fmt.Sprintf("by %s the whole has %s %v, and the month %v", x.By, w.ID, w.Num, m.Num))
		case cut && w.Unit == "count" && has[w.ID] && sums[w.ID] != w.Num:
			wrong = append(wrong, fmt.Sprintf("by %s the parts of %s add up to %v, and the whole is %v", x.By, w.ID, sums[w.ID], w.Num))
		}
	}
	return wrong
}

// rowsBehind checks that the rows of an index add up to it, taken in pages of three, and that
// none of them adds nothing.
func rowsBehind(ask func(app.IndexRows) app.IndexRowsAnswer, q app.IndexRows, f tally.Figure) (wrong []string) {
	num, den, n, total := 0.0, 0.0, 0, 0
	for q.Limit = 3; ; q.Skip += 3 {
		a := ask(q)
		for _, r := range a.Rows {
			if num, den, n = num+r.Num, den+r.Den, n+1; r.Num == 0 && r.Den == 0 {
				wrong = append(wrong, fmt.Sprintf("a row of %s adds nothing: %+v", f.ID, r))
			}
		}
		if total = a.Total; len(a.Rows) < 3 {
			if a.Figure.Num != f.Num || !sameDen(a.Figure.Den, f.Den) {
				wrong = append(wrong, fmt.Sprintf("the rows of %s %s %q tell of %v, and the index is %v", f.ID, q.By, q.Key, a.Figure.Num, f.Num))
			}
			break
		}
	}
	if num != f.Num || f.Den != nil && den != *f.Den || n != total {
		wrong = append(wrong, fmt.Sprintf("%d of %d rows of %s %s %q add up to %v of %v, and the index is %v of %v", n, total, f.ID, q.By, q.Key, num, den, f.Num, number(f.Den)))
	}
	return wrong
}

// A cut that there is not is refused with those that there are.
func TestACutThatThereIsNot(t *testing.T) {
	e := newEngine(t, "America/Lima", nil, later)
	if _, err := e.Engine.Ask(e.Owner(t.Context()), app.MonthBy{Month: "2026-10", By: "colour"}); app.CodeOf(err) != app.Invalid || !strings.Contains(err.Error(), "half_hour") {
		t.Error(err)
	}
	for _, by := range app.Cuts {
		if _, err := e.Engine.Ask(e.Owner(t.Context()), app.MonthBy{Month: "2026-10", By: by}); err != nil {
			t.Errorf("by %s: %v", by, err)
		}
	}
	if _, err := e.Engine.Ask(e.Owner(t.Context()), app.MonthBy{Month: "mes", By: "day"}); app.CodeOf(err) != app.Invalid {
		t.Error(err)
	}
}
