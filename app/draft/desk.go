package draft

import (
	"fmt"
	"maps"
	"slices"

	"punto/app/desk"
	"punto/app/sla"
)

// Stored is a model as the desk keeps it, in several records.
type Stored struct {
	Model     desk.Model
	Groups    map[desk.ID]desk.Group
	Contracts map[desk.ID]desk.Contract
	Calendars map[desk.ID]sla.Calendar
}

// FileOf writes what a desk has stored as one model. A group that has no code (it came
// with an import) is not part of it.
func FileOf(s Stored) File {
	m := s.Model
	f := File{Punto: Form, Groups: map[string]Group{}, Calendars: map[string]Calendar{}, Contracts: map[string]Contract{}, Requires: m.Requires,
		Impacts: wordsOf(m.Impacts), Urgencies: wordsOf(m.Urgencies), Priorities: wordsOf(m.Priorities), Procedures: fromProcedures(m.Procedures), Rules: fromRules(m.Rules)}
	for code, id := range m.Groups {
		if g, ok := s.Groups[id]; ok {
			f.Groups[code] = Group{g.Name, g.Level, g.Outside}
		}
	}
	names := s.CalendarNames()
	for id, name := range names {
		f.Calendars[name] = fromCalendar(s.Calendars[id])
	}
	for _, id := range sortedIDs(s.Contracts) {
		k := s.Contracts[id]
		f.Contracts[k.Code] = fromContract(k, names[k.Calendar])
	}
	for _, row := range m.Matrix {
		f.Matrix = append(f.Matrix, slices.Clone(row[:]))
	}
	for _, r := range m.Reasons {
		f.Reasons = append(f.Reasons, Reason{r.Code, Names(r.Name), r.Stops})
	}
	for _, c := range m.Categories {
		f.Categories = append(f.Categories, Category{Code: c.Code, Name: Names(c.Path), Kind: c.Kind.String(), Group: c.Group, Level1: c.Level1, Impact: c.Impact, Urgency: c.Urgent, Procedure: c.Procedure})
	}
	for _, t := range m.Canned {
		f.Canned = append(f.Canned, Text{t.Code, Names(t.Text)})
	}
	return f
}

// CalendarNames are the names under which a file has the calendars: two of one name are
// told apart.
func (s Stored) CalendarNames() map[desk.ID]string {
	names, taken := map[desk.ID]string{}, map[string]bool{}
	for _, id := range sortedIDs(s.Calendars) {
		name := s.Calendars[id].Name
		for n := 2; taken[name] || name == ""; n++ {
			if name = fmt.Sprintf("%s (%d)", s.Calendars[id].Name, n); n > 99 {
				name = id.String()
			}
		}
		names[id], taken[name] = name, true
	}
	return names
}

// Within is what is stored of what a file names: publishing it changes nothing else.
func (s Stored) Within(f File) File {
	was := FileOf(s)
	maps.DeleteFunc(was.Groups, func(code string, _ Group) bool { _, named := f.Groups[code]; return !named })
	maps.DeleteFunc(was.Calendars, func(name string, _ Calendar) bool { _, named := f.Calendars[name]; return !named })
	maps.DeleteFunc(was.Contracts, func(code string, _ Contract) bool { _, named := f.Contracts[code]; return !named })
	return was
}

func sortedIDs[T any](m map[desk.ID]T) []desk.ID {
	return slices.SortedFunc(maps.Keys(m), func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) })
}

func wordsOf(m map[string][4]string) Words {
	w := Words{}
	for lang, four := range m {
		w[lang] = slices.Clone(four[:])
	}
	return w
}

func (w Words) four() map[string][4]string {
	if len(w) == 0 {
		return nil
	}
	m := map[string][4]string{}
	for lang, list := range w {
		m[lang] = [4]string(list)
	}
	return m
}

func fromContract(k desk.Contract, calendar string) Contract {
	c := Contract{Client: k.Client, Calendar: calendar, Zone: k.Zone, Langs: k.Langs, Queues: k.Queues, Numbers: k.Numbers, Targets: map[int]Target{},
		Pauses: k.Pauses, ReopenDays: k.ReopenDays, ShortAbandon: Span(k.ShortAbandon), AnswerIn: Span(k.AnswerIn), WrapUp: Span(k.WrapUp), Formula: k.Levels, Escalations: fromLadders(k.Ladders), Thresholds: k.Thresholds}
	for _, t := range k.Targets {
		c.Targets[t.Priority] = Target{Span(t.TakeUp), Span(t.Resolve), Span(t.OLA)}
	}
	for _, g := range k.Goals {
		x := Goal{Index: g.Index}
		if v := g.Value; g.AtLeast {
			x.AtLeast = &v
		} else {
			x.AtMost = &v
		}
		c.Goals = append(c.Goals, x)
	}
	return c
}

// Contract is a contract of the file as the desk keeps it, but for its calendar. The
// file must have been checked.
func (f File) Contract(code string) desk.Contract {
	c := f.Contracts[code]
	k := desk.Contract{Code: code, Client: c.Client, Zone: c.Zone, Langs: c.Langs, Queues: c.Queues, Numbers: c.Numbers, Pauses: c.Pauses,
		ReopenDays: c.ReopenDays, ShortAbandon: int64(c.ShortAbandon), AnswerIn: int64(c.AnswerIn), WrapUp: int64(c.WrapUp), Levels: c.Formula, Ladders: ladders(c.Escalations), Thresholds: c.Thresholds}
	for _, p := range slices.Sorted(maps.Keys(c.Targets)) {
		t := c.Targets[p]
		k.Targets = append(k.Targets, desk.Target{Priority: p, TakeUp: promise(t.TakeUp), Resolve: promise(t.Resolve), OLA: promise(t.OLA)})
	}
	for _, g := range c.Goals {
		x := desk.Goal{Index: g.Index, AtLeast: g.AtLeast != nil}
		if x.AtLeast {
			x.Value = *g.AtLeast
		} else {
			x.Value = *g.AtMost
		}
		k.Goals = append(k.Goals, x)
	}
	return k
}

// promise is a target as contracts have it: 0 is none.
func promise(s Span) int64 { return int64(max(0, s)) }

// Calendar is a calendar of the file as the desk keeps it.
func (f File) Calendar(name string) sla.Calendar {
	c, _ := f.Calendars[name].calendar(name) // it was checked
	return c
}

// Group is a group of the file as the desk keeps it, the rest of it as it was.
func (f File) Group(code string, was desk.Group) desk.Group {
	g := f.Groups[code]
	was.Name, was.Level, was.Outside = g.Name, g.Level, g.Outside
	return was
}

// Model is the rest of the file as the desk keeps it: groups are the ids by code.
func (f File) Model(was desk.Model, groups map[string]desk.ID) desk.Model {
	m := desk.Model{Version: was.Version, Groups: groups, Requires: f.Requires, Extra: was.Extra,
		Impacts: f.Impacts.four(), Urgencies: f.Urgencies.four(), Priorities: f.Priorities.four(), Procedures: f.procedures(), Rules: f.rules()}
	for i, row := range f.Matrix {
		copy(m.Matrix[i][:], row)
	}
	for _, r := range f.Reasons {
		m.Reasons = append(m.Reasons, desk.Reason{Code: r.Code, Name: r.Name, Stops: r.Stops})
	}
	for _, c := range f.Categories {
		m.Categories = append(m.Categories, desk.Category{Code: c.Code, Path: c.Name, Kind: kinds[c.Kind], Group: c.Group, Level1: c.Level1, Impact: c.Impact, Urgent: c.Urgency, Procedure: c.Procedure})
	}
	for _, t := range f.Canned {
		m.Canned = append(m.Canned, desk.Canned{Code: t.Code, Text: t.Text})
	}
	return m
}
