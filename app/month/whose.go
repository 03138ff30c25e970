package month

import (
	"encoding/binary"
	"slices"
	"strings"

	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// A call belongs to a contract by its queue or dialled number, which the contract
// names; else by its person; else to the only contract that the desk had. It
// belongs to one, or to none.

// owners tells whose calls are.
type owners struct {
	l        *engine.Look
	only     desk.ID // the one contract that there was; zero = there were several
	sole     bool    // there is no other: nothing is to be looked up
	queues   map[string]desk.ID
	numbers  map[string]desk.ID
	callers  map[string]desk.ID // as they were looked up
	contract map[desk.ID]bool
}

// newOwners looks up the contracts, and which there were by an instant: all of
// them when there was none yet, for then the calls were imported later.
func newOwners(l *engine.Look, end int64) (*owners, error) {
	w := &owners{l: l, queues: map[string]desk.ID{}, numbers: map[string]desk.ID{}, callers: map[string]desk.ID{}, contract: map[desk.ID]bool{}}
	var all, then []desk.ID
	for k, err := range l.Reader.Scan(engine.Prefix(records.IxRecord, desk.ContractType), nil, false) {
		if err != nil {
			return nil, err
		}
		all = append(all, engine.IDOf(k.Key))
	}
	slices.SortFunc(all, func(a, b desk.ID) int { return strings.Compare(string(a[:]), string(b[:])) })
	for _, id := range all {
		c, err := engine.Noun[desk.Contract](l.Names, desk.ContractType, id)
		if err != nil {
			return nil, err
		}
		w.contract[id] = true
		for _, q := range c.Queues { // two workstations may have given one to two: the first has it
			if _, taken := w.queues[records.Folded(q)]; !taken {
				w.queues[records.Folded(q)] = id
			}
		}
		for _, n := range c.Numbers {
			if _, taken := w.numbers[records.Digits(n)]; !taken {
				w.numbers[records.Digits(n)] = id
			}
		}
		es, err := l.Names.Events(desk.Entity{Type: desk.ContractType, ID: id})
		if err != nil {
			return nil, err
		}
		if len(es) > 0 && es[0].At < end {
			then = append(then, id)
		}
	}
	if len(then) == 0 {
		then = all
	}
	if len(then) == 1 {
		w.only = then[0]
	}
	w.sole = len(all) == 1
	return w, nil
}

// of is the contract of a call; zero = none.
func (w *owners) of(v *calls.View) (desk.ID, error) {
	if w.sole {
		return w.only, nil
	}
	if id, ok := w.queues[records.Folded(v.Call.Queue)]; ok && v.Call.Queue != "" {
		return id, nil
	}
	if d := records.Digits(v.Call.Dialled); d != "" {
		if id, ok := w.numbers[d]; ok {
			return id, nil
		}
	}
	if !v.Case.IsZero() {
		k, err := cases.Read(w.l.Reader, v.Case)
		if err != nil {
			return desk.ID{}, err
		}
		if id, err := w.person(k.Case.Person); err != nil || !id.IsZero() {
			return id, err
		}
	}
	id, err := w.caller(records.Digits(v.Call.Caller))
	if err != nil || !id.IsZero() {
		return id, err
	}
	return w.only, nil
}

// caller is the contract of whoever has a number; zero when they have several, or
// none.
func (w *owners) caller(number string) (id desk.ID, err error) {
	if number == "" {
		return id, nil
	}
	if id, known := w.callers[number]; known {
		return id, nil
	}
	for k, err := range w.l.Reader.Scan(engine.Prefix(records.IxPhone, number), nil, false) {
		if err != nil {
			return id, err
		}
		one, err := w.person(engine.IDOf(k.Key))
		if err != nil {
			return id, err
		}
		if !id.IsZero() && !one.IsZero() && one != id {
			id = desk.ID{}
			break
		}
		if !one.IsZero() {
			id = one
		}
	}
	w.callers[number] = id
	return id, nil
}

// person is the contract of a user, if there is such a contract.
func (w *owners) person(id desk.ID) (desk.ID, error) {
	p, err := engine.Noun[desk.Person](w.l.Names, desk.PersonType, id)
	if err != nil || !w.contract[p.Contract] {
		return desk.ID{}, err
	}
	return p.Contract, nil
}

const whoseMeta = "edition/whose"

// whose counts the changes of what tells whose calls are.
func whose(r desk.Reader) (uint64, error) {
	b, err := r.Meta(whoseMeta)
	if err != nil || len(b) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(b), nil
}

// reclaim spoils all sealed days when a command may have changed whose calls are,
// or in whose hours: a contract, a calendar, or, where there are several
// contracts, a user who has ever had one.
func reclaim(o *engine.Op) error {
	const contractField = 11 // of desk.Person
	claimed, users := false, false
	for ent, v := range o.Views() {
		claimed = claimed || ent.Type == desk.ContractType || ent.Type == desk.CalendarType
		if ent.Type == desk.PersonType {
			_, had := v.(*engine.RecordView).Marks[contractField]
			users = users || had
		}
	}
	if !claimed && users {
		n, err := engine.Count(o.Tx, engine.Prefix(records.IxRecord, desk.ContractType), nil, nil)
		if err != nil {
			return err
		}
		claimed = n > 1
	}
	if !claimed {
		return nil
	}
	n, err := whose(o.Tx)
	if err != nil {
		return err
	}
	return o.Tx.PutMeta(whoseMeta, binary.BigEndian.AppendUint64(nil, n+1))
}

// owner is the contract of a call; zero = none.
func (m *monthSum) owner(v *calls.View) (desk.ID, error) {
	if m.owners == nil {
		var err error
		if m.owners, err = newOwners(m.Look, m.period.To.UnixMilli()); err != nil {
			return desk.ID{}, err
		}
	}
	return m.owners.of(v)
}
