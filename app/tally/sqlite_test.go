//go:build sqlite

// The baseline of the month's sum: SQLite, in C, in memory, over the same rows.
// Run it with: go test -tags sqlite -run Month -bench Against ./app/tally
package tally_test

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"punto/app/sla"
	"punto/app/tally"
)

const schema = `
CREATE TABLE calls (day INTEGER, hour INTEGER, dow INTEGER, outcome INTEGER, queued INTEGER, wait INTEGER, talk INTEGER, hold INTEGER, wrap INTEGER,
	returned INTEGER, queue TEXT, type TEXT, agent TEXT);
CREATE TABLE opened (repeat INTEGER, category TEXT, origin TEXT, kind TEXT, modality TEXT, site TEXT,
	priority TEXT, grp TEXT, person TEXT);
CREATE TABLE resolved (reopened INTEGER, back INTEGER, online INTEGER, eligible INTEGER, level2 INTEGER, takeup INTEGER, resolve INTEGER, answer INTEGER, spent INTEGER,
	priority TEXT, agent TEXT);
CREATE TABLE runs (grp TEXT, verdict INTEGER);`

// offered are the calls that the shares are of; the limits are those of rules.
const offered = ` FROM calls WHERE outcome <= 5 AND NOT (outcome = 2 AND COALESCE(wait < 5, 0)) `

// queries are what the report asks; each is one pass, and medians come from a
// histogram, which is what SQLite does fastest.
var queries = map[string]string{
	"calls":             `SELECT outcome, COUNT(*), SUM(queued), SUM(wait <= 20), SUM(returned > 0 AND outcome IN (2, 3)), SUM(wrap > 600)` + offered + `GROUP BY outcome`,
	"apart":             `SELECT outcome, COUNT(*) FROM calls WHERE outcome > 5 OR (outcome = 2 AND wait < 5) GROUP BY outcome`,
	"asa":               `SELECT wait, COUNT(*) FROM calls WHERE outcome = 1 AND wait IS NOT NULL GROUP BY wait`,
	"wait_abandoned":    `SELECT wait, COUNT(*) FROM calls WHERE outcome = 2 AND wait >= 5 GROUP BY wait`,
	"average_call_time": `SELECT talk + hold AS v, COUNT(*) FROM calls WHERE outcome = 1 GROUP BY v`,
	"aht":               `SELECT talk + hold + MIN(wrap, 600) AS v, COUNT(*) FROM calls WHERE outcome = 1 GROUP BY v`,
	"callback_time":     `SELECT returned, COUNT(*)` + offered + `AND outcome IN (2, 3) AND returned > 0 GROUP BY returned`,
	"day":               `SELECT day, COUNT(*)` + offered + `GROUP BY day`,
	"hour":              `SELECT dow, hour, COUNT(*)` + offered + `GROUP BY dow, hour`,
	"queue":             `SELECT queue, COUNT(*)` + offered + `AND queue <> '' GROUP BY queue ORDER BY 2 DESC`,
	"call_type":         `SELECT type, COUNT(*)` + offered + `AND type <> '' GROUP BY type ORDER BY 2 DESC`,
	"answered_by":       `SELECT agent, COUNT(*) FROM calls WHERE outcome = 1 AND agent <> '' GROUP BY agent ORDER BY 2 DESC`,
	"opened":            `SELECT COUNT(*), SUM(repeat) FROM opened`,
	"category":          `SELECT category, COUNT(*) FROM opened GROUP BY category ORDER BY 2 DESC`,
	"origin":            `SELECT origin, COUNT(*) FROM opened GROUP BY origin ORDER BY 2 DESC`,
	"kind":              `SELECT kind, COUNT(*) FROM opened GROUP BY kind ORDER BY 2 DESC`,
	"modality":          `SELECT modality, COUNT(*) FROM opened GROUP BY modality ORDER BY 2 DESC`,
	"site":              `SELECT site, COUNT(*) FROM opened WHERE site <> '' GROUP BY site ORDER BY 2 DESC`,
	"priority":          `SELECT priority, COUNT(*) FROM opened WHERE priority <> '' GROUP BY priority ORDER BY 2 DESC`,
	"group":             `SELECT grp, COUNT(*) FROM opened WHERE grp <> '' GROUP BY grp ORDER BY 2 DESC`,
	"person":            `SELECT person, COUNT(*) FROM opened WHERE person <> '' GROUP BY person ORDER BY 2 DESC`,
	"resolved": `SELECT COUNT(*), SUM(online AND NOT back), SUM(eligible), SUM(online AND NOT back AND eligible), SUM(NOT level2), SUM(reopened),
		SUM(takeup = 1), SUM(takeup = 2), SUM(resolve = 1), SUM(resolve = 2), SUM(answer = 1), SUM(answer = 2) FROM resolved`,
	"resolution_time": `SELECT spent, COUNT(*) FROM resolved WHERE resolve > 0 GROUP BY spent`,
	"solved_by":       `SELECT agent, COUNT(*) FROM resolved WHERE agent <> '' GROUP BY agent ORDER BY 2 DESC`,
	"sla":             `SELECT priority, SUM(takeup = 1), SUM(takeup = 2), SUM(takeup = 3), SUM(resolve = 1), SUM(resolve = 2), SUM(resolve = 3) FROM resolved GROUP BY priority`,
	"ola":             `SELECT grp, SUM(verdict = 1), SUM(verdict = 2), SUM(verdict = 3) FROM runs GROUP BY grp`,
}

func code(v tally.Verdict) int {
	switch {
	case v.State == sla.Met:
		return 1
	case v.State == sla.Breached && v.Excused:
		return 3
	case v.State == sla.Breached:
		return 2
	}
	return 0
}

// load puts a day's rows in.
func load(b *testing.B, db *sql.DB, m made) {
	b.Helper()
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	into := func(table string, n int) *sql.Stmt {
		s, err := tx.Prepare("INSERT INTO " + table + " VALUES (?" + strings.Repeat(", ?", n-1) + ")")
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	add := func(s *sql.Stmt, values ...any) {
		if _, err := s.Exec(values...); err != nil {
			b.Fatal(err)
		}
	}
	sec := func(d time.Duration) int64 { return int64(d / time.Second) }
	calls, opened, resolved, runs := into("calls", 13), into("opened", 9), into("resolved", 11), into("runs", 2)
	for _, c := range m.day.Calls {
		var wait any = sec(c.Wait)
		if c.NoWait {
			wait = nil
		}
		add(calls, c.At.Day(), c.At.Hour(), int(c.At.Weekday()), int(c.Outcome), c.Queued, wait, sec(c.Talk), sec(c.Hold), sec(c.WrapUp), sec(c.Returned), c.Queue, c.Type, c.Agent)
	}
	for _, c := range m.day.Opened {
		add(opened, c.Repeat, c.Category, c.Origin, c.Kind, c.Modality, c.Site, c.Priority, c.Group, c.Person)
	}
	for _, c := range m.day.Resolved {
		add(resolved, c.Reopened, c.Back, c.Online, c.Eligible, c.Level2, code(c.TakeUp), code(c.Resolve), code(c.Answer), sec(c.Spent), c.Priority, c.Agent)
		for _, u := range c.Units {
			add(runs, u.Group, code(u.Verdict))
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// ask runs every query and gives its rows.
func ask(b *testing.B, db *sql.DB) map[string][][]any {
	b.Helper()
	out := map[string][][]any{}
	for name, q := range queries {
		rs, err := db.Query(q)
		if err != nil {
			b.Fatal(name, err)
		}
		cols, err := rs.Columns()
		if err != nil {
			b.Fatal(err)
		}
		for rs.Next() {
			row := make([]any, len(cols))
			to := make([]any, len(cols))
			for i := range row {
				to[i] = &row[i]
			}
			if err := rs.Scan(to...); err != nil {
				b.Fatal(name, err)
			}
			out[name] = append(out[name], row)
		}
		if err := rs.Err(); err != nil {
			b.Fatal(name, err)
		}
	}
	return out
}

func integer(b *testing.B, v any) int {
	b.Helper()
	n, ok := v.(int64)
	if !ok {
		b.Fatalf("%v is no number", v)
	}
	return int(n)
}

// agree fails when SQLite and the sum of sealed days differ.
func agree(b *testing.B, a *tally.Accumulator, got map[string][][]any) {
	b.Helper()
	figures := map[string]tally.Figure{}
	for _, f := range a.Figures(nil) {
		figures[f.ID] = f
	}
	is := func(id string, want float64) {
		b.Helper()
		if f := figures[id]; f.Num != want {
			b.Fatalf("%s: %v from sealed days, %v from SQLite", id, f.Num, want)
		}
	}
	sum, within, queued := 0, 0, 0
	for _, r := range got["calls"] {
		n := integer(b, r[1])
		sum += n
		queued += integer(b, r[2])
		if o := tally.Outcome(integer(b, r[0])); o == tally.Answered {
			is("established", float64(n))
			within = integer(b, r[3])
		} else if o == tally.Abandoned {
			is("abandoned", float64(n))
		}
	}
	is("offered", float64(sum))
	is("service_level_strict", float64(within))
	if *figures["pct_abandoned_of_queued"].Den != float64(queued) {
		b.Fatal("queued differs")
	}
	for _, id := range []string{"asa", "wait_abandoned", "average_call_time", "aht", "callback_time", "resolution_time"} {
		var t tally.Times
		for _, r := range got[id] {
			for range integer(b, r[1]) {
				t.Add(time.Duration(integer(b, r[0])) * time.Second)
			}
		}
		f := figures[id]
		if f.Num != t.Sum() || *f.N != t.N() || math.Abs(*f.Median-t.Quantile(0.5)) > 0 || math.Abs(*f.P90-t.Quantile(0.9)) > 0 {
			b.Fatalf("%s differs: %+v", id, f)
		}
	}
	for _, what := range tables {
		if what == "backlog" || what == "day" || what == "hour" {
			continue
		}
		by := map[string]int{}
		for _, r := range got[what] {
			by[fmt.Sprint(r[0])] = integer(b, r[1])
		}
		top := a.Top(what)
		if len(top) != len(by) {
			b.Fatalf("%s: %d names, %d in SQLite", what, len(top), len(by))
		}
		for _, c := range top {
			if by[c.Name] != c.N {
				b.Fatalf("%s %s: %d, %d in SQLite", what, c.Name, c.N, by[c.Name])
			}
		}
	}
	r := got["resolved"][0]
	for i, id := range []string{"cases_resolved", "solved_online_all", "", "solved_online", "first_level", "reopen_rate", "sla_take_up", "", "sla_resolve", "", "sla_next_answer"} {
		if id != "" {
			is(id, float64(integer(b, r[i])))
		}
	}
	for _, r := range got["ola"] {
		for _, c := range a.Clocks("ola") {
			if c.Name == r[0] && (c.Met != integer(b, r[1]) || c.Breached != integer(b, r[2]) || c.Excused != integer(b, r[3])) {
				b.Fatalf("ola of %s: %+v, %v in SQLite", c.Name, c, r)
			}
		}
	}
}

// BenchmarkAgainstSQLite prints how many times faster the month of 1 M calls and
// 200,000 cases is summed from sealed days than by SQLite, with the answers
// compared.
func BenchmarkAgainstSQLite(b *testing.B) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		b.Fatal(err)
	}
	var days [][]byte
	monthOf(monthCalls, monthCases, func(m made) {
		load(b, db, m)
		days = append(days, seal(b, m.day))
	})
	var theirs, ours []time.Duration
	for b.Loop() {
		from := time.Now()
		got := ask(b, db)
		theirs = append(theirs, time.Since(from))
		from = time.Now()
		a := summed(b, rules, days)
		show(a)
		ours = append(ours, time.Since(from))
		if len(ours) == 1 {
			agree(b, a, got)
		}
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	s, o := theirs[len(theirs)/2], ours[len(ours)/2]
	b.ReportMetric(s.Seconds()*1e3, "ms-sqlite")
	b.ReportMetric(o.Seconds()*1e3, "ms-sealed")
	b.ReportMetric(s.Seconds()/o.Seconds(), "times-faster")
}
