package people

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// ByNumber are the users whose number it is, whole, however it is written: of a number
// that several share all of them, at most limit.
func ByNumber(l *engine.Look, text string, limit int) (out []app.PersonRow, err error) {
	seen := map[desk.ID]bool{}
	use := func(id desk.ID) error {
		if seen[id] || len(out) >= limit {
			return nil
		}
		seen[id] = true
		p, err := records.Person(l, id)
		if err == nil && p.Person.Name != "" && !p.Person.Gone {
			out = append(out, p)
		}
		return err
	}
	if d := records.Digits(text); d != "" {
		for k, err := range l.Reader.Scan(engine.Prefix(records.IxPhone, d), nil, false) {
			if err == nil {
				err = use(engine.IDOf(k.Key))
			}
			if err != nil || len(out) >= limit {
				return out, err
			}
		}
	}
	for id, err := range called(l, text) {
		if err == nil {
			err = use(id)
		}
		if err != nil || len(out) >= limit {
			return out, err
		}
	}
	return out, nil
}
