package floor

import (
	"math"
	"sync"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/phone"
	"punto/app/spc"
	"punto/app/tally"
)

// What the next half hours take: the calls of a day are forecast from the days before
// (spc.Forecast); they come spread over the day as on the last days of the same weekday;
// and Erlang C says how many agents that takes.

const (
	history = 13 // weeks that are looked back
	likely  = 8  // weeks of the same weekday whose spread is taken
	least   = 3  // of these at least had calls: else nothing is expected
	handled = 14 // days whose calls tell how long one takes
	weighed = 20_000
)

// habits is what the past days say, made anew every half hour.
type habits struct {
	mu    sync.Mutex // guards what follows
	at    time.Time  // the half hour for which it was made
	owed  int        // events that lists lacked then
	count map[string]*[48]int
	aht   time.Duration
}

// ahead adds the half hours that come.
func (f *board) ahead(a *app.FloorAnswer) error {
	h := engine.StateOf[habits](f.Engine)
	h.mu.Lock()
	defer h.mu.Unlock()
	owed, err := f.Owed()
	if err != nil {
		return err
	}
	if !h.at.Equal(f.begins) || h.owed != owed {
		if err := f.learn(h); err != nil {
			return err
		}
		h.at, h.owed = f.begins, owed
	}
	a.Handled = int64(h.aht.Seconds())
	for i := range app.FloorAhead {
		at := f.begins.Add(time.Duration(i+1) * half)
		x := app.HalfHour{At: at.UnixMilli(), Ahead: true}
		if x.Open = f.days.Hours.Between(at, at.Add(half)) > 0; x.Open {
			x.Expected, x.Known = f.expect(h, at)
		}
		if x.Known = x.Known && h.aht > 0; x.Known {
			load := spc.Load{Calls: x.Expected, Interval: half, AHT: h.aht}
			s, err := load.Staff(spc.Goal{Level: a.Aimed, Within: time.Duration(a.Within) * time.Second})
			if err != nil { // no number of agents is enough: nothing is said
				x.Known = false
			} else {
				x.Need, x.Level = s.Agents, load.Serve(a.There, time.Duration(a.Within)*time.Second).Level
			}
		}
		a.Halves = append(a.Halves, x)
	}
	return nil
}

// today are the figures of the day that goes on.
func (f *board) today() ([]tally.Figure, error) {
	day, err := f.days.Day(f.now)
	if err != nil {
		return nil, err
	}
	return f.days.Whole([]month.Figures{day}), nil
}

// learn counts the calls of the past days by half hour, and how long one takes.
func (f *board) learn(h *habits) error {
	from := f.now.AddDate(0, 0, -7*history)
	from = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, f.now.Location())
	recent := f.now.AddDate(0, 0, -handled)
	h.count = map[string]*[48]int{}
	var sum time.Duration
	n := 0
	for k, err := range f.Reader.Scan(engine.Prefix(calls.IxCall), engine.Prefix(calls.IxCall, from.UnixMilli()), false) {
		if err != nil {
			return err
		}
		at := time.UnixMilli(engine.InstantOf(k.Key)).In(f.now.Location())
		day := at.Format(time.DateOnly)
		if h.count[day] == nil {
			h.count[day] = &[48]int{}
		}
		h.count[day][at.Hour()*2+at.Minute()/30]++
		if at.Before(recent) || n >= weighed {
			continue
		}
		v, err := calls.Read(f.Reader, engine.IDOf(k.Key))
		if err != nil {
			return err
		}
		if c := v.Call; c.Answered() && c.Outcome != phone.NoOutcome && c.Talk+c.Hold+c.WrapUp < longest {
			sum, n = sum+c.Talk+c.Hold+c.WrapUp, n+1
		}
	}
	if h.aht = 0; n > 0 {
		h.aht = sum / time.Duration(n)
	}
	return nil
}

// expect is how many calls half an hour will bring; false when too few days were seen.
func (f *board) expect(h *habits, at time.Time) (float64, bool) {
	day := func(t time.Time) (spc.Day, *[48]int) {
		d := spc.Day{Date: t}
		c := h.count[t.Format(time.DateOnly)]
		noon := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
		switch {
		case f.days.Hours.Between(noon, noon.AddDate(0, 0, 1)) == 0:
			d.Kind = spc.Closed
		case f.days.Hours.Holiday(t.Year(), t.Month(), t.Day()):
			d.Kind = spc.Holiday
		}
		if c != nil {
			for _, n := range c {
				d.X += float64(n)
			}
		}
		return d, c
	}
	var days []spc.Day
	for i := 7 * history; i >= 1; i-- {
		d, c := day(at.AddDate(0, 0, -i))
		if len(days) == 0 && c == nil { // before the first call nothing was counted
			continue
		}
		if d.Date.Format(time.DateOnly) == f.now.Format(time.DateOnly) { // it is not over
			continue
		}
		days = append(days, d)
	}
	want, _ := day(at)
	want.X = math.NaN()
	days = append(days, want)
	var whole, part float64
	seen := 0
	slot := at.Hour()*2 + at.Minute()/30
	for w := 1; w <= likely; w++ {
		d, c := day(at.AddDate(0, 0, -7*w))
		if c == nil || d.Kind != spc.Ordinary {
			continue
		}
		seen++
		whole, part = whole+d.X, part+float64(c[slot])
	}
	if seen < least || whole == 0 {
		return 0, false
	}
	if n, known := f.ofDay(days); known {
		return n * part / whole, true
	}
	return part / float64(seen), true
}

// ofDay forecasts the last of some days.
func (f *board) ofDay(days []spc.Day) (float64, bool) {
	p, err := spc.Forecast(days, max(1, gap(days)), 0.8)
	if err != nil || len(p) == 0 {
		return 0, false
	}
	v := p[len(p)-1].Value
	return v, !math.IsNaN(v)
}

// gap is how many days lie between the last of which something is known and the last.
func gap(days []spc.Day) int {
	last := days[len(days)-1].Date
	for i := len(days) - 2; i >= 0; i-- {
		if !math.IsNaN(days[i].X) {
			a, b := days[i].Date, last
			return int(time.Date(b.Year(), b.Month(), b.Day(), 0, 0, 0, 0, time.UTC).Sub(time.Date(a.Year(), a.Month(), a.Day(), 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
		}
	}
	return 1
}
