package month

import (
	"context"
	"math"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/sla"
	"punto/app/tally"
)

// Daily gives the figures of a contract day by day, over one snapshot: for what
// watches and compares days.
type Daily struct {
	*engine.Look
	Zone     *time.Location
	Contract desk.Contract
	Hours    *sla.Hours // of the contract
	id       desk.ID
	months   map[string]*monthSum
	days     map[string]Figures
}

// Figures are those of one civil day. Closed is a day without service hours.
type Figures struct {
	Closed bool
	sum    *tally.Accumulator
	of     []tally.Figure
}

// Of is the figure of an index.
func (f Figures) Of(index string) (x tally.Figure) {
	for _, x = range f.of {
		if x.ID == index {
			return x
		}
	}
	return tally.Figure{ID: index}
}

// NewDaily looks up what days of a contract are summed by.
func NewDaily(l *engine.Look, contract desk.ID) (*Daily, error) {
	m, err := newMonthSum(l, app.Month{Month: time.UnixMilli(l.Now).UTC().Format("2006-01"), Contract: contract})
	if err != nil {
		return nil, err
	}
	return &Daily{Look: l, Zone: m.zone, Contract: m.contract, Hours: m.hours, id: m.id, months: map[string]*monthSum{}, days: map[string]Figures{}}, nil
}

// Seal seals the closed days of months of a contract, so that their days are summed
// from columns.
func Seal(ctx context.Context, e *engine.Engine, contract desk.ID, months []string) error {
	if n, _ := e.Log.Owed(); n > 0 { // nothing is kept of figures that lack something
		return nil
	}
	for _, month := range months {
		if _, err := sealMonth(ctx, e, app.Month{Month: month, Contract: contract}, math.MaxInt); err != nil {
			return err
		}
	}
	return nil
}

// Today is the civil day that goes on: it has not all of its events.
func (d *Daily) Today() string { return time.UnixMilli(d.Now).In(d.Zone).Format(time.DateOnly) }

// Day sums the civil day on which an instant lies. A reopening counts in it as in its
// month.
func (d *Daily) Day(at time.Time) (Figures, error) {
	at = at.In(d.Zone)
	name := at.Format(time.DateOnly)
	if f, known := d.days[name]; known {
		return f, nil
	}
	if err := d.Ctx.Err(); err != nil {
		return Figures{}, err
	}
	m, err := d.of(name[:len("2006-01")])
	if err != nil {
		return Figures{}, err
	}
	p := tally.DayOf(at, d.Zone)
	sum, err := m.day(p)
	if err != nil {
		return Figures{}, err
	}
	f := Figures{Closed: m.hours.Between(p.From, p.To) == 0, sum: sum, of: sum.Figures(nil)}
	d.days[name] = f
	return f, nil
}

// Whole is every index over several days: ratios of sums, judged against
// the contract's goals.
func (d *Daily) Whole(days []Figures) []tally.Figure {
	sum := tally.New(tally.Rules{})
	for _, f := range days {
		sum.Merge(f.sum)
	}
	return sum.Figures(d.Contract.Goals)
}
