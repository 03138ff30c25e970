package cases

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
)

// One case with all that was done to it, and what made its deadlines. A page holds what
// one answer may; the newest is told whole.

func askOneCase(l *engine.Look, q app.OneCase) (app.Answer, error) {
	id, v, err := find(l, q.ID, q.Number)
	if err != nil {
		return nil, err
	}
	a := app.OneCaseAnswer{ID: id, Case: v.Case}
	if a.Row, err = Row(l, id, v); err != nil {
		return nil, err
	}
	if a.Person, err = engine.Noun[desk.Person](l.Names, desk.PersonType, v.Case.Person); err != nil {
		return nil, err
	}
	if _, a.Contract, err = records.ContractOf(l.Names, v.Case.Contract); err != nil {
		return nil, err
	}
	events, err := l.Names.Stored(Entity(id))
	if err != nil {
		return nil, err
	}
	if a.Clocks, err = promises.Runs(l, id, &v.Case, events); err != nil {
		return nil, err
	}
	if a.Followed, err = follows(l, l.Session.Agent, id); err != nil {
		return nil, err
	}
	records.Name(l.Names, desk.ProblemType, v.Case.Problem)
	if a.Linked, err = linked(l, id, &v.Case); err != nil {
		return nil, err
	}
	for _, s := range v.Case.Steps { // who stamped them is among the names
		records.Name(l.Names, desk.AgentType, s.By)
	}
	a.Timeline, err = timeline(l, events)
	a.Timeline = shorten(a.Timeline)
	a.Names = map[desk.ID]string{}
	for ent, r := range l.Names.Seen {
		if len(r.Fields) > 0 {
			a.Names[ent.ID] = records.Name(l.Names, ent.Type, ent.ID)
		}
	}
	return a, err
}

// timeline tells the events of a case as moments; what was undone is kept and
// marked.
func timeline(l *engine.Look, events []desk.Event) ([]app.Moment, error) {
	type eventKey struct {
		o desk.Origin
		s uint64
	}
	gone := map[eventKey]bool{}
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		var u desk.Undo
		if e.Kind == desk.EventUndone && !gone[eventKey{e.Origin, e.Seq}] && desk.Decode(e.Body, &u) == nil {
			gone[eventKey{u.Origin, u.Seq}] = true
		}
	}
	var ms []app.Moment
	was := values{}
	at, undoes := map[eventKey]int{}, map[int]eventKey{}
	for i, e := range events {
		at[eventKey{e.Origin, e.Seq}] = i
		m := app.Moment{Origin: e.Origin, Seq: e.Seq, At: e.At, Kind: e.Kind, Actor: records.Name(l.Names, desk.AgentType, e.Actor), Undone: gone[eventKey{e.Origin, e.Seq}]}
		if err := tell(l, &m, &e); err != nil { // of a newer version, or of a bad one: it is shown without its words
			m.Text = ""
		}
		switch e.Kind {
		case desk.CaseOpened, desk.CaseEdited:
			m.Edits = was.edit(l.Names, &e, m.Undone)
		case desk.EventUndone:
			var u desk.Undo
			if desk.Decode(e.Body, &u) == nil {
				undoes[i] = eventKey{u.Origin, u.Seq}
			}
		}
		ms = append(ms, m)
	}
	for i, of := range undoes {
		if j, here := at[of]; here && j != i {
			ms[i].Undid = brief(ms[j])
		}
	}
	return ms, nil
}

func tell(l *engine.Look, m *app.Moment, e *desk.Event) error {
	switch e.Kind {
	case desk.CaseOpened:
		var b desk.Opened
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Text, m.Group = b.Text, records.Name(l.Names, desk.GroupType, b.Group)
	case desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff:
		var b desk.Moved
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Group, m.Agent, m.Reason, m.ByRule = records.Name(l.Names, desk.GroupType, b.Group), records.Name(l.Names, desk.AgentType, b.Agent), b.Reason, b.ByRule
	case desk.CaseResolved:
		var b desk.Solved
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Text, m.Other = b.Text, records.Name(l.Names, desk.ArticleType, b.Article)
	case desk.FileAttached:
		var f desk.File
		if err := desk.Decode(e.Body, &f); err != nil {
			return err
		}
		m.Text = f.Name
	case desk.CaseStepped:
		var b desk.Stepped
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Other, m.Text, m.Reason, m.Skipped = b.Do, b.Result, b.Reason, b.Skipped
	case desk.CaseMerged, desk.CaseAbsorbed, desk.CaseSplit, desk.CaseLinked:
		var b desk.Joined
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		v, err := Read(l.Reader, b.Case)
		if err != nil {
			return err
		}
		m.Other = string(v.Case.Number)
	case desk.CaseCaused:
		var b desk.Caused
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Other = records.Name(l.Names, desk.ProblemType, b.Problem)
	case desk.EventUndone:
		var b desk.Undo
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Reason = b.Reason
	case desk.CaseEdited, desk.ConflictSettled:
	default:
		var b desk.Said
		if err := desk.Decode(e.Body, &b); err != nil {
			return err
		}
		m.Text, m.Reason, m.Public, m.Other = b.Text, b.Reason, b.Public, records.Name(l.Names, desk.ArticleType, b.Article)
	}
	return nil
}

func askExplain(l *engine.Look, q app.Explain) (app.Answer, error) {
	id, v, err := find(l, q.ID, q.Number)
	if err != nil {
		return nil, err
	}
	events, err := l.Names.Stored(Entity(id))
	if err != nil {
		return nil, err
	}
	a := app.ExplainAnswer{Number: v.Case.Number}
	if a.Runs, err = promises.Runs(l, id, &v.Case, events); err != nil {
		return nil, err
	}
	for _, r := range a.Runs {
		for _, w := range r.Was { // under an earlier target: a breach among them stays
			a.Clocks = append(a.Clocks, w.Explain())
		}
		a.Clocks = append(a.Clocks, r.Explain())
	}
	return a, nil
}

// What a case page tells of a timeline, so that one that somebody has filled to
// that end still comes.
const (
	momentsShown = 20_000
	momentBytes  = 8 << 20 // of their texts; of older ones the beginning is told
)

// shorten keeps a timeline within what one answer may hold: the newest are told
// whole.
func shorten(ms []app.Moment) []app.Moment {
	if len(ms) > momentsShown {
		ms = append(ms[:1:1], ms[len(ms)-momentsShown+1:]...)
	}
	left := momentBytes
	for i := len(ms) - 1; i >= 0; i-- {
		if m := &ms[i]; left < len(m.Text)+len(m.Reason) {
			m.Text, m.Reason = engine.Begins(m.Text, 200), engine.Begins(m.Reason, 200)
		}
		left -= len(ms[i].Text) + len(ms[i].Reason)
		for j := range ms[i].Edits {
			c := &ms[i].Edits[j]
			if left < len(c.From)+len(c.To) {
				c.From, c.To = engine.Begins(c.From, 200), engine.Begins(c.To, 200)
			}
			left -= len(c.From) + len(c.To)
		}
	}
	return ms
}
