package dossier

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
)

const (
	mostLines = 200 // of cases, and of calls
	mostSame  = 5
	day       = int64(24 * time.Hour / time.Millisecond)
)

func askDossier(l *engine.Look, q app.Dossier) (app.Answer, error) {
	if _, err := person(l.Names, q.ID); err != nil {
		return nil, err
	}
	ids, err := one(l.Names, q.ID)
	if err != nil {
		return nil, err
	}
	var a app.DossierAnswer
	if a.Row, err = records.Person(l, ids[0]); err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for i, id := range ids {
		p, err := records.Person(l, id)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			a.Merged = append(a.Merged, p)
		}
		for _, n := range append(slices.Clip(p.Person.Phones), p.Person.Extension) {
			if k := calls.CallerKey(n); k != "" {
				keys[k] = true
			}
		}
	}
	onAsset, err := casesOf(l, ids, &a)
	if err != nil {
		return nil, err
	}
	if err := callsOf(l, keys, &a); err != nil {
		return nil, err
	}
	slices.SortStableFunc(a.Told, func(x, y app.DossierLine) int { return cmp.Compare(y.At, x.At) })
	for _, id := range ids {
		owned, err := assets(l.Names, id)
		if err != nil {
			return nil, err
		}
		for _, x := range owned {
			a.Assets = append(a.Assets, app.DossierAsset{ID: x.ID, Of: x.Of, Cases: onAsset[x.ID]})
		}
	}
	if a.Same, err = alike(l, ids, a.Row.Person); err != nil {
		return nil, err
	}
	id, k, err := records.ContractOf(l.Names, a.Row.Person.Contract)
	if err != nil {
		return nil, err
	}
	a.Contract = k
	a.Hours, a.Until, err = promises.OpenNow(l, id, k)
	return a, err
}

// casesOf puts the cases of a person into the page: their lines, what is counted of them,
// and what comes back. It gives how many each asset had.
func casesOf(l *engine.Look, ids []desk.ID, a *app.DossierAnswer) (map[desk.ID]int, error) {
	type found struct {
		id desk.ID
		v  cases.View
	}
	var all []found
	for _, id := range ids {
		n := 0
		for k, err := range l.Reader.Scan(engine.Prefix(cases.IxPerson, id), nil, true) {
			if err != nil {
				return nil, err
			}
			if n++; n > mostLines {
				break
			}
			v, err := cases.Read(l.Reader, engine.IDOf(k.Key))
			if errors.Is(err, engine.ErrUnreadable) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = append(all, found{engine.IDOf(k.Key), v})
		}
	}
	slices.SortFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(y.v.Case.OpenedAt, x.v.Case.OpenedAt), bytes.Compare(x.id[:], y.id[:]))
	})
	onAsset := map[desk.ID]int{}
	var order []string
	by := map[string]*app.DossierReturn{}
	for _, x := range all[:min(len(all), mostLines)] {
		row, err := cases.Row(l, x.id, x.v)
		if err != nil {
			return nil, err
		}
		c := &x.v.Case
		a.Told = append(a.Told, app.DossierLine{At: c.OpenedAt, Case: &row})
		if c.Status.Open() {
			a.Open++
		}
		if c.OpenedAt <= l.Now-app.DossierDays*day {
			continue
		}
		a.Cases++
		onAsset[c.Asset]++
		if c.Category == "" || c.Status == desk.Merged || c.Status == desk.Cancelled {
			continue
		}
		r := by[c.Category]
		if r == nil {
			r = &app.DossierReturn{Code: c.Category, Last: c.OpenedAt}
			by[c.Category] = r
			order = append(order, c.Category)
		}
		if c.OpenedAt > r.Last-30*day {
			r.Times, r.First, r.Cases = r.Times+1, c.OpenedAt, append(r.Cases, x.id)
		}
	}
	for _, code := range order {
		if by[code].Times > 1 {
			a.Returns = append(a.Returns, *by[code])
		}
	}
	slices.SortStableFunc(a.Returns, func(x, y app.DossierReturn) int { return cmp.Compare(y.Times, x.Times) })
	return onAsset, nil
}

// callsOf puts the calls from the numbers of a person into the page.
func callsOf(l *engine.Look, keys map[string]bool, a *app.DossierAnswer) error {
	var lines []app.DossierLine
	for key := range keys {
		for _, index := range []byte{calls.IxReached, calls.IxLostBy} {
			n := 0
			for k, err := range l.Reader.Scan(engine.Prefix(index, key), nil, true) {
				if err != nil {
					return err
				}
				if n++; n > mostLines {
					break
				}
				id := engine.IDOf(k.Key)
				v, err := calls.Read(l.Reader, id)
				if errors.Is(err, engine.ErrUnreadable) || err == nil && v.Call.UniqueID == "" {
					continue // it is a try of somebody who called back
				}
				if err != nil {
					return err
				}
				lines = append(lines, app.DossierLine{At: v.Call.OfferedAt.UnixMilli(), Call: &app.DossierCall{ID: id, Agent: v.Call.Agent, Lost: calls.Lost(v.Call),
					Wait: int64(v.Call.Wait / time.Second), Talk: int64(v.Call.Talk / time.Second)}})
			}
		}
	}
	slices.SortFunc(lines, func(x, y app.DossierLine) int {
		return cmp.Or(cmp.Compare(y.At, x.At), bytes.Compare(x.Call.ID[:], y.Call.ID[:]))
	})
	lines = lines[:min(len(lines), mostLines)]
	for _, x := range lines {
		if x.At > l.Now-app.DossierDays*day {
			a.Calls++
			if x.Call.Lost {
				a.Lost++
			}
		}
	}
	a.Told = append(a.Told, lines...)
	return nil
}

// alike are other users with a number or the name of this one, those of its address first.
func alike(l *engine.Look, ids []desk.ID, p desk.Person) (out []app.PersonRow, err error) {
	use := func(prefix []byte, is func(desk.Person) bool) error {
		n := 0
		for k, err := range l.Reader.Scan(prefix, nil, false) {
			if n++; err != nil || n > mostLines {
				return err
			}
			id := engine.IDOf(k.Key)
			if len(out) == mostSame || slices.Contains(ids, id) || slices.ContainsFunc(out, func(r app.PersonRow) bool { return r.ID == id }) {
				continue
			}
			r, err := records.Person(l, id)
			if err != nil {
				return err
			}
			if !r.Person.Gone && is(r.Person) {
				out = append(out, r)
			}
		}
		return nil
	}
	err = use(engine.Prefix(records.IxRecord, desk.PersonType, records.Folded(p.Name)), func(x desk.Person) bool { return records.Folded(x.Name) == records.Folded(p.Name) })
	for _, n := range append(slices.Clip(p.Phones), p.Extension) {
		if d := records.Digits(n); err == nil && d != "" {
			err = use(engine.Prefix(records.IxPhone, d), func(x desk.Person) bool {
				return slices.ContainsFunc(append(slices.Clip(x.Phones), x.Extension), func(s string) bool { return records.Digits(s) == d })
			})
		}
	}
	slices.SortStableFunc(out, func(x, y app.PersonRow) int {
		mail := func(r app.PersonRow) bool { return p.Email != "" && strings.EqualFold(r.Person.Email, p.Email) }
		switch {
		case mail(x) && !mail(y):
			return -1
		case mail(y) && !mail(x):
			return 1
		}
		return 0
	})
	return out, err
}
