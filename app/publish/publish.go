// Package publish is the room of the service model as a whole: a draft is reviewed
// against the one in force and published as its next version; to roll back is to
// publish an older one.
package publish

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"

	"punto/app"
	"punto/app/desk"
	"punto/app/draft"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/sla"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "publish", Handles: []engine.Handler{engine.Does(publishModel), engine.Asks(askModelText), engine.Asks(askModelVersions),
		engine.Asks(askReviewModel)}}
}

// Usable reads a draft that can be published.
func Usable(file []byte) (draft.File, error) {
	f, problems := draft.Read(bytes.NewReader(file))
	if grave := draft.Grave(problems); len(grave) > 0 {
		more := ""
		if len(grave) > 1 {
			more = fmt.Sprintf(" (and %d more)", len(grave)-1)
		}
		return f, app.About("file", app.Fail(app.Invalid, "the service model cannot be used: %s%s", grave[0].Error(), more))
	}
	return f, nil
}

// stored gathers what a desk has, as it was at a stamp: a record that began later is
// not part of it.
func stored(n *engine.Names, at desk.Stamp) (s draft.Stored, err error) {
	s = draft.Stored{Groups: map[desk.ID]desk.Group{}, Contracts: map[desk.ID]desk.Contract{}, Calendars: map[desk.ID]sla.Calendar{}}
	if s.Model, _, err = of[desk.Model](n, desk.ModelType, desk.ID{}, at); err != nil {
		return s, err
	}
	return s, errors.Join(each(n, desk.GroupType, at, s.Groups), each(n, desk.ContractType, at, s.Contracts), each(n, desk.CalendarType, at, s.Calendars))
}

// of is a record as it was at a stamp; false when it had not begun.
func of[T any](n *engine.Names, t desk.Type, id desk.ID, at desk.Stamp) (v T, begun bool, err error) {
	es, err := n.Events(desk.Entity{Type: t, ID: id})
	if err != nil || len(es) == 0 || es[0].Stamp > at {
		return v, false, err
	}
	r, err := n.RecordAt(t, id, at)
	if err == nil {
		v, err = desk.As[T](r)
	}
	return v, true, err
}

func each[T any](n *engine.Names, t desk.Type, at desk.Stamp, into map[desk.ID]T) error {
	for id, err := range ids(n.Reader, t) {
		if err != nil {
			return err
		}
		v, begun, err := of[T](n, t, id, at)
		if err != nil {
			return err
		}
		if begun {
			into[id] = v
		}
	}
	return nil
}

func ids(r desk.Reader, t desk.Type) iter.Seq2[desk.ID, error] {
	return func(yield func(desk.ID, error) bool) {
		for k, err := range r.Scan(engine.Prefix(records.IxRecord, t), nil, false) {
			if !yield(engine.IDOf(k.Key), err) {
				return
			}
		}
	}
}

// now is later than every stamp.
const now = ^desk.Stamp(0)

func publishModel(o *engine.Op, c app.PublishModel) (app.Receipt, error) {
	f, err := Usable(c.File)
	if err != nil {
		return app.Receipt{}, err
	}
	s, err := stored(o.Names, now)
	if err != nil {
		return app.Receipt{}, err
	}
	if len(draft.Diff(s.Within(f), f)) == 0 {
		return app.Receipt{}, app.Fail(app.Conflict, "the service model in force says the same already: nothing was published")
	}
	groups, err := saveGroups(o, f, s)
	if err != nil {
		return app.Receipt{}, err
	}
	calendars, err := saveCalendars(o, f, s)
	if err != nil {
		return app.Receipt{}, err
	}
	if err := saveContracts(o, f, s, calendars); err != nil {
		return app.Receipt{}, err
	}
	return records.SaveModel(o, app.SaveModel{Model: f.Model(s.Model, groups)}) // last: its stamp is that of the version
}

// saveGroups gives the ids of the groups by code; those that the draft does not name
// keep theirs.
func saveGroups(o *engine.Op, f draft.File, s draft.Stored) (map[string]desk.ID, error) {
	groups := map[string]desk.ID{}
	for code, id := range s.Model.Groups {
		groups[code] = id
	}
	for code := range f.Groups {
		id := groups[code]
		r, err := records.SaveGroup(o, app.SaveGroup{ID: id, Group: f.Group(code, s.Groups[id])})
		if err != nil {
			return nil, err
		}
		groups[code] = r.ID
	}
	return groups, nil
}

func saveCalendars(o *engine.Op, f draft.File, s draft.Stored) (map[string]desk.ID, error) {
	calendars := map[string]desk.ID{}
	for id, name := range s.CalendarNames() {
		calendars[name] = id
	}
	for name := range f.Calendars {
		c := f.Calendar(name)
		c.Version = s.Calendars[calendars[name]].Version
		r, err := records.SaveCalendar(o, app.SaveCalendar{ID: calendars[name], Calendar: c})
		if err != nil {
			return nil, err
		}
		calendars[name] = r.ID
	}
	return calendars, nil
}

func saveContracts(o *engine.Op, f draft.File, s draft.Stored, calendars map[string]desk.ID) error {
	known := map[string]desk.ID{}
	for id, k := range s.Contracts {
		known[k.Code] = id
	}
	for code, c := range f.Contracts {
		k := f.Contract(code)
		k.Calendar = calendars[c.Calendar]
		if _, err := records.SaveContract(o, app.SaveContract{ID: known[code], Contract: k}); err != nil {
			return err
		}
	}
	return nil
}

func askModelText(l *engine.Look, q app.ModelText) (a app.ModelTextAnswer, err error) {
	at := now
	if q.Version != 0 {
		vs, err := versions(l.Names)
		if err != nil {
			return a, err
		}
		i := slices.IndexFunc(vs, func(v version) bool { return v.n == q.Version })
		if i < 0 {
			return a, app.Fail(app.NotFound, "there is no version %d of the service model", q.Version)
		}
		at = vs[i].event.Stamp
	}
	s, err := stored(l.Names, at)
	if err != nil {
		return a, err
	}
	var b bytes.Buffer
	err = draft.FileOf(s).Write(&b)
	return app.ModelTextAnswer{Version: s.Model.Version, File: b.Bytes()}, err
}

// version is a model and the event that made it.
type version struct {
	n     int
	event desk.Event
}

// versions are those of the service model, oldest first.
func versions(n *engine.Names) (vs []version, err error) {
	es, err := n.Events(desk.Entity{Type: desk.ModelType})
	if err != nil {
		return nil, err
	}
	for i := range es {
		m, err := desk.As[desk.Model](desk.FoldRecord(es[:i+1]))
		if err != nil {
			return nil, err
		}
		if len(vs) == 0 || m.Version != vs[len(vs)-1].n {
			vs = append(vs, version{m.Version, es[i]})
		}
	}
	return vs, nil
}

func askModelVersions(l *engine.Look, _ app.ModelVersions) (a app.ModelVersionsAnswer, err error) {
	vs, err := versions(l.Names)
	for _, v := range slices.Backward(vs) {
		a.Rows = append(a.Rows, app.ModelVersion{Version: v.n, At: v.event.At, By: records.Name(l.Names, desk.AgentType, v.event.Actor)})
	}
	return a, err
}

func askReviewModel(l *engine.Look, q app.ReviewModel) (a app.ReviewModelAnswer, err error) {
	f, problems := draft.Read(bytes.NewReader(q.File))
	for _, p := range problems {
		x := app.ModelProblem{Line: p.Line, At: p.At, Msg: fmt.Sprintf(p.Form, p.Args...), Form: p.Form, Grave: p.Grave}
		for _, v := range p.Args {
			x.Args = append(x.Args, fmt.Sprint(v))
		}
		a.Problems = append(a.Problems, x)
	}
	if len(draft.Grave(problems)) > 0 {
		return a, nil
	}
	s, err := stored(l.Names, now)
	if err != nil {
		return a, err
	}
	for _, c := range draft.Diff(s.Within(f), f) {
		a.Changes = append(a.Changes, app.ModelChange{At: c.At, Was: c.Was, Is: c.Is})
	}
	return a, nil
}
