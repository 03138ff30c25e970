package tally

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Count is one line of a breakdown.
type Count struct {
	Name string  `json:"name"`
	N    int     `json:"n"`
	Of   float64 `json:"share"`
	Cum  float64 `json:"cumulative"`
}

// Top lists a breakdown, the most frequent first, ties by name. What is, of
// cases opened, category, origin, kind, modality, site, priority, group or
// person; of cases resolved, solved_by; of cases open, backlog (by state); of
// calls offered, day ("2026-10-05"), hour ("Mon 09"), queue, call_type or
// answered_by.
func (a *Accumulator) Top(what string) []Count {
	var out []Count
	total := 0
	add := func(name string, n int64) {
		if n > 0 {
			out = append(out, Count{Name: name, N: int(n)})
			total += int(n)
		}
	}
	switch what {
	case "day":
		for d, n := range a.days {
			add(fmt.Sprintf("%04d-%02d-%02d", d/10_000, d/100%100, d%100), n)
		}
	case "hour":
		for d := range a.hours {
			for h, n := range a.hours[d] {
				add(fmt.Sprintf("%s %02d", time.Weekday(d).String()[:3], h), n)
			}
		}
	default:
		for name, n := range a.groups[what] {
			add(name, n)
		}
	}
	slices.SortFunc(out, func(x, y Count) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Name, y.Name)) })
	cum := 0
	for i := range out {
		cum += out[i].N
		out[i].Of, out[i].Cum = float64(out[i].N)/float64(total), float64(cum)/float64(total)
	}
	return out
}

// Hours is the calls offered by weekday (Sunday first) and hour of the day.
func (a *Accumulator) Hours() [7][24]int64 { return a.hours }

// Trend is a line of a breakdown beside the month before. Change is relative:
// 0.5 is half as many again; nil for what is new.
type Trend struct {
	Count
	Before int      `json:"before"`
	Change *float64 `json:"change"`
}

// Trends sets a breakdown beside the one before and keeps the most frequent;
// most 0 keeps all. What the others are together is the share that the last
// line's Cum leaves.
func Trends(now, before []Count, most int) []Trend {
	was := map[string]int{}
	for _, c := range before {
		was[c.Name] = c.N
	}
	if most > 0 && len(now) > most {
		now = now[:most]
	}
	out := make([]Trend, 0, len(now))
	for _, c := range now {
		t := Trend{Count: c, Before: was[c.Name]}
		if t.Before > 0 {
			change := float64(c.N)/float64(t.Before) - 1
			t.Change = &change
		}
		out = append(out, t)
	}
	return out
}

// Compliance is a clock's promises in one part of the desk. Value is met / (met
// + breached), nil when there is neither.
type Compliance struct {
	Name     string   `json:"name"`
	Met      int      `json:"met"`
	Breached int      `json:"breached"`
	Excused  int      `json:"excused"`
	Value    *float64 `json:"value"`
}

// Clocks lists how promises were kept, by name: ola by unit, sla_resolve and
// sla_take_up by priority.
func (a *Accumulator) Clocks(what string) []Compliance {
	var out []Compliance
	for name, n := range a.clocks[what] {
		c := Compliance{Name: name, Met: int(n[0]), Breached: int(n[1]), Excused: int(n[2])}
		if d := n[0] + n[1]; d > 0 {
			v := float64(n[0]) / float64(d)
			c.Value = &v
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y Compliance) int { return cmp.Compare(x.Name, y.Name) })
	return out
}
