package app

import (
	"slices"
	"strings"

	"punto/app/desk"
)

// RequireFields sets what a case has to tell before somebody solves it or hands it
// on: any of desk.Requirable. None is the default, and desk.RequiresNothing alone
// asks for nothing. Cases of other systems and of other workstations come in as
// they are.
type RequireFields struct{ Fields []string }

func (c RequireFields) do(o *op) (Receipt, error) {
	m, err := o.theModel()
	if err != nil {
		return Receipt{}, err
	}
	m.Requires = c.Fields
	return SaveModel{Model: m}.do(o)
}

// requirable checks the names of required fields.
func requirable(fields []string) error {
	if slices.Equal(fields, []string{desk.RequiresNothing}) {
		return nil
	}
	for _, f := range fields {
		if !slices.Contains(desk.Requirable, f) {
			return fail(Invalid, "%q is not a field that can be required: there are %s, and %q alone for none", f, strings.Join(desk.Requirable, ", "), desk.RequiresNothing)
		}
	}
	return nil
}

// lacking says which required field a case does not have.
func lacking(field string, n desk.Number) error {
	switch field {
	case "caller":
		return fail(Invalid, "case %s does not say whom it is for: choose the user first", n)
	case "category":
		return fail(Invalid, "case %s has no category: choose one of the list first", n)
	case "impact":
		return fail(Invalid, "case %s has no impact: choose it first", n)
	case "urgency":
		return fail(Invalid, "case %s has no urgency: choose it first", n)
	}
	return fail(Invalid, "case %s has no description: write it first", n)
}

// whole refuses to end or hand on a case that lacks what the service model
// requires.
func (o *op) whole(k *desk.Case) error {
	m, err := o.theModel()
	if err != nil {
		return err
	}
	if f := m.Lacks(&k.Opened); f != "" {
		return about(f, lacking(f, k.Number))
	}
	return nil
}

// about says which input a failure is about.
func about(field string, err error) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // fresh from fail
		e.Field = field
	}
	return err
}

// RegisterCase opens a case and does at once what it was opened for, in one
// commit and at one instant: solves it, hands it off or suspends it; with none of
// the three it is OpenCase. Their Case is left empty. A second one with the same
// id changes nothing that the first has done.
type RegisterCase struct {
	OpenCase
	Resolve *ResolveCase `json:",omitempty"`
	HandOff *HandOffCase `json:",omitempty"`
	Suspend *SuspendCase `json:",omitempty"`
}

func (c RegisterCase) do(o *op) (Receipt, error) {
	r, err := c.OpenCase.do(o)
	if err != nil {
		return r, err
	}
	k, err := o.caseOf(r.ID)
	if err != nil {
		return r, err
	}
	switch {
	case c.Resolve != nil && k.Status.Open():
		c.Resolve.Case = r.ID
		return c.Resolve.do(o)
	case c.HandOff != nil && k.Group != c.HandOff.Group:
		c.HandOff.Case = r.ID
		return c.HandOff.do(o)
	case c.Suspend != nil && k.Status != desk.Pending:
		c.Suspend.Case = r.ID
		return c.Suspend.do(o)
	}
	return r, nil
}
