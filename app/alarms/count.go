package alarms

import (
	"cmp"
	"slices"
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/engine"
	"punto/app/records"
)

// askEscalations counts the alarms of a time and a contract by clock and rung.
func askEscalations(l *engine.Look, q app.Escalations) (a app.EscalationsAnswer, err error) {
	type rung struct {
		clock   string
		n       int
		unacked bool
	}
	sums := map[rung]*app.EscalationRow{}
	contract, _, err := records.ContractOf(l.Names, q.Contract)
	if err != nil {
		return a, err
	}
	for k, err := range l.Reader.Scan(engine.Prefix(ixFired), engine.Prefix(ixFired, q.From), false) {
		if err != nil {
			return a, err
		}
		if engine.InstantOf(k.Key) >= q.Until {
			break
		}
		r, err := row(l.Names, engine.IDOf(k.Key))
		if err != nil {
			return a, err
		}
		if v, err := cases.Read(l.Reader, r.Alarm.Case); err != nil {
			return a, err
		} else if v.Case.Contract != contract {
			continue
		}
		kind, _, _ := strings.Cut(r.Alarm.Clock, "/")
		key := rung{kind, r.Alarm.Rung, r.Alarm.Unacked}
		s := sums[key]
		if s == nil {
			s = &app.EscalationRow{Clock: kind, Rung: r.Alarm.Rung, Unacked: r.Alarm.Unacked}
			sums[key] = s
		}
		if r.False {
			s.False++
			continue
		}
		s.Fired++
		if r.Alarm.AckDue == 0 {
			continue
		}
		switch s.Asked++; {
		case r.Alarm.AckAt == 0:
		case r.Alarm.AckAt <= r.Alarm.AckDue:
			s.InTime++
		default:
			s.Late++
		}
	}
	for _, s := range sums {
		a.Rows = append(a.Rows, *s)
	}
	slices.SortFunc(a.Rows, func(x, y app.EscalationRow) int {
		return cmp.Or(cmp.Compare(x.Clock, y.Clock), cmp.Compare(x.Rung, y.Rung), strings.Compare(map[bool]string{true: "b", false: "a"}[x.Unacked], map[bool]string{true: "b", false: "a"}[y.Unacked]))
	})
	return a, nil
}
