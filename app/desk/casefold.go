package desk

import (
	"fmt"
	"slices"
)

// FoldCase is the state of a case: a function of the set of its events alone.
// A case whose opening has not arrived yet has Status 0 and is not listed.
func FoldCase(events []Event) Case {
	c := Case{Marks: map[string]Mark{}}
	for _, e := range Live(events) {
		c.Apply(&e)
	}
	return c
}

// Apply folds the next event, which must be later than all folded before and
// must not be EventUndone of one of them: then FoldCase is due.
func (c *Case) Apply(e *Event) {
	if c.Marks == nil {
		c.Marks = map[string]Mark{}
	}
	c.Head, c.Events = max(c.Head, e.Stamp), c.Events+1
	c.LastAt = max(c.LastAt, e.At)
	if e.Kind != CaseClosed {
		c.MovedAt = c.LastAt
	}
	f, ok := caseFolds[e.Kind]
	if !ok {
		c.Newer = c.Newer || !e.Kind.Known()
		return
	}
	if err := f(c, e); err != nil {
		c.Newer = true
	}
}

// with decodes the body before folding it.
func with[B any](f func(*Case, *Event, B)) func(*Case, *Event) error {
	return func(c *Case, e *Event) error {
		var b B
		if err := Decode(e.Body, &b); err != nil {
			return err
		}
		f(c, e, b)
		return nil
	}
}

var caseFolds = map[Kind]func(*Case, *Event) error{
	CaseOpened:    with((*Case).open),
	CaseEdited:    with((*Case).edit),
	CaseAssigned:  with((*Case).assign),
	CaseTaken:     with((*Case).take),
	CaseHandedOff: with((*Case).handOff),
	CaseSuspended: with((*Case).suspend),
	CaseResumed:   with(func(c *Case, e *Event, _ Said) { c.resume(e) }),
	CaseNoted:     with(func(*Case, *Event, Said) {}),
	CaseContacted: with(func(c *Case, e *Event, b Said) {
		c.heard(b.Call)
		if c.Status == Pending && c.Pending == "user" {
			c.resume(e)
		}
	}),
	CaseResolved: with((*Case).solve),
	CaseReopened: with((*Case).reopen),
	CaseClosed: with(func(c *Case, e *Event, _ Said) {
		if c.Status == Resolved {
			c.to(e, Closed)
			c.ClosedAt = e.At
		}
	}),
	CaseCancelled: with(func(c *Case, e *Event, _ Said) { c.to(e, Cancelled); c.leave(); c.ClosedAt = e.At }),
	CaseMerged:    with(func(c *Case, e *Event, j Joined) { c.to(e, Merged); c.leave(); c.Into = j.Case }),
	CaseAbsorbed:  with(func(c *Case, _ *Event, j Joined) { c.Absorbed = append(c.Absorbed, j.Case) }),
	CaseSplit:     with(func(c *Case, _ *Event, j Joined) { c.Splits = append(c.Splits, j.Case) }),
	CaseLinked:    with(func(c *Case, e *Event, j Joined) { put(c, e, "parent", &c.Parent, j.Case) }),
	CaseCaused:    with(func(c *Case, e *Event, b Caused) { put(c, e, "problem", &c.Problem, b.Problem) }),
	CaseExcused:   with(func(*Case, *Event, Said) {}),
	ArticleTried:  with(func(*Case, *Event, Said) {}),
	CaseStepped:   with(func(c *Case, e *Event, s Stepped) { c.Steps = append(c.Steps, StepDone{s, e.At, e.Actor}) }),
	FileAttached:  with(func(c *Case, _ *Event, f File) { c.Files = append(c.Files, f) }),
	ConflictSettled: func(c *Case, e *Event) error {
		c.Conflicts = settle(c.Conflicts, e)
		return nil
	},
}

func (c *Case) open(e *Event, b Opened) {
	if c.Status != NoStatus {
		return // a second opening of one case cannot be: the first stands
	}
	c.Opened, c.OpenedAt, c.OpenedBy = b, e.At, e.Actor
	c.heard(b.Call)
	c.to(e, New)
	if !b.Agent.IsZero() {
		c.to(e, Assigned)
	}
	if !b.Group.IsZero() {
		c.HandOffs = append(c.HandOffs, HandOff{Group: b.Group, From: c.LastAt, Level: b.Level})
	}
}

// put sets a field and records the conflict when its author had not seen the
// value that it replaces.
func put[T comparable](c *Case, e *Event, field string, at *T, v T) {
	if was := c.Marks[field]; was.Stamp > e.Base && was.Actor != e.Actor && *at != v {
		c.Conflicts = append(c.Conflicts, Conflict{Field: field, Kept: fmt.Sprint(v), Other: fmt.Sprint(*at),
			KeptActor: e.Actor, OtherActor: was.Actor, KeptAt: e.At, OtherAt: was.At, Stamp: e.Stamp})
	}
	*at = v
	c.Marks[field] = Mark{Stamp: e.Stamp, Actor: e.Actor, At: e.At}
}

func putIf[T comparable](c *Case, e *Event, field string, at *T, v *T) {
	if v != nil {
		put(c, e, field, at, *v)
	}
}

func (c *Case) edit(e *Event, b Edited) {
	putIf(c, e, "kind", &c.Kind, b.Kind)
	putIf(c, e, "person", &c.Person, b.Person)
	putIf(c, e, "asset", &c.Asset, b.Asset)
	putIf(c, e, "category", &c.Category, b.Category)
	putIf(c, e, "impact", &c.Impact, b.Impact)
	putIf(c, e, "urgency", &c.Urgency, b.Urgency)
	putIf(c, e, "priority", &c.Priority, b.Priority)
	putIf(c, e, "why", &c.Why, b.Why)
	putIf(c, e, "subject", &c.Subject, b.Subject)
	putIf(c, e, "text", &c.Text, b.Text)
	putIf(c, e, "contract", &c.Contract, b.Contract)
	putIf(c, e, "area", &c.Area, b.Area)
	putIf(c, e, "site", &c.Site, b.Site)
}

// to changes the status. What is over stays over when the author of an older
// view moves the case: resolved beats in progress until a reopening says
// otherwise; the conflict is shown.
func (c *Case) to(e *Event, s Status) bool {
	was := c.Marks["status"]
	if !c.Status.Open() && c.Status != NoStatus && s.Open() && e.Kind != CaseReopened {
		if was.Actor != e.Actor {
			c.Conflicts = append(c.Conflicts, Conflict{Field: "status", Kept: c.Status.String(), Other: s.String(),
				KeptActor: was.Actor, OtherActor: e.Actor, KeptAt: was.At, OtherAt: e.At, Stamp: e.Stamp})
		}
		return false
	}
	if s.Open() != c.Status.Open() {
		c.Turns = append(c.Turns[:len(c.Turns):len(c.Turns)], Turn{c.LastAt, s, e.Stamp})
	}
	put(c, e, "status", &c.Status, s)
	c.Since = e.At
	if s != Pending {
		c.Pending, c.Wake = "", 0
	}
	return true
}

// assign gives a case to an agent, and to a group: another one is a hand-off.
// Who has a case that is over may change too; it stays over.
func (c *Case) assign(e *Event, b Moved) {
	put(c, e, "agent", &c.Agent, b.Agent)
	moved := !b.Group.IsZero() && b.Group != c.Group
	if moved {
		c.enter(e, b)
	}
	if c.Status == New || c.Status == NoStatus || moved && c.Status == Pending {
		c.to(e, Assigned)
	}
}

func (c *Case) take(e *Event, b Moved) {
	put(c, e, "agent", &c.Agent, b.Agent)
	if c.TakenAt == 0 {
		c.TakenAt = e.At
	}
	c.to(e, InProgress)
}

func (c *Case) handOff(e *Event, b Moved) {
	if c.to(e, Assigned) {
		put(c, e, "agent", &c.Agent, b.Agent)
		c.enter(e, b)
	}
}

// enter starts the run of a group over the case and ends the one before.
func (c *Case) enter(e *Event, b Moved) {
	c.leave()
	put(c, e, "group", &c.Group, b.Group)
	c.HandOffs = append(slices.Clone(c.HandOffs), HandOff{Group: b.Group, From: c.LastAt, Level: b.Level, Outside: b.Outside})
	if !c.Status.Open() {
		c.leave()
	}
}

func (c *Case) leave() {
	if n := len(c.HandOffs); n > 0 && c.HandOffs[n-1].To == 0 {
		c.HandOffs = slices.Clone(c.HandOffs)
		c.HandOffs[n-1].To = c.LastAt
	}
}

func (c *Case) suspend(e *Event, b Said) {
	if c.Status != Pending {
		c.Was = c.Status
	}
	if c.to(e, Pending) {
		put(c, e, "pending", &c.Pending, b.Reason)
		c.Wake = b.Wake
	}
}

func (c *Case) resume(e *Event) {
	if c.Status == Pending {
		s := c.Was
		if !s.Open() || s == Pending {
			s = InProgress
		}
		c.to(e, s)
	}
}

func (c *Case) solve(e *Event, b Solved) {
	if c.Status == Merged || c.Status == Cancelled {
		c.to(e, InProgress) // refused there; recorded as a conflict
		return
	}
	c.heard(b.Call)
	if c.TakenAt == 0 {
		c.TakenAt = e.At
	}
	if c.Status == Resolved || c.Status == Closed { // solved twice: the first resolution stands, with the later words
		c.Solution.Text, c.Solution.Article = b.Text, b.Article
		return
	}
	c.to(e, Resolved)
	c.leave()
	b.Level = max(1, b.Level)
	if n := len(c.HandOffs); n > 0 { // the group that has it as the story is told now: a hand-off may have been taken back, or heard of late
		b.Level = max(b.Level, c.HandOffs[n-1].Level)
	}
	c.ResolvedAt, c.Solution, c.SolvedBy = e.At, b, e.Actor
}

// mostCalls are kept of one case: who talks more often about it is known to talk much.
const mostCalls = 200

// heard keeps a call that was about the case.
func (c *Case) heard(call ID) {
	if !call.IsZero() && len(c.Calls) < mostCalls && !slices.Contains(c.Calls, call) {
		c.Calls = append(c.Calls[:len(c.Calls):len(c.Calls)], call)
	}
}

func (c *Case) reopen(e *Event, _ Said) {
	if c.Status.Open() {
		return
	}
	c.to(e, InProgress)
	c.ReopenedAt, c.Reopens, c.ClosedAt, c.ResolvedAt, c.Into = e.At, c.Reopens+1, 0, 0, ID{}
	if n := len(c.HandOffs); n > 0 {
		last := c.HandOffs[n-1]
		c.HandOffs = append(slices.Clone(c.HandOffs), HandOff{Group: last.Group, From: c.LastAt, Level: last.Level, Outside: last.Outside})
	}
}
