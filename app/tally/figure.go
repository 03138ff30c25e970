package tally

import (
	"cmp"
	"math"
	"slices"

	"punto/app/desk"
)

// Figure is one index with what it was made of. Value is nil where the
// denominator is empty; a count has no Den. Shares are 0 to 1, times seconds.
type Figure struct {
	ID      string   `json:"id"`
	Num     float64  `json:"num"`
	Den     *float64 `json:"den"`
	Value   *float64 `json:"value"`
	Unit    string   `json:"unit"` // count, share, seconds
	N       *int     `json:"n,omitempty"`
	Median  *float64 `json:"median,omitempty"`
	P90     *float64 `json:"p90,omitempty"`
	Target  *float64 `json:"target,omitempty"`
	AtLeast bool     `json:"at_least,omitempty"` // the target is a floor, else a ceiling
	State   string   `json:"state,omitempty"`    // met, missed; "" without a target or value
	Means   string   `json:"definition"`
}

// Count is one line of a breakdown.
type Count struct {
	Name string  `json:"name"`
	N    int     `json:"n"`
	Of   float64 `json:"share"`
	Cum  float64 `json:"cumulative"`
}

// Top lists a breakdown, the most frequent first, ties by name. What is
// category, origin, kind, modality, day ("2026-10-05") or hour ("Mon 09").
func (a *Accumulator) Top(what string) []Count {
	var out []Count
	total := 0
	for name, n := range a.groups[what] {
		out = append(out, Count{Name: name, N: n})
		total += n
	}
	slices.SortFunc(out, func(x, y Count) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Name, y.Name)) })
	cum := 0
	for i := range out {
		cum += out[i].N
		out[i].Of, out[i].Cum = float64(out[i].N)/float64(total), float64(cum)/float64(total)
	}
	return out
}

// Figures is every index, in the order of their definitions, judged against the
// goals of a contract. Compared is the unrounded value.
func (a *Accumulator) Figures(goals []desk.Goal) []Figure {
	n := func(k string) float64 { return float64(a.counts[k]) }
	var out []Figure
	count := func(id string, v float64, means string) {
		out = append(out, Figure{ID: id, Num: v, Value: &v, Unit: "count", Means: means})
	}
	share := func(id string, num, den float64, means string) {
		f := Figure{ID: id, Num: num, Den: &den, Unit: "share", Means: means}
		if den > 0 {
			v := num / den
			f.Value = &v
		}
		out = append(out, f)
	}
	mean := func(id, dist, means string) {
		t := a.times[dist]
		k := t.N()
		den := float64(k)
		f := Figure{ID: id, Num: t.Sum(), Den: &den, Unit: "seconds", N: &k, Means: means}
		if k > 0 {
			v, m, p := f.Num/den, t.Quantile(0.5), t.Quantile(0.9)
			f.Value, f.Median, f.P90 = &v, &m, &p
		}
		out = append(out, f)
	}
	offered, answered, abandoned, busy := n("offered"), n("established"), n("abandoned"), n("busy")
	count("offered", offered, "answered + abandoned + busy + overflow + withdrawn, in service hours, less short abandons")
	count("established", answered, "a person was connected")
	for _, x := range [][2]string{{"abandoned", "hung up while waiting"}, {"short_abandon", "hung up sooner than the contract counts"},
		{"busy", "no line, or the queue was full"}, {"overflow", "left the queue for another place"}, {"withdrawn", "taken out of the queue"}} {
		count(x[0], n(x[0]), x[1])
	}
	count("lost", busy+abandoned, "busy + abandoned")
	count("closed_hours", n("closed_hours"), "came outside service hours")
	count("lost_in_menu", n("lost_in_menu"), "hung up before the queue")
	share("pct_lost", busy+abandoned, offered, "lost / offered")
	share("pct_abandoned", abandoned, offered, "abandoned / offered")
	share("pct_abandoned_of_queued", abandoned, n("queued"), "abandoned / calls that waited in a queue")
	within, left := n("answered_within"), n("abandoned_within")
	share("service_level_strict", within, answered+abandoned, "answered in time / (answered + abandoned)")
	share("service_level_asterisk1", within, answered, "answered in time / answered")
	share("service_level_asterisk2", within+left, answered+abandoned, "(answered + abandoned in time) / (answered + abandoned)")
	mean("asa", "asa", "sum of the wait of answered / answered; queue and ring, without the menu")
	mean("wait_abandoned", "wait_abandoned", "sum of the wait of abandoned / abandoned")
	mean("average_call_time", "talk", "(talk + hold) / answered")
	mean("aht", "handle", "(talk + hold + wrap-up, capped) / answered")
	count("cases_opened", n("cases_opened"), "cases opened in the month")
	count("cases_resolved", n("cases_resolved"), "cases resolved in the month")
	share("solved_online", n("online_eligible"), n("eligible"), "resolved in the contact in which they were opened, by level 1, not reopened / resolved of categories marked for level 1")
	share("solved_online_all", n("online"), n("cases_resolved"), "the same / resolved")
	share("first_level", n("first_level"), n("cases_resolved"), "resolved with no hand-off to level 2 ever / resolved")
	for _, id := range []string{"sla_take_up", "sla_resolve", "ola"} {
		share(id, n(id+"_met"), n(id+"_met")+n(id+"_breached"), "met / (met + breached), excused apart, of cases resolved in the month")
	}
	count("handoffs", n("handoffs"), "hand-offs of cases opened in the month")
	count("returns", n("returns"), "hand-offs back down")
	count("ping_pong", n("ping_pong"), "hand-offs A to B to A")
	share("reopen_rate", n("reopened"), n("cases_resolved"), "reopened within the window / resolved")
	mean("backlog", "backlog", "age of the cases open at month end; n is how many")
	share("repeat_contacts", n("repeat"), n("cases_opened"), "same user and category within 7 days of resolution / opened")
	share("callbacks_returned", n("returned"), busy+abandoned, "lost calls returned / lost")
	share("occupancy", 0, n("signed_in"), "(talk + hold + wrap-up + outbound) / (signed in - breaks); no data until agents' sessions are recorded")
	share("csat", 0, n("answers"), "answers of 4 and 5 / answers; no data until surveys are answered")
	share("nps", 0, n("answers"), "promoters - detractors / answers; no data until surveys are answered")
	share("response_rate", 0, n("invitations"), "answers / invitations; no data until surveys are sent")
	for i := range out {
		judge(&out[i], goals)
	}
	return out
}

func judge(f *Figure, goals []desk.Goal) {
	for _, g := range goals {
		if g.Index != f.ID {
			continue
		}
		v := g.Value
		f.Target, f.AtLeast = &v, g.AtLeast
		if f.Value == nil || math.IsNaN(*f.Value) {
			continue
		}
		f.State = "missed"
		if g.AtLeast && *f.Value >= v || !g.AtLeast && *f.Value <= v {
			f.State = "met"
		}
	}
}
