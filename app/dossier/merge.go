// Package dossier is the room of one user: all that the desk knows of them on one page, and
// two records that are one person.
package dossier

import (
	"cmp"
	"slices"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "dossier", Handles: []engine.Handler{engine.Does(mergePeople), engine.Does(partPeople), engine.Asks(askDossier)}}
}

// mostMerged is how many records of one person count.
const mostMerged = 20

func person(n *engine.Names, id desk.ID) (desk.Person, error) {
	p, err := engine.Noun[desk.Person](n, desk.PersonType, id)
	if err == nil && p.Name == "" {
		err = app.Fail(app.NotFound, "there is no such user on this workstation")
	}
	return p, err
}

// stays is whose record stands for a user: two that were merged into each other, each on a
// workstation of its own, are the one with the smaller id.
func stays(n *engine.Names, id desk.ID) (desk.ID, error) {
	seen := []desk.ID{id}
	for range mostMerged {
		p, err := engine.Noun[desk.Person](n, desk.PersonType, id)
		if err != nil || p.Into.IsZero() {
			return id, err
		}
		if i := slices.Index(seen, p.Into); i >= 0 {
			return slices.MinFunc(seen[i:], func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) }), nil
		}
		id = p.Into
		seen = append(seen, id)
	}
	return id, nil
}

// one are the ids of all records of a person, the one that stays first.
func one(n *engine.Names, id desk.ID) ([]desk.ID, error) {
	id, err := stays(n, id)
	ids := []desk.ID{id}
	for i := 0; err == nil && i < len(ids) && len(ids) < mostMerged; i++ {
		for k, e := range n.Reader.Scan(engine.Prefix(records.IxInto, ids[i]), nil, false) {
			if e != nil {
				return nil, e
			}
			if x := engine.IDOf(k.Key); !slices.Contains(ids, x) && len(ids) < mostMerged {
				ids = append(ids, x)
			}
		}
	}
	return ids, err
}

func mergePeople(o *engine.Op, c app.MergePeople) (app.Receipt, error) {
	if c.From == c.Into {
		return app.Receipt{}, app.Fail(app.Invalid, "a user cannot be merged with itself: choose another")
	}
	from, err := person(o.Names, c.From)
	if err != nil {
		return app.Receipt{}, err
	}
	into, err := person(o.Names, c.Into)
	if err != nil {
		return app.Receipt{}, err
	}
	if !from.Into.IsZero() || !into.Into.IsZero() {
		return app.Receipt{}, app.Fail(app.Conflict, "one of the two is another user already: part them first, or choose the one that stays")
	}
	owned, err := assets(o.Names, c.From)
	if err != nil {
		return app.Receipt{}, err
	}
	for _, a := range owned {
		a.Of.Person = c.Into
		if _, err := records.Save(o, desk.AssetType, a.ID, a.Of, nil); err != nil {
			return app.Receipt{}, err
		}
	}
	if _, err := records.Save(o, desk.PersonType, c.Into, both(into, from), nil); err != nil {
		return app.Receipt{}, err
	}
	from.Into, from.Gone = c.Into, true
	r, err := records.Save(o, desk.PersonType, c.From, from, nil)
	r.ID = c.Into
	return r, err
}

// both is what stays with what it lacks of the other.
func both(a, b desk.Person) desk.Person {
	for _, x := range []struct{ at, of *string }{{&a.Title, &b.Title}, {&a.Document, &b.Document}, {&a.Extension, &b.Extension}, {&a.Email, &b.Email}, {&a.Note, &b.Note}} {
		*x.at = cmp.Or(*x.at, *x.of)
	}
	a.Area, a.Site, a.Contract = cmp.Or(a.Area, b.Area), cmp.Or(a.Site, b.Site), cmp.Or(a.Contract, b.Contract)
	a.VIP = a.VIP || b.VIP
	a.Phones = slices.Clone(a.Phones)
	for _, n := range append(slices.Clip(b.Phones), b.Extension) {
		if n != "" && n != a.Extension && !slices.Contains(a.Phones, n) && len(a.Phones) < desk.Door.Words {
			a.Phones = append(a.Phones, n)
		}
	}
	if len(a.Langs) == 0 {
		a.Langs = b.Langs
	}
	return a
}

func partPeople(o *engine.Op, c app.PartPeople) (app.Receipt, error) {
	p, err := person(o.Names, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	if p.Into.IsZero() {
		return app.Receipt{}, app.Fail(app.Conflict, "the user is nobody else: there is nothing to part")
	}
	p.Into, p.Gone = desk.ID{}, false
	return records.Save(o, desk.PersonType, c.ID, p, nil)
}

// assets is the equipment of a user that is not retired.
func assets(n *engine.Names, id desk.ID) (out []app.Named[desk.Asset], err error) {
	for k, err := range n.Reader.Scan(engine.Prefix(records.IxOwner, id), nil, false) {
		if err != nil {
			return nil, err
		}
		a, err := engine.Noun[desk.Asset](n, desk.AssetType, engine.IDOf(k.Key))
		if err != nil {
			return nil, err
		}
		if !a.Gone && a.Person == id {
			out = append(out, app.Named[desk.Asset]{ID: engine.IDOf(k.Key), Of: a})
		}
	}
	return out, nil
}
