package tally

import (
	"math"

	"punto/app/desk"
)

// Figure is one index with what it was made of. Value is nil where the
// denominator is empty, never 0 or 1; a count has no Den. Shares are 0 to 1,
// times seconds. Of a mean, Num is the sum and Den how many.
type Figure struct {
	ID          string   `json:"id"`
	Num         float64  `json:"num"`
	Den         *float64 `json:"den"`
	Value       *float64 `json:"value"`
	Unit        string   `json:"unit"` // count, share, seconds, points
	N           *int     `json:"n"`    // of a mean, of the backlog: how many
	Median      *float64 `json:"median"`
	P90         *float64 `json:"p90"`
	Low         *float64 `json:"low,omitempty"`  // 95 % Wilson interval, of shares that are samples
	High        *float64 `json:"high,omitempty"` //
	Target      *float64 `json:"target"`
	AtLeast     bool     `json:"at_least,omitempty"`    // the target is a floor, else a ceiling
	State       string   `json:"state"`                 // met, missed; "" without a target or value
	Watch       bool     `json:"watch,omitempty"`       // met by less than half a point or one standard error
	Provisional int      `json:"provisional,omitempty"` // of Num, how many could still be undone
	Needs       string   `json:"needs,omitempty"`       // there is no value, for the desk keeps no such data: callbacks, users, contacts, levels, sessions, surveys, waits
	Means       string   `json:"definition"`
}

// Figures is every index, in the order of their definitions, judged against the
// goals of a contract. What is compared is the unrounded value.
func (a *Accumulator) Figures(goals []desk.Goal) []Figure {
	out := make([]Figure, 0, len(definitions))
	for i := range definitions {
		d := &definitions[i]
		f := Figure{ID: d.id, Means: d.means, Unit: d.unit}
		d.fill(a, &f)
		judge(&f, goals)
		out = append(out, f)
	}
	return out
}

// Figure is one index, held against no goal; nothing but its ID where there is none of
// that name.
func (a *Accumulator) Figure(id string) Figure {
	f := Figure{ID: id}
	for i := range definitions {
		if d := &definitions[i]; d.id == id {
			f.Means, f.Unit = d.means, d.unit
			d.fill(a, &f)
		}
	}
	return f
}

// Definition is what an index means, in English, with its formula; "" when
// there is no such index.
func Definition(id string) string {
	for i := range definitions {
		if definitions[i].id == id {
			return definitions[i].means
		}
	}
	return ""
}

// needs takes the value from a figure of which no row told what it is made of.
func needs(what string, told counter, fill filler) filler {
	return func(a *Accumulator, f *Figure) {
		if fill(a, f); a.counts[told] == 0 && (f.Den == nil || *f.Den > 0) {
			f.lack(what)
		}
	}
}

func (f *Figure) lack(what string) {
	f.Value, f.Low, f.High, f.Provisional, f.Needs = nil, nil, nil, 0, what
}

// filler gives a figure its numbers.
type filler func(a *Accumulator, f *Figure)

// total is a count: the sum of some counters.
func total(cs ...counter) filler {
	return func(a *Accumulator, f *Figure) {
		f.Num = a.of(cs)
		v := f.Num
		f.Value = &v
	}
}

func (a *Accumulator) of(cs []counter) (sum float64) {
	for _, c := range cs {
		sum += float64(a.counts[c])
	}
	return sum
}

// share is a ratio of sums.
func share(num, den []counter) filler {
	return func(a *Accumulator, f *Figure) { f.ratio(a.of(num), a.of(den)) }
}

func (f *Figure) ratio(num, den float64) {
	f.Num, f.Den = num, &den
	if den > 0 {
		v := num / den
		f.Value = &v
	}
}

// sample is a share with its interval.
func sample(num, den []counter) filler {
	return func(a *Accumulator, f *Figure) {
		f.ratio(a.of(num), a.of(den))
		if f.Value != nil {
			lo, hi := Wilson(int(f.Num), int(*f.Den))
			f.Low, f.High = &lo, &hi
		}
	}
}

// mean is the mean of a distribution, with its size, median and p90.
func mean(d distribution) filler {
	return func(a *Accumulator, f *Figure) {
		t := &a.times[d]
		f.ratio(t.Sum(), float64(t.N()))
		f.spread(t)
	}
}

func (f *Figure) spread(t *Times) {
	n := t.N()
	f.N = &n
	if n > 0 {
		m, p := t.Quantile(0.5), t.Quantile(0.9)
		f.Median, f.P90 = &m, &p
	}
}

func judge(f *Figure, goals []desk.Goal) {
	for _, g := range goals {
		if g.Index != f.ID {
			continue
		}
		v := g.Value
		f.Target, f.AtLeast, f.State, f.Watch = &v, g.AtLeast, "", false
		if f.Value == nil || math.IsNaN(*f.Value) {
			continue
		}
		margin := *f.Value - v
		if !g.AtLeast {
			margin = -margin
		}
		f.State = "missed"
		if margin >= 0 {
			f.State, f.Watch = "met", f.close(margin)
		}
	}
}

// close tells whether a share meets its target by less than half a point or one
// standard error, whichever is more.
func (f *Figure) close(margin float64) bool {
	if f.Unit != "share" || f.Den == nil || *f.Den <= 0 {
		return false
	}
	p := min(max(*f.Value, 0), 1)
	return margin < max(0.005, math.Sqrt(p*(1-p)/(*f.Den)))
}

// Wilson is the 95 % score interval of a share of k in n (Wilson 1927); 0 and 1
// of nothing.
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-half), min(1, mid+half)
}
