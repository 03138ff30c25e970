package month

import (
	"errors"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/surveys"
	"punto/app/tally"
)

// What watches and compares needs the rows behind the figures, one by one.

// of is what a month of the contract is summed by.
func (d *Daily) of(name string) (*monthSum, error) {
	m := d.months[name]
	if m == nil {
		var err error
		if m, err = newMonthSum(d.Look, app.Month{Month: name, Contract: d.id}); err != nil {
			return nil, err
		}
		d.months[name] = m
	}
	return m, nil
}

// ID is that of the contract.
func (d *Daily) ID() desk.ID { return d.id }

// EachCall walks the calls of the contract that were offered in a period, in the order of
// time.
func (d *Daily) EachCall(p tally.Period, use func(phone.Call, desk.ID) error) error {
	m, err := d.of(p.From.In(d.Zone).Format("2006-01"))
	if err != nil {
		return err
	}
	return m.between(calls.IxCall, p, func(id desk.ID) error {
		if err := d.Ctx.Err(); err != nil {
			return err
		}
		var v calls.View
		b, err := m.Reader.View(desk.Entity{Type: desk.CallType, ID: id})
		if err == nil {
			err = engine.DecodeView(b, &v)
		}
		if errors.Is(err, engine.ErrUnreadable) {
			return nil // it never hides the others
		}
		if err != nil {
			return err
		}
		if whose, err := m.owner(&v); err != nil || whose != m.id {
			return err
		}
		return use(v.Call, v.Case)
	})
}

// EachOpened walks the cases of the contract that were opened in a period, in the order
// of time, as they are now; without what was cancelled, or merged into another.
func (d *Daily) EachOpened(p tally.Period, use func(desk.ID, *desk.Case) error) error {
	m, err := d.of(p.From.In(d.Zone).Format("2006-01"))
	if err != nil {
		return err
	}
	return m.between(cases.IxOpened, p, func(id desk.ID) error {
		if err := d.Ctx.Err(); err != nil {
			return err
		}
		v, err := cases.Read(m.Reader, id)
		if errors.Is(err, engine.ErrUnreadable) {
			return nil // it never hides the others
		}
		if err != nil || v.Case.Contract != m.id || v.Case.Status == desk.Cancelled || v.Case.Status == desk.Merged {
			return err
		}
		return use(id, &v.Case)
	})
}

// Until is the end of a period, or now while it goes on.
func (d *Daily) Until(p tally.Period) time.Time {
	if now := time.UnixMilli(d.Now); now.Before(p.To) {
		return now
	}
	return p.To
}

// EachTold walks the calls of the contract that were offered in a period, which lies in
// one month, as the indices see them.
func (d *Daily) EachTold(p tally.Period, use func(tally.Call) error) error {
	m, err := d.of(p.From.In(d.Zone).Format("2006-01"))
	if err != nil {
		return err
	}
	return d.EachCall(p, func(c phone.Call, _ desk.ID) error {
		t, err := m.call(c)
		if err != nil {
			return err
		}
		return use(t)
	})
}

// EachCase walks the cases of the contract that did something in a period, which lies in
// one month, each with what the indices count of it there: it was opened, it was resolved
// (by its last resolution of the month), it moved.
func (d *Daily) EachCase(p tally.Period, use func(desk.ID, tally.Day) error) error {
	m, err := d.of(p.From.In(d.Zone).Format("2006-01"))
	if err != nil {
		return err
	}
	seen := map[desk.ID]bool{}
	return m.between(cases.IxTurn, p, func(id desk.ID) error {
		if err := d.Ctx.Err(); err != nil || seen[id] {
			return err
		}
		seen[id] = true
		one := tally.Day{Date: p.From}
		if err := m.counted(id, p, taken(&one)); err != nil {
			return err
		}
		return use(id, one)
	})
}

// Sum adds rows of a month (2026-10) up by the rules of the contract.
func (d *Daily) Sum(month string) (*tally.Accumulator, error) {
	m, err := d.of(month)
	if err != nil {
		return nil, err
	}
	return tally.New(m.rules), nil
}

// Surveyed is an index of the surveys about the cases that were solved in a period.
func (d *Daily) Surveyed(index string, p tally.Period) (tally.Figure, error) {
	sum := tally.New(tally.Rules{})
	if err := surveys.Count(d.Names, d.id, p, sum); err != nil {
		return tally.Figure{}, err
	}
	return sum.Figure(index), nil
}

// EachScore walks the scores that users gave to cases of the contract that were solved in
// a period.
func (d *Daily) EachScore(p tally.Period, use func(id desk.ID, c *desk.Case, score int) error) error {
	return surveys.Scored(d.Names, d.id, p, use)
}

// EachOpen walks the cases of the contract that are open now.
func (d *Daily) EachOpen(use func(desk.ID, *desk.Case) error) error {
	for k, err := range d.Reader.Scan(engine.Prefix(cases.IxDue), nil, false) {
		if err != nil {
			return err
		}
		if err := d.Ctx.Err(); err != nil {
			return err
		}
		v, err := cases.Read(d.Reader, engine.IDOf(k.Key))
		if errors.Is(err, engine.ErrUnreadable) || err == nil && v.Case.Contract != d.id {
			continue
		}
		if err != nil {
			return err
		}
		if err := use(engine.IDOf(k.Key), &v.Case); err != nil {
			return err
		}
	}
	return nil
}

// Case is a case as it is now.
func (d *Daily) Case(id desk.ID) (desk.Case, error) {
	v, err := cases.Read(d.Reader, id)
	return v.Case, err
}
