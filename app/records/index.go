package records

import (
	"cmp"
	"strings"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone/number"
)

// The keys of records. A reference stands under its type, so that an area and a user of
// one name are two.

// ConflictKey lists an entity among those with conflicts.
func ConflictKey(ent desk.Entity) []byte { return engine.Key(IxConflict, ent.ID, ent.Type) }

// articleRef is what an imported article is known by: its source may give one id
// to the article in each language.
func articleRef(a desk.Article) string {
	if a.Ref == "" {
		return ""
	}
	return a.Ref + "|" + a.Lang
}

// recordKeys are those of every other entity.
func recordKeys(ent desk.Entity, r desk.Record) [][]byte {
	var name, ref string
	k := ConflictKeys(ent, r)
	switch ent.Type {
	case desk.PersonType:
		p, _ := desk.As[desk.Person](r)
		name, ref = p.Name, p.Ref
		if !p.Into.IsZero() {
			k = append(k, engine.Key(IxInto, ent.ID, p.Into))
		}
		for _, n := range append(p.Phones[:len(p.Phones):len(p.Phones)], p.Extension) {
			if d := Digits(n); d != "" {
				k = append(k, engine.Key(IxPhone, ent.ID, d))
			}
			if t := number.Tail(n); t != "" {
				k = append(k, engine.Key(IxTail, ent.ID, t))
			}
		}
	case desk.AgentType:
		a, _ := desk.As[desk.Agent](r)
		name, ref = a.Name, a.Ref
		if a.Login != "" && !a.Gone {
			k = append(k, engine.Key(IxLogin, ent.ID, strings.ToLower(a.Login)))
		}
	case desk.AreaType:
		a, _ := desk.As[desk.Area](r)
		name, ref = a.Name, a.Name
	case desk.SiteType:
		s, _ := desk.As[desk.Site](r)
		name, ref = s.Name, s.Name
	case desk.AssetType:
		a, _ := desk.As[desk.Asset](r)
		name, ref = a.Tag, a.Ref
		if !a.Person.IsZero() {
			k = append(k, engine.Key(IxOwner, ent.ID, a.Person))
		}
	case desk.GroupType:
		g, _ := desk.As[desk.Group](r)
		name, ref = g.Name, cmp.Or(g.Ref, g.Name) // an import names it so
	case desk.ContractType:
		c, _ := desk.As[desk.Contract](r)
		name, ref = c.Code, c.Code
	case desk.ArticleType:
		a, _ := desk.As[desk.Article](r)
		name, ref = a.Title, articleRef(a)
	}
	if ref != "" {
		k = append(k, engine.Key(IxRef, ent.ID, ent.Type, ref))
	}
	return append(k, engine.Key(IxRecord, ent.ID, ent.Type, Folded(name)))
}

// ConflictKeys list a record among those with conflicts.
func ConflictKeys(ent desk.Entity, r desk.Record) [][]byte {
	if len(r.Conflicts) == 0 {
		return nil
	}
	return [][]byte{ConflictKey(ent)}
}
