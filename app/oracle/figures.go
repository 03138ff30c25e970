package oracle

import (
	"slices"
	"strings"
	"time"
)

// Figure is one index with what it was made of. Den is nil of a count. N, Median
// and P90 are of means and of the backlog. Times are seconds.
type Figure struct {
	Num         float64
	Den         *float64
	N           int
	Median, P90 *float64
	Spread      bool // N, Median, P90 are told
	Untold      bool // nothing told what it is made of: it has no value
}

// sums are what a month is added up in: counts by word, and lists of times.
type SumsOf struct {
	counts map[string]int
	times  map[string][]float64
}

func (t *SumsOf) add(word string) { t.counts[word]++ }

func (t *SumsOf) spread(word string, d time.Duration) {
	t.times[word] = append(t.times[word], float64(d.Milliseconds()/1000))
}

func (t *SumsOf) judged(clock string, v verdict) {
	switch v {
	case met:
		t.add(clock + " met")
	case breached:
		t.add(clock + " breached")
	case excused:
		t.add(clock + " excused")
	}
}

// Figures is every index of a month that the oracle knows, by the machine names
// of section 5, from what the desk knew at an instant.
func (d *Desk) Figures(m Month, asked time.Time) map[string]Figure {
	t := &SumsOf{map[string]int{}, map[string][]float64{}}
	d.calls(m, asked, t)
	d.cases(m, asked, t)

	n := func(word string) float64 { return float64(t.counts[word]) }
	fs := map[string]Figure{}
	count := func(id string, num float64) { fs[id] = Figure{Num: num} }
	share := func(id string, num, den float64) { fs[id] = Figure{Num: num, Den: &den} }
	told := func(id, word string) { // what is not known is not zero
		f := fs[id]
		f.Untold = *f.Den > 0 && t.counts[word] == 0
		fs[id] = f
	}
	mean := func(id, times string) {
		f := middle(t.times[times])
		den := float64(f.N)
		f.Den = &den
		fs[id] = f
	}
	lost := n("busy") + n("abandoned")
	offered := n("answered") + n("abandoned") + n("busy") + n("overflow") + n("withdrawn")
	served := n("answered") + n("abandoned")

	count("offered", offered)
	count("established", n("answered"))
	count("abandoned", n("abandoned"))
	count("short_abandon", n("short"))
	count("busy", n("busy"))
	count("overflow", n("overflow"))
	count("withdrawn", n("withdrawn"))
	count("lost", lost)
	count("closed_hours", n("closed"))
	count("lost_in_menu", n("menu"))
	count("unknown", n("unknown"))
	share("pct_lost", lost, offered)
	share("pct_abandoned", n("abandoned"), offered)
	share("pct_abandoned_of_queued", n("abandoned queued"), n("queued"))
	share("service_level_strict", n("answered in time"), served)
	share("service_level_asterisk1", n("answered in time"), n("answered"))
	share("service_level_asterisk2", n("answered in time")+n("abandoned in time"), served)
	for _, id := range []string{"service_level_strict", "service_level_asterisk1", "service_level_asterisk2"} {
		told(id, "wait known")
	}
	mean("asa", "wait")
	mean("wait_abandoned", "left")
	mean("average_call_time", "talk")
	mean("aht", "handle")
	count("wrap_up_capped", n("capped"))
	share("callbacks_returned", n("returned"), lost)
	told("callbacks_returned", "callable")
	mean("callback_time", "back")
	share("occupancy", 0, 0) // rows of cases and calls tell nothing of it
	d.surveys(m, fs)

	count("resolutions", n("resolutions"))
	count("reopenings", n("reopenings"))
	count("cancellations", n("cancellations"))
	count("wait_unknown", n("unknown wait"))
	count("calls_no_contract", n("nobody's"))
	count("cases_opened", n("cases_opened"))
	count("cases_resolved", n("cases_resolved"))
	share("solved_online", n("online_eligible"), n("eligible"))
	share("solved_online_all", n("online"), n("cases_resolved"))
	share("first_level", n("first_level"), n("cases_resolved"))
	told("solved_online", "eligible contact known")
	told("solved_online_all", "contact known")
	told("first_level", "levels known")
	for _, c := range []string{"sla_take_up", "sla_resolve", "ola"} {
		share(c, n(c+" met"), n(c+" met")+n(c+" breached"))
	}
	for key := range t.counts {
		if c, ok := strings.CutSuffix(key, " met"); ok && strings.Contains(c, " by ") {
			share(c, n(c+" met"), n(c+" met")+n(c+" breached"))
		}
		if c, ok := strings.CutSuffix(key, " breached"); ok && strings.Contains(c, " by ") {
			share(c, n(c+" met"), n(c+" met")+n(c+" breached"))
		}
	}
	count("sla_excused", n("sla_take_up excused")+n("sla_resolve excused"))
	count("ola_excused", n("ola excused"))
	count("open_breached", n("open_breached"))
	mean("resolution_time", "resolution_time")
	count("handoffs", n("handoffs"))
	count("returns", n("returns"))
	count("ping_pong", n("ping_pong"))
	share("reopen_rate", n("reopened"), n("cases_resolved"))
	backlog := middle(t.times["backlog_age"])
	backlog.Num = float64(backlog.N)
	fs["backlog"] = backlog
	mean("backlog_age", "backlog_age")
	share("repeat_contacts", n("repeat"), n("cases_opened"))
	told("repeat_contacts", "user known")
	return fs
}

// middle is the sum, the size, the median and the 90th percentile of some times;
// between two of them a percentile lies on the straight line.
func middle(xs []float64) Figure {
	f := Figure{N: len(xs), Spread: true}
	if len(xs) == 0 {
		return f
	}
	slices.Sort(xs)
	for _, x := range xs {
		f.Num += x
	}
	at := func(p float64) *float64 {
		place := p * float64(len(xs)-1)
		i := int(place)
		x := xs[i]
		if i+1 < len(xs) {
			x += (place - float64(i)) * (xs[i+1] - xs[i])
		}
		return &x
	}
	f.Median, f.P90 = at(0.5), at(0.9)
	return f
}
