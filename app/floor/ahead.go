package floor

import (
	"errors"
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
// (spc.Forecast); they come spread over the day as on the last days of the same weekday
// (spc.Spread); and Erlang C says how many agents that takes.

const (
	history = 13 // weeks that are looked back
	recent  = 14 // days whose calls tell how long one takes
	weighed = 20_000
	level   = 0.8 // of the forecast's interval, which is not shown
)

// habits is what the past days say, made anew every half hour.
type habits struct {
	mu   sync.Mutex // guards what follows
	at   time.Time  // the half hour for which it was made
	owed int        // events that lists lacked then
	days []spc.Halves
	told map[string]float64 // calls of the days that come, by date
	aht  time.Duration
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

// learn counts the calls of the past days by half hour, how long one takes, and forecasts
// today and tomorrow.
func (f *board) learn(h *habits) error {
	today := tally.DayOf(f.now, f.now.Location()).From
	from, lately := f.noon(-7*history), f.noon(-recent)
	count := map[string]*[48]float64{}
	first := ""
	var sum time.Duration
	n := 0
	for k, err := range f.Reader.Scan(engine.Prefix(calls.IxCall), engine.Prefix(calls.IxCall, from.UnixMilli()), false) {
		if err != nil {
			return err
		}
		at := time.UnixMilli(engine.InstantOf(k.Key)).In(f.now.Location())
		if !at.Before(today) {
			break
		}
		day := at.Format(time.DateOnly)
		if first == "" {
			first = day // before it nothing was counted
		}
		if count[day] == nil {
			count[day] = &[48]float64{}
		}
		count[day][at.Hour()*2+at.Minute()/30]++
		if at.Before(lately) || n >= weighed {
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
	h.days, h.told, h.aht = nil, map[string]float64{}, 0
	if n > 0 {
		h.aht = sum / time.Duration(n)
	}
	for i := -7 * history; first != "" && i < 0; i++ {
		t := f.noon(i)
		if t.Format(time.DateOnly) < first {
			continue
		}
		x := spc.Halves{Day: f.day(t)}
		if by := count[t.Format(time.DateOnly)]; by != nil {
			x.By = *by
		}
		for _, n := range x.By {
			x.X += n
		}
		h.days = append(h.days, x)
	}
	return f.forecast(h)
}

// forecast tells the calls of today and tomorrow; of neither where too few days are known.
func (f *board) forecast(h *habits) error {
	var days []spc.Day
	for _, x := range h.days {
		days = append(days, x.Day)
	}
	for i := range 2 {
		if d := f.day(f.noon(i)); d.Kind != spc.Ordinary && len(days) > 0 {
			d.X = math.NaN()
			days = append(days, d)
		}
	}
	told, err := spc.Forecast(days, 3, level)
	if errors.Is(err, spc.ErrShort) || errors.Is(err, spc.ErrNoDays) {
		return nil
	}
	for _, p := range told {
		if !math.IsNaN(p.Value) {
			h.told[p.Date.Format(time.DateOnly)] = p.Value
		}
	}
	return err
}

// noon is that of a day so many after today: a midnight may not be there.
func (f *board) noon(after int) time.Time {
	y, m, d := f.now.Date()
	return time.Date(y, m, d+after, 12, 0, 0, 0, f.now.Location())
}

// day is what sort of day one is in the calendar of the contract.
func (f *board) day(t time.Time) spc.Day {
	d, p := spc.Day{Date: t}, tally.DayOf(t, t.Location())
	switch {
	case f.days.Hours.Between(p.From, p.To) == 0:
		d.Kind = spc.Closed
	case f.days.Hours.Holiday(t.Year(), t.Month(), t.Day()):
		d.Kind = spc.Holiday
	}
	return d
}

// expect is how many calls half an hour will bring; false when too few days were seen.
func (f *board) expect(h *habits, at time.Time) (float64, bool) {
	by, ok := spc.Spread(h.days, spc.Day{Date: at})
	n, told := h.told[at.Format(time.DateOnly)]
	return n * by[at.Hour()*2+at.Minute()/30], ok && told
}
