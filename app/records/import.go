package records

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// A record of another system is known by its reference, and its id follows from that:
// two imports on two workstations make one record.

// FindOrMake gives the record imported under a name, and makes it when there is none.
// Its id follows from the name, so two imports on two workstations make one.
func FindOrMake(o *engine.Op, id desk.ID, t desk.Type, name string, make func(string) any) (desk.ID, error) {
	if name == "" || !id.IsZero() {
		return id, nil
	}
	ref, found := reference{t, name}, engine.OpState[foundRecords](o)
	if *found == nil {
		*found = foundRecords{}
	}
	if id, ok := (*found)[ref]; ok {
		return id, nil
	}
	id, ok, err := ByRef(o.Names, t, name)
	if err != nil {
		return id, err
	}
	if ok {
		(*found)[ref] = id
		return id, nil
	}
	id = desk.DerivedID(t.String(), name)
	if at := o.Touched[desk.Entity{Type: t, ID: id}]; at != nil && at.Held() {
		return id, nil
	}
	p, err := desk.Diff[any](struct{}{}, make(name))
	if err != nil {
		return id, err
	}
	return id, o.Emit(desk.RecordPatched, desk.Entity{Type: t, ID: id}, p)
}

func importRecords(o *engine.Op, c app.ImportRecords) (app.Receipt, error) {
	im := &app.Imported{}
	if err := engine.Batch(max(len(c.People)+len(c.Assets)+len(c.Articles), len(c.Areas), len(c.Sites), len(c.Lines))); err != nil {
		return app.Receipt{}, err
	}
	at := func(list []string, i int) string {
		if i < len(list) {
			return list[i]
		}
		return ""
	}
	reject := func(i int, row ...any) bool {
		why := engine.FitRow(row...)
		if why != "" {
			im.Rejected = append(im.Rejected, app.Rejected{Line: engine.Line(c.Lines, i), Reason: why})
		}
		return why != ""
	}
	for i, p := range c.People {
		if reject(i, p, at(c.Areas, i), at(c.Sites, i)) {
			continue
		}
		var err error
		if p.Area, err = FindOrMake(o, p.Area, desk.AreaType, at(c.Areas, i), func(n string) any { return desk.Area{Name: n} }); err != nil {
			return app.Receipt{}, err
		}
		if p.Site, err = FindOrMake(o, p.Site, desk.SiteType, at(c.Sites, i), func(n string) any { return desk.Site{Name: n} }); err != nil {
			return app.Receipt{}, err
		}
		if p.Ref == "" {
			p.Ref = p.Name
		}
		if err := importRecord(o, im, desk.PersonType, p.Ref, p.Name, p, engine.Line(c.Lines, i)); err != nil {
			return app.Receipt{}, err
		}
	}
	for i, a := range c.Assets {
		if reject(i, a, at(c.Sites, i)) {
			continue
		}
		var err error
		if a.Site, err = FindOrMake(o, a.Site, desk.SiteType, at(c.Sites, i), func(n string) any { return desk.Site{Name: n} }); err != nil {
			return app.Receipt{}, err
		}
		if a.Ref == "" {
			a.Ref = a.Tag
		}
		if err := importRecord(o, im, desk.AssetType, a.Ref, a.Tag, a, engine.Line(c.Lines, i)); err != nil {
			return app.Receipt{}, err
		}
	}
	for i, a := range c.Articles {
		if reject(i, a) {
			continue
		}
		if a.Ref == "" {
			a.Ref = a.Code
		}
		if err := importRecord(o, im, desk.ArticleType, articleRef(a), a.Title, a, engine.Line(c.Lines, i)); err != nil {
			return app.Receipt{}, err
		}
	}
	return app.Receipt{Import: im}, nil
}

// foundRecords are the records that an import has named so far.
type foundRecords map[reference]desk.ID

// reference is a record as an import names it.
type reference struct {
	desk.Type
	name string
}

func importRecord[T any](o *engine.Op, im *app.Imported, t desk.Type, ref, name string, v T, ln int) error {
	if ref == "" || name == "" {
		im.Rejected = append(im.Rejected, app.Rejected{Line: ln, Reason: "the row has no id or no name"})
		return nil
	}
	id, known, err := ByRef(o.Names, t, ref)
	if err != nil {
		return err
	}
	if !known {
		id = desk.DerivedID(t.String(), ref)
	}
	before := o.Last
	if _, err := Save(o, t, id, v, nil); err != nil {
		return err
	}
	if o.Last == before {
		im.Known++
	} else {
		im.Imported++
	}
	return nil
}
