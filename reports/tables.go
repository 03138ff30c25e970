package reports

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The report as tables, for those who go on with its figures: spreadsheets, web pages,
// files of rows. They hold what the pages print, and the numbers unrounded.

// Value is one value of a Table: a text, or a number in its unit, or a day.
type Value struct {
	Text   string
	Number *float64 // nil: Text, or nothing known
	Unit   Unit     // of Number
	Day    time.Time
}

// Table is one part of the report.
type Table struct {
	ID    string // of the file or anchor: letters and hyphens, alike in every language
	Title string
	Heads []string
	Rows  [][]Value
}

func worded(s string) Value { return Value{Text: s} }

func number(n int) Value { return measured(ptrTo(float64(n)), Number) }

// measured is a figure; one that is no number is not known.
func measured(v *float64, u Unit) Value {
	if v != nil && !finite(*v) {
		v = nil
	}
	return Value{Number: v, Unit: u}
}

func ptrTo(v float64) *float64 { return &v }

// Tables gives the parts of a month that have rows, in the order of the pages. A Month
// that Check refuses has none.
func Tables(m Month) ([]Table, error) {
	all, err := AllTables(m)
	return slices.DeleteFunc(all, func(t Table) bool { return len(t.Rows) == 0 }), err
}

// AllTables gives also the parts without rows: the same ones for every month.
func AllTables(m Month) ([]Table, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	m = m.settled()
	l := m.language()
	var all []Table
	add := func(id, title string, heads []string, rows [][]Value) {
		all = append(all, Table{id, l.t(title), heads, rows})
	}
	heads := func(keys ...string) (out []string) {
		for _, k := range keys {
			out = append(out, l.t(k))
		}
		return out
	}
	add("report", "this report", heads("item", "value"), l.about(m))
	var rows [][]Value
	for _, r := range m.Rows {
		target := Value{}
		if r.Op != None {
			target = measured(&r.Target, r.Unit)
		}
		rows = append(rows, []Value{worded(r.Name), worded(r.Measures), target, measured(r.Value, r.Unit), measured(ptrTo(r.Num), Number), measured(ptrTo(r.Den), Number), measured(r.Previous, r.Unit), worded(l.t(stateWord(r)))})
	}
	add("compliance", "compliance", append(heads("index", "measures", "target", "value", "num", "den"), l.fill("vs", l.brief(m, m.previous())), l.t("state")), rows)
	rows = nil
	for _, p := range m.Proposals {
		rows = append(rows, []Value{worded(p.Subject), worded(p.Evidence), worded(p.Action), worded(p.Owner), worded(p.Effect), worded(l.t(string(p.State)))})
	}
	add("deviations", "deviations", heads("item", "evidence", "proposal", "owner", "effect", "state"), rows)
	rows = nil
	count := func(key string, n int) { rows = append(rows, []Value{worded(l.t(key)), number(n)}) }
	if f := m.Calls; f != (Flow{}) {
		count("offered", f.Offered)
		count("answered", f.Answered)
		count("abandoned", f.Abandoned)
		count("busy", f.Busy)
		count("overflow", f.Overflow)
		count("withdrawn", f.Withdrawn)
		count("short abandons", f.ShortAbandons)
		count("closed hours", f.ClosedHours)
		count("lost in menu", f.LostInMenu)
	}
	add("calls", "flow empty", heads("item", "value"), rows)
	rows = nil
	for _, d := range m.CallsByDay {
		rows = append(rows, []Value{{Day: d.Date}, number(d.Answered), number(d.Abandoned), number(d.Busy), number(d.Other)})
	}
	add("calls-by-day", "days", heads("date", "answered", "abandoned", "busy", "other"), rows)
	rows = nil
	for d, hours := range m.HeatByHour {
		for h, n := range hours {
			if n >= 0 {
				rows = append(rows, []Value{worded(fullDays[l.base()][d]), number(h), number(n)})
			}
		}
	}
	add("calls-by-hour", "heat", heads("weekday", "hour", "offered"), rows)
	rows = nil
	if f := m.Cases; f != nil {
		count("backlog before", f.Before)
		count("opened", f.Opened)
		count("reopenings", f.Reopened)
		count("resolutions", f.Resolved)
		count("cancellations", f.Cancelled)
		count("backlog after", f.After)
	}
	add("backlog", "backlog", heads("item", "value"), rows)
	type counted struct {
		id, head string
		list     []Count
	}
	lists := []counted{{"origins", "origin", m.Origins}, {"types", "type", m.Types}, {"modalities", "modality", m.Modalities}, {"frequent", "reason", m.Frequent}}
	for _, id := range CutIDs {
		x := counted{id: id, head: "of " + id}
		if i := slices.IndexFunc(m.Cuts, func(c Cut) bool { return c.ID == id }); i >= 0 {
			x.list = m.Cuts[i].List
		}
		lists = append(lists, x)
	}
	for _, x := range lists {
		rows = nil
		for _, c := range x.list {
			before := Value{}
			if c.Previous != nil {
				before = number(*c.Previous)
			}
			rows = append(rows, []Value{worded(c.Name), number(c.N), measured(c.Share, Share), measured(c.Cum, Share), before})
		}
		add(x.id, x.id, append(heads(x.head, unitOf(x.id), "share", "cum"), l.fill("vs", l.brief(m, m.previous()))), rows)
	}
	for _, x := range []struct{ clock, id, title, name string }{{"sla_take_up", "take-up", "by priority take", "priority"}, {"sla_resolve", "resolution", "by priority solve", "priority"}, {"ola", "units", "by unit", "unit"}} {
		rows = nil
		for _, k := range m.Kept {
			if k.Clock == x.clock {
				rows = append(rows, []Value{worded(k.Name), number(k.Met), number(k.Breached), number(k.Excused), measured(k.Value, Share)})
			}
		}
		add(x.id, x.title, heads(x.name, "in time", "breached", "excused", "kept share"), rows)
	}
	rows = nil
	for _, e := range m.Escalated {
		rows = append(rows, []Value{worded(l.t("clock " + e.Clock)), number(e.Rung), number(e.Fired), number(e.Asked), number(e.InTime), number(e.Late), number(e.False)})
	}
	add("escalations", "escalations", heads("clock", "rung", "told", "asks", "acknowledged", "acknowledged late", "false"), rows)
	rows = nil
	for _, r := range m.Survey {
		rows = append(rows, []Value{worded(r.Name), worded(r.Measures), measured(ptrTo(r.Num), Number), measured(ptrTo(r.Den), Number), measured(r.Value, r.Unit)})
	}
	add("survey", "survey", heads("index", "measures", "num", "den", "value"), rows)
	rows = nil
	for _, r := range m.Remarks {
		rows = append(rows, []Value{number(r.Score), worded(r.Text)})
	}
	add("remarks", "remarks", heads("score", "remark"), rows)
	rows = nil
	for _, s := range m.Signals {
		rows = append(rows, []Value{worded(s.Index), worded(l.t(s.word())), worded(s.From), worded(s.Until), measured(s.Expected, s.Unit), measured(ptrTo(s.Value), s.Unit)})
	}
	add("signals", "analysis", heads("index", "signal", "from", "until", "expected", "value"), rows)
	rows = nil
	for _, c := range m.Commitments {
		rows = append(rows, []Value{worded(c.Title), worded(c.Owner), worded(c.Due), worded(c.Index), measured(ptrTo(c.To), c.Unit), measured(c.Before, c.Unit), measured(c.After, c.Unit), worded(l.t("verdict " + c.Verdict))})
	}
	add("commitments", "commitments", heads("proposal", "owner", "due", "index", "expected", "before", "after", "effect measured"), rows)
	rows = nil
	for _, c := range m.Changes {
		rows = append(rows, []Value{worded(c.Name), worded(c.ID), measured(c.Was, c.Unit), measured(c.Is, c.Unit)})
	}
	add("changes", "changes title", heads("index", "code", "before", "after"), rows)
	rows = nil
	for _, c := range m.Comments {
		rows = append(rows, []Value{worded(l.partName(c.Part)), worded(c.Text), worded(c.Author), {Day: c.At}})
	}
	add("comments", "comments", heads("item", "remark", "author", "date"), rows)
	rows = nil
	for _, r := range m.Restated {
		rows = append(rows, []Value{worded(r.Name), measured(r.Was, r.Unit), measured(r.Is, r.Unit), worded(r.Why), number(r.N)})
	}
	add("restated", "restated", heads("index", "before", "after", "why", "rows"), rows)
	rows = nil
	for _, a := range m.Activities {
		rows = append(rows, []Value{{Day: a.Date}, worded(a.Text)})
	}
	add("activities", "activities", heads("date", "activity"), rows)
	rows = nil
	for _, d := range m.Definitions {
		rows = append(rows, []Value{worded(d.Name), worded(d.ID), worded(d.Formula), measured(ptrTo(d.Num), Number), measured(d.Den, Number), measured(d.Value, d.Unit), measured(d.Median, d.Unit), measured(d.P90, d.Unit)})
	}
	add("definitions", "annex", heads("index", "code", "formula", "num", "den", "value", "median", "p90"), rows)
	rows = nil
	for _, q := range m.Quality {
		rows = append(rows, []Value{worded(q)})
	}
	add("quality", "quality", heads("remark"), rows)
	return all, nil
}

// unitOf is the word for what a table counts.
func unitOf(id string) string {
	if id == "queues" || id == "call-types" {
		return "calls"
	}
	return "cases"
}

// about is of what and when a report is: whoever has a table alone can tell that the month
// was not over.
func (l lang) about(m Month) (rows [][]Value) {
	say := func(key, s string) {
		if s != "" {
			rows = append(rows, []Value{worded(l.t(key)), worded(s)})
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return l.date(t) + ", " + t.Format("15:04")
	}
	say("label desk", m.Organisation)
	say("client", m.Client)
	say("label contract", m.Contract)
	if m.Span == OfMonth {
		say("label month", l.title(m.Month))
	}
	say("label period", m.Period)
	if m.Partial() {
		say("state", l.t("partial head"))
	}
	say("label data", at(m.DataClosed))
	say("label issued", at(m.IssuedAt))
	say("label zone", m.Zone)
	say("label revision", strconv.Itoa(m.Revision))
	say("label hash", m.InputHash)
	return rows
}

// stateWord is the key of how a row stands.
func stateWord(r IndexRow) string {
	if r.Verdict() == NotJudged && r.Op == None {
		return "no target"
	}
	return string(r.Verdict())
}

// word is the key of what a signal says.
func (s Signal) word() string {
	what := "signal down"
	if s.Up {
		what = "signal up"
	}
	if s.Drift {
		what += " drift"
	}
	return what
}

// Harmless is a text that no spreadsheet takes for a formula.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// show is a value as people read it.
func (l lang) show(v Value) string {
	switch {
	case !v.Day.IsZero():
		return v.Day.Format("02/01/2006")
	case v.Number != nil:
		return l.value(v.Number, v.Unit, decimals(v.Unit))
	}
	return v.Text
}
