package app

import (
	"errors"
	"strings"

	"punto/app/desk"
)

// byRow is a command whose rows are looked at one by one: a bad one is rejected,
// and the others go in.
type byRow interface{ byRow() }

func (ImportCalls) byRow()   {}
func (ImportCases) byRow()   {}
func (ImportRecords) byRow() {}

// fit refuses a command or query with a value outside its bounds.
func fit(v any) error {
	if _, rows := v.(byRow); rows {
		return nil
	}
	var m *desk.Misfit
	if errors.As(desk.Door.Fit(v), &m) {
		e := fail(Invalid, m.Form, m.Args...).(*Error)
		e.Field = strings.ToLower(m.Field)
		return e
	}
	return nil
}

// fitRow tells why a row of an import does not go in; "" when it does.
func fitRow(parts ...any) string {
	for _, v := range parts {
		if err := desk.Door.Fit(v); err != nil {
			return err.Error()
		}
	}
	return ""
}

// graded refuses grades that the matrix does not have; 0 is none.
func graded(grades ...int) error {
	for _, g := range grades {
		if g < 0 || g > 4 {
			return fail(Invalid, "impact, urgency and priority go from 1 to 4")
		}
	}
	return nil
}

func gradedEdit(e *desk.Edited) error {
	for _, g := range []*int{e.Impact, e.Urgency, e.Priority} {
		if g != nil {
			if err := graded(*g); err != nil {
				return err
			}
		}
	}
	return nil
}
