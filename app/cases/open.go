package cases

import (
	"encoding/binary"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/rights"
)

// How a case begins: what follows from what was told (contract, kind, priority, group)
// is written down with it, so that later changes of the model do not change what it
// was.

// Graded refuses grades that the matrix does not have; 0 is none.
func Graded(grades ...int) error {
	for _, g := range grades {
		if g < 0 || g > 4 {
			return app.Fail(app.Invalid, "impact, urgency and priority go from 1 to 4")
		}
	}
	return nil
}

// GradedEdit is Graded of what an edit changes.
func GradedEdit(e *desk.Edited) error {
	for _, g := range []*int{e.Impact, e.Urgency, e.Priority} {
		if g != nil {
			if err := Graded(*g); err != nil {
				return err
			}
		}
	}
	return nil
}

func reserveNumber(o *engine.Op, c app.ReserveNumber) (app.Receipt, error) {
	if !rights.May(o.Session.Role, desk.CaseOpened, desk.CaseType) {
		return app.Receipt{}, app.Fail(app.NotAllowed, "the role %q may not register cases: ask a supervisor", o.Session.Role)
	}
	n, err := NextNumber(o)
	return app.Receipt{ID: o.NewID(), Number: n}, err
}

// Open registers a case: also a room that finds something to be solved does.
func Open(o *engine.Op, c app.OpenCase) (app.Receipt, error) {
	id, b := c.ID, c.Opened
	if id.IsZero() {
		id = o.NewID()
	}
	v, err := Load(o, id)
	if err != nil {
		return app.Receipt{}, err
	}
	if k := v.Case; k.Status != desk.NoStatus { // the same draft twice
		return app.Receipt{ID: id, Number: k.Number}, nil
	}
	if err := complete(o, &b); err != nil {
		return app.Receipt{}, err
	}
	at := c.At
	if at == 0 {
		at = o.Now
	}
	if at > o.Now+60_000 {
		return app.Receipt{}, app.Fail(app.Invalid, "the case cannot have been opened in the future: correct its time")
	}
	if err := o.EmitAt(desk.CaseOpened, Entity(id), b, at, o.Session.Agent); err != nil {
		return app.Receipt{}, err
	}
	r := o.Receipt(id)
	r.Number = b.Number
	return r, nil
}

// complete validates an opening and fills in what follows from the rest:
// number, kind, contract, origin, priority, group.
func complete(o *engine.Op, b *desk.Opened) (err error) {
	if strings.TrimSpace(b.Subject) == "" {
		return app.About("subject", app.Fail(app.Invalid, "the case has no subject: say in one line what happens"))
	}
	m, err := records.Model(o.Names)
	if err != nil {
		return err
	}
	p, err := engine.Noun[desk.Person](o.Names, desk.PersonType, b.Person)
	if err != nil {
		return err
	}
	if !b.Person.IsZero() && p.Name == "" {
		return app.Fail(app.NotFound, "the user of the case is not known: look the user up again")
	}
	if b.Area.IsZero() {
		b.Area = p.Area
	}
	if b.Site.IsZero() {
		b.Site = p.Site
	}
	if b.Contract.IsZero() {
		b.Contract = p.Contract
	}
	var contract desk.Contract
	if b.Contract, contract, err = records.ContractOf(o.Names, b.Contract); err != nil {
		return err
	}
	cat, known := m.Category(b.Category)
	if b.Category != "" && !known {
		return app.Fail(app.NotFound, "there is no category %q in the service model: choose one of the list", b.Category)
	}
	if b.Kind == desk.NoCaseKind {
		b.Kind = max(cat.Kind, desk.Incident)
	}
	if err := Graded(b.Impact, b.Urgency, b.Priority); err != nil {
		return err
	}
	if b.Impact == 0 {
		b.Impact = cat.Impact
	}
	if b.Urgency == 0 {
		b.Urgency = cat.Urgent
	}
	byMatrix := m.Priority(b.Impact, b.Urgency)
	if b.Priority != 0 && byMatrix != 0 && b.Priority != byMatrix && b.Why == "" {
		return app.Fail(app.Invalid, "the matrix gives priority %d, not %d: say why it is changed", byMatrix, b.Priority)
	}
	if b.Priority == 0 {
		b.Priority = byMatrix
	}
	if b.Priority == 0 {
		b.Priority = len(contract.Targets)
	}
	if b.Lang == "" {
		b.Lang = "es"
	}
	b.Rule = ""
	if err := assign(o, &m, b); err != nil {
		return err
	}
	if b.Group.IsZero() {
		b.Group = m.Groups["n1"]
	}
	g, err := engine.Noun[desk.Group](o.Names, desk.GroupType, b.Group)
	if err != nil {
		return err
	}
	b.Level = max(g.Level, b.Level)
	if b.Number == "" {
		b.Number, err = NextNumber(o)
	} else if _, perr := desk.ParseNumber(string(b.Number)); perr != nil {
		return notNumber(perr)
	}
	if err == nil {
		if other, taken, ferr := engine.First(o.Tx, engine.Prefix(ixNumber, string(b.Number))); ferr != nil {
			return ferr
		} else if taken {
			return app.Fail(app.Conflict, "the number %s is already that of another case (%s)", b.Number, other)
		}
	}
	return err
}

// follow makes a new case linked to one whose reopen window is over.
func follow(o *engine.Op, k *desk.Case, c app.ReopenCase) (app.Receipt, error) {
	b := k.Opened
	b.Number, b.Call, b.Agent, b.Ref, b.Parent = "", desk.ID{}, desk.ID{}, "", c.Case
	b.Level = 0 // that of the group which has it now
	if c.Text != "" {
		b.Text = c.Text
	}
	return Open(o, app.OpenCase{Opened: b})
}

// NextNumber takes the next case number of this workstation.
func NextNumber(o *engine.Op) (desk.Number, error) {
	b, err := o.Tx.Meta("counter")
	if err != nil {
		return "", err
	}
	var n uint64
	if len(b) == 8 {
		n = binary.BigEndian.Uint64(b)
	}
	n++
	prefix, err := o.Tx.Meta("prefix")
	if err != nil {
		return "", err
	}
	if len(prefix) == 0 {
		prefix = []byte("A")
	}
	return desk.NewNumber(string(prefix), n), o.Tx.PutMeta("counter", binary.BigEndian.AppendUint64(nil, n))
}

// lacking says which required field a case does not have.
func lacking(field string, n desk.Number) error {
	switch field {
	case "caller":
		return app.Fail(app.Invalid, "case %s does not say whom it is for: choose the user first", n)
	case "category":
		return app.Fail(app.Invalid, "case %s has no category: choose one of the list first", n)
	case "impact":
		return app.Fail(app.Invalid, "case %s has no impact: choose it first", n)
	case "urgency":
		return app.Fail(app.Invalid, "case %s has no urgency: choose it first", n)
	}
	return app.Fail(app.Invalid, "case %s has no description: write it first", n)
}

// whole refuses to end or hand on a case that lacks what the service model
// requires.
func whole(o *engine.Op, k *desk.Case) error {
	m, err := records.Model(o.Names)
	if err != nil {
		return err
	}
	if f := m.Lacks(&k.Opened); f != "" {
		return app.About(f, lacking(f, k.Number))
	}
	return nil
}

func registerCase(o *engine.Op, c app.RegisterCase) (app.Receipt, error) {
	if c.Opened.Group.IsZero() && (c.Resolve != nil || c.HandOff != nil) { // whoever tells it has it
		m, err := records.Model(o.Names)
		if err != nil {
			return app.Receipt{}, err
		}
		c.Opened.Group = m.Groups["n1"]
	}
	r, err := Open(o, c.OpenCase)
	if err != nil {
		return r, err
	}
	k, err := Of(o, r.ID)
	if err != nil {
		return r, err
	}
	switch {
	case c.Resolve != nil && k.Status.Open():
		c.Resolve.Case = r.ID
		return Resolve(o, *c.Resolve)
	case c.HandOff != nil && k.Group != c.HandOff.Group:
		c.HandOff.Case = r.ID
		return handOffCase(o, *c.HandOff)
	case c.Suspend != nil && k.Status != desk.Pending:
		c.Suspend.Case = r.ID
		return suspendCase(o, *c.Suspend)
	}
	return r, nil
}
