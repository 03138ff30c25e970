package floor

import (
	"sync"
	"time"

	"punto/app"
	"punto/app/analysis"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/records"
	"punto/app/spc"
	"punto/app/tally"
)

// What the next half hours take is what the analysis unit says of the calls of all contracts,
// which the same agents answer.

// habits is what the days before today say, made anew every day.
type habits struct {
	mu   sync.Mutex // guards what follows
	day  string     // for which it was made; "" = not yet
	owed int        // events that lists lacked then
	of   *analysis.Demand
	on   map[string]*[48]float64 // calls by half hour of the days that come; nil = not known
}

// ahead adds the half hours that come.
func (f *board) ahead(a *app.FloorAnswer, goal spc.Goal) error {
	h := engine.StateOf[habits](f.Engine)
	h.mu.Lock()
	defer h.mu.Unlock()
	owed, err := f.Owed()
	if err != nil {
		return err
	}
	if today := f.days.Today(); h.day != today || h.owed != owed {
		if h.of, err = demand(f.Look); err != nil {
			return err
		}
		h.day, h.owed, h.on = today, owed, map[string]*[48]float64{}
	}
	a.Handled = int64(h.of.AHT().Seconds())
	for i := range app.FloorAhead {
		at := f.begins.Add(time.Duration(i+1) * half)
		x := app.HalfHour{At: at.UnixMilli(), Ahead: true}
		if x.Open = f.days.Hours.Between(at, at.Add(half)) > 0; x.Open {
			by, err := h.calls(f.days, at)
			if err != nil {
				return err
			}
			if by != nil {
				x.Expected, x.Known = by[at.Hour()*2+at.Minute()/30], h.of.AHT() > 0
			}
		}
		if x.Known {
			load := h.of.Load(x.Expected)
			s, err := load.Staff(h.of.Within(goal))
			if err != nil { // no number of agents is enough: nothing is said
				x.Known = false
			} else {
				x.Need, x.Level = s.Agents, load.Serve(a.There, goal.Within).Level
			}
		}
		a.Halves = append(a.Halves, x)
	}
	return nil
}

// calls are those of the day of an instant by half hour; nil where they are not known.
func (h *habits) calls(d *month.Daily, at time.Time) (*[48]float64, error) {
	day := at.Format(time.DateOnly)
	if by, known := h.on[day]; known {
		return by, nil
	}
	by, ok, err := h.of.On(d, at)
	if err != nil {
		return nil, err
	}
	if h.on[day] = nil; ok {
		h.on[day] = &by
	}
	return h.on[day], nil
}

// demand is that of all contracts.
func demand(l *engine.Look) (sum *analysis.Demand, err error) {
	for c, err := range records.Each[desk.Contract](l.Names, desk.ContractType) {
		if err != nil {
			return nil, err
		}
		d, err := month.NewDaily(l, c.ID)
		if err != nil {
			return nil, err
		}
		x, err := analysis.DemandOf(d)
		switch {
		case err != nil:
			return nil, err
		case sum == nil:
			sum = x
		default:
			sum.Add(x)
		}
	}
	if sum == nil {
		sum = &analysis.Demand{}
	}
	return sum, nil
}

// today are the figures of the day that goes on.
func (f *board) today() ([]tally.Figure, error) {
	day, err := f.days.Day(f.now)
	if err != nil {
		return nil, err
	}
	return f.days.Whole([]month.Figures{day}), nil
}
