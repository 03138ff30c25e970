package cases

import (
	"errors"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// mostLinked is how many cases of one sort a page names.
const mostLinked = 200

// linked are the cases that a case is linked with; one that is not here, or cannot be
// read, is passed over.
func linked(l *engine.Look, id desk.ID, c *desk.Case) (out []app.LinkedCase, err error) {
	add := func(how string, ids ...desk.ID) error {
		for _, id := range ids[:min(len(ids), mostLinked)] {
			if id.IsZero() {
				continue
			}
			v, err := Read(l.Reader, id)
			if errors.Is(err, engine.ErrUnreadable) || err == nil && v.Case.Status == desk.NoStatus {
				continue
			}
			if err != nil {
				return err
			}
			out = append(out, app.LinkedCase{How: how, ID: id, Number: v.Case.Number, Subject: engine.Begins(v.Case.Subject, desk.MaxLine), Status: v.Case.Status})
		}
		return nil
	}
	var children []desk.ID
	for k, err := range l.Reader.Scan(engine.Prefix(ixParent, id), nil, true) {
		if err != nil {
			return nil, err
		}
		if children = append(children, engine.IDOf(k.Key)); len(children) == mostLinked {
			break
		}
	}
	for _, x := range []struct {
		how string
		ids []desk.ID
	}{{"parent", []desk.ID{c.Parent}}, {"into", []desk.ID{c.Into}}, {"child", children}, {"absorbed", c.Absorbed}, {"split", c.Splits}} {
		if err := add(x.how, x.ids...); err != nil {
			return nil, err
		}
	}
	return out, nil
}
