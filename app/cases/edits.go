package cases

import (
	"slices"
	"strconv"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// What edits changed, told field by field: from what, to what.

// values are what the fields of a case say as its history goes on.
type values map[string]string

// edit gives what an opening or an edit made of the fields; an opening changes none.
// What was taken back is told and does not count for those after it. A body that
// cannot be read changes nothing.
func (was values) edit(n *engine.Names, e *desk.Event, undone bool) (out []app.FieldChange) {
	var b desk.Edited
	if e.Kind == desk.CaseOpened {
		var o desk.Opened
		if desk.Decode(e.Body, &o) != nil {
			return nil
		}
		b = desk.Edited{Kind: &o.Kind, Person: &o.Person, Asset: &o.Asset, Category: &o.Category, Impact: &o.Impact, Urgency: &o.Urgency,
			Priority: &o.Priority, Subject: &o.Subject, Contract: &o.Contract, Area: &o.Area, Site: &o.Site}
	} else if desk.Decode(e.Body, &b) != nil {
		return nil
	}
	for _, c := range fields(n, &b) {
		c.From = was[c.Field]
		if e.Kind == desk.CaseEdited && (c.From != c.To || c.Field == "text") {
			out = append(out, c)
		}
		if !undone && c.Field != "text" {
			was[c.Field] = c.To
		}
	}
	return out
}

// fields are the fields that an edit sets, their values as people read them.
func fields(n *engine.Names, b *desk.Edited) (out []app.FieldChange) {
	said := func(field string, s *string) {
		if s != nil {
			out = append(out, app.FieldChange{Field: field, To: *s})
		}
	}
	named := func(field string, t desk.Type, id *desk.ID) {
		if id != nil {
			out = append(out, app.FieldChange{Field: field, To: records.Name(n, t, *id)})
		}
	}
	level := func(field string, i *int) {
		switch {
		case i == nil:
		case *i == 0:
			out = append(out, app.FieldChange{Field: field})
		default:
			out = append(out, app.FieldChange{Field: field, To: strconv.Itoa(*i)})
		}
	}
	said("subject", b.Subject)
	said("text", b.Text)
	if b.Kind != nil {
		out = append(out, app.FieldChange{Field: "kind", To: b.Kind.String()})
	}
	named("person", desk.PersonType, b.Person)
	named("asset", desk.AssetType, b.Asset)
	said("category", b.Category)
	level("impact", b.Impact)
	level("urgency", b.Urgency)
	level("priority", b.Priority)
	named("contract", desk.ContractType, b.Contract)
	named("area", desk.AreaType, b.Area)
	named("site", desk.SiteType, b.Site)
	return out
}

// brief is a moment as the undo of it tells it: what it was, the beginning of what it
// said, and not what it took back itself.
func brief(m app.Moment) *app.Moment {
	m.Text, m.Reason, m.Undid, m.Edits = engine.Begins(m.Text, 200), engine.Begins(m.Reason, 200), nil, slices.Clone(m.Edits)
	for i := range m.Edits {
		m.Edits[i].From, m.Edits[i].To = engine.Begins(m.Edits[i].From, 200), engine.Begins(m.Edits[i].To, 200)
	}
	return &m
}
