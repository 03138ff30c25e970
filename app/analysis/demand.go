package analysis

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"time"

	"punto/app/desk"
	"punto/app/month"
	"punto/app/phone"
	"punto/app/spc"
	"punto/app/tally"
)

// What half hours bring, and what that takes.

const (
	weeksCounted  = 20 // of half hours
	weeksOfTimes  = 4  // of how long calls take, and callers wait
	fewestGivenUp = 30 // calls, for their patience to be known
	longestCall   = 4 * time.Hour
	levelAimed    = 0.8 // of the calls answered in time, where the contract names none
	answeredIn    = 20  // seconds, likewise
)

// Demand is what the days before today tell of those that come: the calls offered in
// service hours by half hour of the civil day, and how long calls took, and callers were
// ready to wait, on the last of them. The zero Demand is of no contract.
type Demand struct {
	days            []spc.Halves
	handled, waited time.Duration
	answered, gone  int
}

// DemandOf counts the calls of a contract.
func DemandOf(d *month.Daily) (*Demand, error) {
	x := &Demand{}
	today := day(d.Today())
	first := today.AddDate(0, 0, -7*weeksCounted)
	for t := first; t.Before(today); t = t.AddDate(0, 0, 1) {
		x.days = append(x.days, spc.Halves{Day: spc.Day{Date: t, Kind: kindOf(d, t)}})
	}
	recent := civil(d, today.AddDate(0, 0, -7*weeksOfTimes)).From
	return x, d.EachCall(tally.Period{From: civil(d, first).From, To: civil(d, today).From}, func(c phone.Call, _ desk.ID) error {
		at := c.OfferedAt.In(d.Zone)
		open := d.Hours.Between(at, at.Add(time.Second)) > 0
		if !open || c.Outcome == phone.LostInMenu || c.Outcome == phone.Closed {
			return nil // in no figure of what is offered
		}
		i := int(day(at.Format(time.DateOnly)).Sub(first).Hours() / 24)
		if i < 0 || i >= len(x.days) {
			return nil
		}
		x.days[i].By[at.Hour()*2+at.Minute()/30]++
		x.days[i].X++
		if at.Before(recent) {
			return nil
		}
		spent := c.Talk + c.Hold + c.WrapUp
		switch {
		case c.Answered() && spent < longestCall:
			x.handled, x.waited, x.answered = x.handled+spent, x.waited+c.Wait, x.answered+1
		case c.Outcome == phone.Abandoned:
			x.waited, x.gone = x.waited+c.Wait, x.gone+1
		}
		return nil
	})
}

// Add adds the demand of another contract, whose calls the same agents answer. A day on
// which either has service has it.
func (x *Demand) Add(o *Demand) {
	for i := range x.days {
		d := &x.days[i]
		k := slices.IndexFunc(o.days, func(y spc.Halves) bool { return y.Date.Equal(d.Date) })
		if k < 0 {
			continue
		}
		for h, n := range o.days[k].By {
			d.By[h] += n
		}
		if d.X += o.days[k].X; d.Kind != spc.Ordinary {
			d.Kind = min(d.Kind, o.days[k].Kind)
		}
	}
	x.handled, x.waited = x.handled+o.handled, x.waited+o.waited
	x.answered, x.gone = x.answered+o.answered, x.gone+o.gone
}

// AHT is the mean handling time; 0 = nobody has answered.
func (x *Demand) AHT() time.Duration {
	if x.answered == 0 {
		return 0
	}
	return x.handled / time.Duration(x.answered)
}

// Patience is the mean time after which a waiting caller gives up; 0 = too few have. Of
// times that are exponential, some of which were cut short by an answer, the mean is the sum
// of all by the number that were not (the likeliest; Garnett, Mandelbaum and Reiman 2002
// estimate the patience of callers so).
func (x *Demand) Patience() time.Duration {
	if x.gone < fewestGivenUp {
		return 0
	}
	return x.waited / time.Duration(x.gone)
}

// Load is so many calls in half an hour.
func (x *Demand) Load(calls float64) spc.Load {
	return spc.Load{Calls: calls, Interval: 30 * time.Minute, AHT: x.AHT(), Patience: x.Patience()}
}

// Within is a goal as far as it can be asked for: who gives up is known with the patience.
func (x *Demand) Within(g spc.Goal) spc.Goal {
	if x.Patience() == 0 {
		g.MaxAbandoned = 0
	}
	return g
}

// known are the days from the first on which somebody called.
func (x *Demand) known() []spc.Halves {
	i := slices.IndexFunc(x.days, func(d spc.Halves) bool { return d.X > 0 })
	if i < 0 {
		return nil
	}
	return x.days[i:]
}

// On is how many calls each half hour of a day brings, today or later; false where too few
// days are known. The day is one of the contract's calendar.
func (x *Demand) On(d *month.Daily, of time.Time) (by [48]float64, ok bool, err error) {
	of = day(of.Format(time.DateOnly))
	days := x.known()
	var plain, next []spc.Day
	for _, h := range days {
		plain = append(plain, h.Day)
	}
	for t := day(d.Today()); !t.After(of); t = t.AddDate(0, 0, 1) {
		next = append(next, spc.Day{Date: t, Kind: kindOf(d, t), X: math.NaN()})
	}
	if len(plain) == 0 || len(next) == 0 {
		return by, false, nil
	}
	told, err := forecast(plain, next)
	if errors.Is(err, spc.ErrShort) {
		return by, false, nil
	}
	by, ok = spc.Spread(days, spc.Day{Date: of})
	if err != nil || !ok || len(told) == 0 || known(told[len(told)-1].Value) == nil {
		return by, false, err
	}
	for h := range by {
		by[h] *= told[len(told)-1].Value
	}
	return by, true, nil
}

// GoalOf is what a contract asks of the telephones, without shrinkage.
func GoalOf(c desk.Contract) spc.Goal {
	g := spc.Goal{Level: levelAimed, Within: answeredIn * time.Second}
	for _, x := range c.Goals {
		switch {
		case x.Index == LevelOf(c) && x.AtLeast && x.Value > 0 && x.Value < 1:
			g.Level = x.Value
		case x.Index == "pct_abandoned" && !x.AtLeast && x.Value > 0 && x.Value < 1:
			g.MaxAbandoned = x.Value
		}
	}
	if c.AnswerIn > 0 {
		g.Within = time.Duration(c.AnswerIn) * time.Second
	}
	return g
}

// LevelOf is the index of the service level by a contract's formula.
func LevelOf(c desk.Contract) string { return "service_level_" + cmp.Or(c.Levels, "strict") }

// civil is a civil day of the contract, from its midnight to the next.
func civil(d *month.Daily, t time.Time) tally.Period {
	return tally.DayOf(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, d.Zone), d.Zone)
}

// kindOf is what sort of day one is in the calendar of the contract.
func kindOf(d *month.Daily, t time.Time) spc.Kind {
	p := civil(d, t)
	switch {
	case d.Hours.Between(p.From, p.To) == 0:
		return spc.Closed
	case d.Hours.Holiday(t.Year(), t.Month(), t.Day()):
		return spc.Holiday
	}
	return spc.Ordinary
}
