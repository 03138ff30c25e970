package app

import (
	"fmt"
	"slices"

	"punto/app/desk"
	"punto/app/phone"
)

func line(lines []int, i int) int {
	if i < len(lines) {
		return lines[i]
	}
	return i + 1
}

const maxBatch = 10_000

func batch(n int) error {
	if n > maxBatch {
		return fail(Invalid, "%d rows at once are too many: send at most %d a command", n, maxBatch)
	}
	return nil
}

func (c ImportCalls) do(o *op) (Receipt, error) {
	im := &Imported{}
	if err := batch(len(c.Calls)); err != nil {
		return Receipt{}, err
	}
	for i, call := range c.Calls {
		why := fitRow(call)
		if call.UniqueID == "" || call.OfferedAt.IsZero() {
			why = "the call has no id or no time"
		}
		if why != "" {
			im.Rejected = append(im.Rejected, Rejected{line(c.Lines, i), why})
			continue
		}
		id := CallID(call.PBX, call.UniqueID)
		t, err := o.open(desk.Entity{Type: desk.CallType, ID: id})
		if err != nil {
			return Receipt{}, err
		}
		if len(t.events) > 0 && (!t.call.Call.EndedAt.IsZero() || call.EndedAt.IsZero()) {
			im.Known++ // one that had not ended when its log was read is told again
			continue
		}
		if err := o.emitAt(desk.CallRecorded, desk.Entity{Type: desk.CallType, ID: id}, call, call.OfferedAt.UnixMilli(), o.s.agent); err != nil {
			return Receipt{}, err
		}
		im.Imported++
	}
	return Receipt{Import: im}, nil
}

// CallID is the entity of a call, derived from the fact: two workstations that see one call record one.
func CallID(pbx, unique string) desk.ID { return desk.DerivedID("call", pbx, unique) }

func (c SeeCall) do(o *op) (Receipt, error) {
	if c.Event.Key.UniqueID == "" {
		return Receipt{}, fail(Invalid, "the call event names no call")
	}
	id := CallID(c.Event.Key.PBX, c.Event.Key.UniqueID)
	err := o.emitAt(desk.CallSeen, desk.Entity{Type: desk.CallType, ID: id}, seen(c), c.Event.At.UnixMilli(), o.s.agent)
	return o.receipt(id), err
}

// seen is the body of CallSeen: its fields are those of the command.
type seen struct {
	Event phone.CallEvent `cbor:"1,keyasint"`
	Case  desk.ID         `cbor:"2,keyasint,omitempty"`
}

// fold makes the call of its events, whatever their order; a call recorded
// whole stands until a live event of it is seen.
func (v *callView) fold(events []desk.Event) {
	var live []phone.CallEvent
	for _, e := range events {
		switch e.Kind {
		case desk.CallRecorded:
			var c phone.Call
			if desk.Decode(e.Body, &c) == nil { // what cannot be read says nothing
				v.Call = c
			}
		case desk.CallSeen:
			var s seen
			if desk.Decode(e.Body, &s) != nil {
				continue
			}
			live = append(live, s.Event)
			if !s.Case.IsZero() {
				v.Case = s.Case
			}
		}
	}
	if len(live) > 0 {
		v.Call = phone.Fold(live)
	}
}

func (c ImportCases) do(o *op) (Receipt, error) {
	im := &Imported{}
	if err := batch(len(c.Cases)); err != nil {
		return Receipt{}, err
	}
	_, contract, err := o.contractOf(desk.ID{})
	if err != nil {
		return Receipt{}, err
	}
	for _, h := range c.Cases {
		if why := h.fit(); why != "" {
			im.Rejected = append(im.Rejected, Rejected{h.Line, why})
			continue
		}
		if _, known, err := o.byRef(desk.CaseType, h.Ref); err != nil {
			return Receipt{}, err
		} else if known && h.Ref != "" {
			im.Known++
			im.KnownRows += h.Rows
			continue
		}
		if h.Ref == "" || h.At == 0 {
			im.Rejected = append(im.Rejected, Rejected{h.Line, "the case has no reference or no time of opening"})
			continue
		}
		if err := o.history(h, contract); err != nil {
			return Receipt{}, err
		}
		im.Imported++
		im.Rows += h.Rows
	}
	return Receipt{Import: im}, nil
}

// steps are what may happen in an imported history.
var steps = []desk.Kind{desk.CaseEdited, desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff, desk.CaseSuspended, desk.CaseResumed, desk.CaseNoted,
	desk.CaseContacted, desk.CaseResolved, desk.CaseReopened, desk.CaseClosed, desk.CaseCancelled}

// fit tells why a history does not go in; "" when it does.
func (h *CaseHistory) fit() string {
	if why := fitRow(*h); why != "" {
		return why
	}
	if err := graded(h.Opened.Impact, h.Opened.Urgency, h.Opened.Priority); err != nil {
		return err.Error()
	}
	for _, s := range h.Steps {
		switch {
		case !slices.Contains(steps, s.Kind):
			return fmt.Sprintf("line %d: %q is nothing that happens to a case", s.Line, s.Kind)
		case s.Edit != nil:
			if err := gradedEdit(s.Edit); err != nil {
				return fmt.Sprintf("line %d: %v", s.Line, err)
			}
		}
	}
	return ""
}

func (o *op) history(h CaseHistory, contract desk.Contract) error {
	b := h.Opened
	b.Ref = h.Ref
	var err error
	if b.Person, err = o.personNamed(b.Person, h.Person); err != nil {
		return err
	}
	if b.Area, err = o.find(b.Area, desk.AreaType, h.Area, func(n string) any { return desk.Area{Name: n} }); err != nil {
		return err
	}
	if b.Site, err = o.find(b.Site, desk.SiteType, h.Site, func(n string) any { return desk.Site{Name: n} }); err != nil {
		return err
	}
	if b.Group, err = o.groupNamed(h.Group, b.Level); err != nil {
		return err
	}
	if b.Contract.IsZero() {
		if b.Contract, _, err = o.contractOf(desk.ID{}); err != nil {
			return err
		}
	}
	if b.Priority == 0 {
		b.Priority = max(1, len(contract.Targets)-1)
	}
	if b.Number == "" {
		if b.Number, err = o.nextNumber(); err != nil {
			return err
		}
	}
	ent := caseEntity(desk.DerivedID("case", h.Ref))
	by := o.s.agent
	if h.Agent != "" {
		if by, err = o.agentNamed(h.Agent); err != nil {
			return err
		}
	}
	if err := o.emitAt(desk.CaseOpened, ent, b, h.At, by); err != nil {
		return err
	}
	for _, s := range h.Steps {
		if err := o.step(ent, s); err != nil {
			return fmt.Errorf("line %d: %w", s.Line, err)
		}
	}
	return nil
}

func (o *op) step(ent desk.Entity, s CaseStep) error {
	by, err := o.agentNamed(s.Agent)
	if err != nil {
		return err
	}
	var body any = desk.Said{Text: s.Text, Reason: s.Reason}
	switch s.Kind {
	case desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff:
		m := desk.Moved{Agent: by, Reason: s.Reason}
		if m.Group, err = o.groupNamed(s.Group, s.Level); err != nil {
			return err
		}
		if s.Kind == desk.CaseHandedOff {
			m.Agent = desk.ID{}
		}
		if err := o.group(&m); err != nil {
			return err
		}
		if s.Level > 0 {
			m.Level = s.Level
		}
		body = m
	case desk.CaseResolved:
		b := desk.Solved{Text: s.Text, Level: s.Level, Online: s.Online}
		if s.Online {
			b.Call = o.touched[ent].kase.Case.Call
		}
		body = b
	case desk.CaseEdited:
		e := desk.Edited{}
		if s.Edit != nil {
			e = *s.Edit
		}
		if s.Person != "" {
			who, err := o.personNamed(desk.ID{}, s.Person)
			if err != nil {
				return err
			}
			e.Person = &who
		}
		body = e
	}
	return o.emitAt(s.Kind, ent, body, s.At, by)
}

func (o *op) personNamed(id desk.ID, name string) (desk.ID, error) {
	return o.find(id, desk.PersonType, name, func(n string) any { return desk.Person{Name: n, Ref: n} })
}

func (o *op) agentNamed(name string) (desk.ID, error) {
	return o.find(desk.ID{}, desk.AgentType, name, func(n string) any { return desk.Agent{Name: n, Role: desk.TechnicianRole, Ref: n} })
}

func (o *op) groupNamed(name string, level int) (desk.ID, error) {
	return o.find(desk.ID{}, desk.GroupType, name, func(n string) any { return desk.Group{Name: n, Level: level, Ref: n} })
}

// find gives the record imported under a name, and makes it when there is none.
// Its id follows from the name, so two imports on two workstations make one.
func (o *op) find(id desk.ID, t desk.Type, name string, make func(string) any) (desk.ID, error) {
	if name == "" || !id.IsZero() {
		return id, nil
	}
	ref := reference{t, name}
	if id, ok := o.found[ref]; ok {
		return id, nil
	}
	id, ok, err := o.byRef(t, name)
	if err != nil {
		return id, err
	}
	if ok {
		o.found[ref] = id
		return id, nil
	}
	id = desk.DerivedID(t.String(), name)
	if at := o.touched[desk.Entity{Type: t, ID: id}]; at != nil && len(at.events) > 0 {
		return id, nil
	}
	p, err := desk.Diff[any](struct{}{}, make(name))
	if err != nil {
		return id, err
	}
	return id, o.emit(desk.RecordPatched, desk.Entity{Type: t, ID: id}, p)
}

func (c ImportRecords) do(o *op) (Receipt, error) {
	im := &Imported{}
	if err := batch(max(len(c.People)+len(c.Assets)+len(c.Articles), len(c.Areas), len(c.Sites), len(c.Lines))); err != nil {
		return Receipt{}, err
	}
	at := func(list []string, i int) string {
		if i < len(list) {
			return list[i]
		}
		return ""
	}
	reject := func(i int, row ...any) bool {
		why := fitRow(row...)
		if why != "" {
			im.Rejected = append(im.Rejected, Rejected{line(c.Lines, i), why})
		}
		return why != ""
	}
	for i, p := range c.People {
		if reject(i, p, at(c.Areas, i), at(c.Sites, i)) {
			continue
		}
		var err error
		if p.Area, err = o.find(p.Area, desk.AreaType, at(c.Areas, i), func(n string) any { return desk.Area{Name: n} }); err != nil {
			return Receipt{}, err
		}
		if p.Site, err = o.find(p.Site, desk.SiteType, at(c.Sites, i), func(n string) any { return desk.Site{Name: n} }); err != nil {
			return Receipt{}, err
		}
		if p.Ref == "" {
			p.Ref = p.Name
		}
		if err := importRecord(o, im, desk.PersonType, p.Ref, p.Name, p, line(c.Lines, i)); err != nil {
			return Receipt{}, err
		}
	}
	for i, a := range c.Assets {
		if reject(i, a, at(c.Sites, i)) {
			continue
		}
		var err error
		if a.Site, err = o.find(a.Site, desk.SiteType, at(c.Sites, i), func(n string) any { return desk.Site{Name: n} }); err != nil {
			return Receipt{}, err
		}
		if a.Ref == "" {
			a.Ref = a.Tag
		}
		if err := importRecord(o, im, desk.AssetType, a.Ref, a.Tag, a, line(c.Lines, i)); err != nil {
			return Receipt{}, err
		}
	}
	for i, a := range c.Articles {
		if reject(i, a) {
			continue
		}
		if a.Ref == "" {
			a.Ref = a.Code
		}
		if err := importRecord(o, im, desk.ArticleType, articleRef(a), a.Title, a, line(c.Lines, i)); err != nil {
			return Receipt{}, err
		}
	}
	return Receipt{Import: im}, nil
}

// articleRef is what an imported article is known by: its source may give one id
// to the article in each language.
func articleRef(a desk.Article) string {
	if a.Ref == "" {
		return ""
	}
	return a.Ref + "|" + a.Lang
}

// reference is a record as an import names it.
type reference struct {
	desk.Type
	name string
}

func importRecord[T any](o *op, im *Imported, t desk.Type, ref, name string, v T, ln int) error {
	if ref == "" || name == "" {
		im.Rejected = append(im.Rejected, Rejected{ln, "the row has no id or no name"})
		return nil
	}
	id, known, err := o.byRef(t, ref)
	if err != nil {
		return err
	}
	if !known {
		id = desk.DerivedID(t.String(), ref)
	}
	before := o.last
	if _, err := save(o, t, id, v, nil); err != nil {
		return err
	}
	if o.last == before {
		im.Known++
	} else {
		im.Imported++
	}
	return nil
}
