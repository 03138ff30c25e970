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
