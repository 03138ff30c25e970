package conflicts

import (
	"strconv"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// A conflict stays until somebody settles it, wherever its entity has gone meanwhile;
// settling is an event like any other, so two who settle one at once settle it once.

// conflictsOf are the conflicts of a view that nobody has settled.
func conflictsOf(l *engine.Look, ent desk.Entity) ([]desk.Conflict, error) {
	if ent.Type == desk.CaseType {
		v, err := cases.Read(l.Reader, ent.ID)
		return v.Case.Conflicts, err
	}
	r, err := l.Names.Record(ent.Type, ent.ID)
	return r.Conflicts, err
}

// Conflicts counts the fields that wait to be settled.
func Conflicts(l *engine.Look) (n int, err error) {
	for k, err := range l.Reader.Scan([]byte{records.IxConflict}, nil, false) {
		if err != nil {
			return n, err
		}
		cs, err := conflictsOf(l, desk.Entity{Type: desk.Type(k.Key[1]), ID: engine.IDOf(k.Key)})
		if err != nil {
			return n, err
		}
		n += len(cs)
	}
	return n, nil
}

func askConflicts(l *engine.Look, q app.Conflicts) (app.Answer, error) {
	a := app.ConflictsAnswer{}
	var kind desk.Type
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	for k, err := range l.Reader.Scan([]byte{records.IxConflict}, q.After, false) {
		if err != nil {
			return nil, err
		}
		if len(a.Rows) >= min(limit, 1000) {
			a.Next = k.Key
			break
		}
		kind = desk.Type(k.Key[1])
		ent := desk.Entity{Type: kind, ID: engine.IDOf(k.Key)}
		cs, err := conflictsOf(l, ent)
		if err != nil {
			return nil, err
		}
		for _, c := range cs {
			row, err := conflictRow(l, ent, c)
			if err != nil {
				return nil, err
			}
			a.Rows = append(a.Rows, row)
		}
	}
	return a, nil
}

func conflictRow(l *engine.Look, ent desk.Entity, c desk.Conflict) (app.ConflictRow, error) {
	r := app.ConflictRow{Entity: ent, Field: c.Field, Kept: c.Kept, Other: c.Other, KeptAt: c.KeptAt, OtherAt: c.OtherAt, Stamp: c.Stamp,
		KeptBy: records.Name(l.Names, desk.AgentType, c.KeptActor), OtherBy: records.Name(l.Names, desk.AgentType, c.OtherActor)}
	if ent.Type != desk.CaseType {
		r.Title, r.CanChange = records.Name(l.Names, ent.Type, ent.ID), true
		r.Field = fieldName(ent.Type, c.Field)
		r.CanChange = ent.Type != desk.NodeType
		return r, nil
	}
	v, err := cases.Read(l.Reader, ent.ID)
	if err != nil {
		return r, err
	}
	r.Number, r.Title, r.OpenedCase = v.Case.Number, v.Case.Subject, true
	if t, ok := caseFieldTypes[c.Field]; ok {
		for _, s := range []*string{&r.Kept, &r.Other} {
			id, err := desk.ParseID(*s)
			if err == nil && *s != "" {
				if *s = records.Name(l.Names, t, id); *s == "" {
					*s = id.String()
				}
			}
		}
	}
	if c.Field == "category" {
		m, err := records.Model(l.Names)
		if err != nil {
			return r, err
		}
		for _, s := range []*string{&r.Kept, &r.Other} {
			if cat, ok := m.Category(*s); ok {
				*s = cat.Name("es")
			}
		}
	}
	_, err = changeTo(ent, c, v.Case)
	r.CanChange = err == nil
	return r, nil
}

// caseFieldTypes are the fields of a case that name another entity.
var caseFieldTypes = map[string]desk.Type{"agent": desk.AgentType, "group": desk.GroupType, "person": desk.PersonType, "asset": desk.AssetType,
	"contract": desk.ContractType, "area": desk.AreaType, "site": desk.SiteType, "parent": desk.CaseType, "problem": desk.ProblemType}

// recordFields name the fields of records that people know by sight; others are
// shown by their number.
var recordFields = map[desk.Type]map[string]string{
	desk.PersonType:  {"1": "name", "2": "title", "3": "area", "4": "site", "5": "document", "6": "extension", "7": "phones", "8": "email", "9": "langs", "10": "vip", "11": "contract", "12": "gone", "14": "note", "15": "into"},
	desk.AgentType:   {"1": "name", "2": "login", "3": "role", "4": "groups", "5": "langs", "6": "password", "7": "gone", "8": "extension"},
	desk.AssetType:   {"1": "tag", "2": "name", "3": "model", "4": "serial", "5": "person", "6": "site", "7": "gone"},
	desk.ArticleType: {"1": "code", "2": "title", "3": "body", "4": "lang", "5": "category", "6": "gone"},
	desk.ProblemType: {"1": "title", "2": "text", "3": "cause", "4": "workaround", "6": "agent", "7": "group", "8": "status", "11": "solution"},
	desk.AreaType:    {"1": "name"}, desk.SiteType: {"1": "name", "2": "city", "3": "zone"}, desk.GroupType: {"1": "name", "2": "level", "3": "outside"},
	desk.ContractType:     {"1": "code", "2": "client", "3": "calendar", "4": "zone", "6": "targets", "7": "pauses", "12": "goals"},
	desk.OrganisationType: {"1": "name", "2": "zone", "3": "lang"},
}

func fieldName(t desk.Type, n string) string {
	if s := recordFields[t][n]; s != "" {
		return s
	}
	return n
}

// fieldNumber is the stored name of a field that a row shows.
func fieldNumber(t desk.Type, name string) string {
	for n, s := range recordFields[t] {
		if s == name {
			return n
		}
	}
	return name
}

// change is the event that puts the value that the fold did not choose in the
// place of the one that it chose.
type change struct {
	kind desk.Kind
	body any
}

func changeTo(ent desk.Entity, c desk.Conflict, k desk.Case) (ch change, err error) {
	if engine.Shortened(c.Other) {
		return ch, errNotChangeable
	}
	if ent.Type != desk.CaseType {
		n, err := strconv.ParseUint(c.Field, 10, 64)
		return change{desk.RecordPatched, desk.Patch{n: c.OtherRaw}}, err
	}
	edit := desk.Edited{}
	id, bad := desk.ParseID(c.Other)
	num, notNum := strconv.Atoi(c.Other)
	switch c.Field {
	case "subject":
		edit.Subject = &c.Other
	case "text":
		edit.Text = &c.Other
	case "why":
		edit.Why = &c.Other
	case "category":
		edit.Category = &c.Other
	case "impact":
		edit.Impact, err = &num, notNum
	case "urgency":
		edit.Urgency, err = &num, notNum
	case "priority":
		edit.Priority, err = &num, notNum
	case "person":
		edit.Person, err = &id, bad
	case "asset":
		edit.Asset, err = &id, bad
	case "contract":
		edit.Contract, err = &id, bad
	case "area":
		edit.Area, err = &id, bad
	case "site":
		edit.Site, err = &id, bad
	case "agent":
		return change{desk.CaseAssigned, desk.Moved{Agent: id}}, bad
	case "group":
		return change{desk.CaseAssigned, desk.Moved{Group: id, Agent: k.Agent}}, bad
	case "parent":
		return change{desk.CaseLinked, desk.Joined{Case: id}}, bad
	case "problem":
		return change{desk.CaseCaused, desk.Caused{Problem: id}}, bad
	case "status":
		if s, ok := desk.ParseName(c.Other, desk.New, desk.Assigned, desk.InProgress, desk.Pending); ok && s.Open() && !k.Status.Open() {
			return change{desk.CaseReopened, desk.Said{}}, nil
		}
		err = errNotChangeable
	default:
		err = errNotChangeable
	}
	return change{desk.CaseEdited, edit}, err
}

var errNotChangeable = app.Fail(app.Conflict, "this value cannot be put back from here: open the case and change it there")

func settleConflict(o *engine.Op, c app.SettleConflict) (app.Receipt, error) {
	t, err := o.Open(c.Entity)
	if err != nil {
		return app.Receipt{}, err
	}
	var cs []desk.Conflict
	field := fieldNumber(c.Entity.Type, c.Field)
	var k desk.Case
	switch v := t.Current().(type) {
	case *cases.View:
		k, field = v.Case, c.Field
		cs = k.Conflicts
	case *engine.RecordView:
		cs = v.Conflicts
	}
	var found *desk.Conflict
	for i := range cs {
		if cs[i].Field == field && cs[i].Stamp == c.Stamp {
			found = &cs[i]
		}
	}
	if found == nil {
		return app.Receipt{}, app.Fail(app.NotFound, "somebody has settled this conflict already: look at the list again")
	}
	said := *found
	if c.Other {
		ch, err := changeTo(c.Entity, said, k)
		if err != nil {
			return app.Receipt{}, errNotChangeable
		}
		if m, ok := ch.body.(desk.Moved); ok && !m.Group.IsZero() {
			if err := cases.CompleteMove(o, &m); err != nil {
				return app.Receipt{}, err
			}
			ch.body = m
		}
		if err := o.Emit(ch.kind, c.Entity, ch.body); err != nil {
			return app.Receipt{}, err
		}
	}
	if err := o.Emit(desk.ConflictSettled, c.Entity, desk.Settled{Field: field, Stamp: said.Stamp}); err != nil {
		return app.Receipt{}, err
	}
	r := o.Receipt(c.Entity.ID)
	r.Number = k.Number
	return r, nil
}
