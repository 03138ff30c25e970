package desk

import (
	"fmt"
	"slices"
)

// CaseKind is what sort of thing has to be solved.
type CaseKind uint8

// Kinds of case.
const (
	NoCaseKind CaseKind = iota
	Incident
	Request
	Question
)

var caseKindNames = [...]string{"", "incident", "request", "question"}

func (k CaseKind) String() string { return nameOf(caseKindNames[:], int(k)) }

// Valid tells whether this version knows it; none is valid.
func (k CaseKind) Valid() bool { return int(k) < len(caseKindNames) }

// Status is where a case is in its life.
type Status uint8

// The life cycle.
const (
	NoStatus Status = iota
	New
	Assigned
	InProgress
	Pending
	Resolved
	Closed
	Cancelled
	Merged
)

var statusNames = [...]string{"", "new", "assigned", "in_progress", "pending", "resolved", "closed", "cancelled", "merged"}

func (s Status) String() string { return nameOf(statusNames[:], int(s)) }

// Valid tells whether this version knows it; none is valid.
func (s Status) Valid() bool { return int(s) < len(statusNames) }

// Open tells whether work is still due.
func (s Status) Open() bool { return s >= New && s <= Pending }

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

// Modality is how a contact came in.
type Modality uint8

// Modalities.
const (
	NoModality Modality = iota
	ByPhone
	ByEmail
	InPerson
	ByWeb
)

var modalityNames = [...]string{"", "phone", "email", "in_person", "web"}

func (m Modality) String() string { return nameOf(modalityNames[:], int(m)) }

// Valid tells whether this version knows it; none is valid.
func (m Modality) Valid() bool { return int(m) < len(modalityNames) }

// ParseName reads the name of a kind, status, modality or role given the
// values to try; false when none has it.
func ParseName[T fmt.Stringer](s string, values ...T) (v T, ok bool) {
	for _, x := range values {
		if x.String() == s {
			return x, true
		}
	}
	return v, false
}

// Opened is the body of CaseOpened.
type Opened struct {
	Number   Number   `cbor:"1,keyasint"`
	Kind     CaseKind `cbor:"2,keyasint,omitempty"`
	Person   ID       `cbor:"3,keyasint,omitempty"`
	Area     ID       `cbor:"4,keyasint,omitempty"`
	Site     ID       `cbor:"5,keyasint,omitempty"`
	Asset    ID       `cbor:"6,keyasint,omitempty"`
	Contract ID       `cbor:"7,keyasint,omitempty"`
	Category string   `cbor:"8,keyasint,omitempty"`
	Impact   int      `cbor:"9,keyasint,omitempty"`
	Urgency  int      `cbor:"10,keyasint,omitempty"`
	Priority int      `cbor:"11,keyasint,omitempty"` // 1..4
	Why      string   `cbor:"12,keyasint,omitempty"` // reason of a priority that is not the matrix's
	Subject  string   `cbor:"13,keyasint,omitempty"`
	Text     string   `cbor:"14,keyasint,omitempty"`
	Modality Modality `cbor:"15,keyasint,omitempty"`
	Call     ID       `cbor:"16,keyasint,omitempty"` // the contact it was opened in
	Model    Stamp    `cbor:"17,keyasint,omitempty"` // version of the service model
	Group    ID       `cbor:"18,keyasint,omitempty"`
	Agent    ID       `cbor:"19,keyasint,omitempty"`
	Ref      string   `cbor:"20,keyasint,omitempty"`
	Parent   ID       `cbor:"21,keyasint,omitempty"` // major incident, case it was split from, or case it follows
	Lang     string   `cbor:"22,keyasint,omitempty"`
	Level    int      `cbor:"23,keyasint,omitempty"`
	Rule     string   `cbor:"24,keyasint,omitempty"` // code of the one that chose its group
}

// Edited is the body of CaseEdited: what is nil stays as it is.
type Edited struct {
	Kind     *CaseKind `cbor:"1,keyasint,omitempty"`
	Person   *ID       `cbor:"2,keyasint,omitempty"`
	Asset    *ID       `cbor:"3,keyasint,omitempty"`
	Category *string   `cbor:"4,keyasint,omitempty"`
	Impact   *int      `cbor:"5,keyasint,omitempty"`
	Urgency  *int      `cbor:"6,keyasint,omitempty"`
	Priority *int      `cbor:"7,keyasint,omitempty"`
	Why      *string   `cbor:"8,keyasint,omitempty"`
	Subject  *string   `cbor:"9,keyasint,omitempty"`
	Text     *string   `cbor:"10,keyasint,omitempty"`
	Contract *ID       `cbor:"11,keyasint,omitempty"`
	Area     *ID       `cbor:"12,keyasint,omitempty"`
	Site     *ID       `cbor:"13,keyasint,omitempty"`
}

// Moved is the body of CaseAssigned, CaseTaken and CaseHandedOff.
type Moved struct {
	Group   ID     `cbor:"1,keyasint,omitempty"`
	Agent   ID     `cbor:"2,keyasint,omitempty"`
	Reason  string `cbor:"3,keyasint,omitempty"`
	ByRule  bool   `cbor:"4,keyasint,omitempty"`
	Outside bool   `cbor:"5,keyasint,omitempty"` // the group is a supplier
	Level   int    `cbor:"6,keyasint,omitempty"` // of the group, when it happened
}

// Said is the body of CaseNoted, CaseContacted, CaseSuspended, CaseResumed,
// CaseReopened, CaseClosed, CaseCancelled, CaseExcused and ArticleTried.
type Said struct {
	Text    string `cbor:"1,keyasint,omitempty"`
	Reason  string `cbor:"2,keyasint,omitempty"` // pending reason, cause code
	Public  bool   `cbor:"3,keyasint,omitempty"` // the user sees it: it answers the user
	Wake    int64  `cbor:"4,keyasint,omitempty"` // Unix milliseconds; 0 = none
	Call    ID     `cbor:"5,keyasint,omitempty"`
	Article ID     `cbor:"6,keyasint,omitempty"`
	Clock   string `cbor:"7,keyasint,omitempty"` // run that is excused
}

// Solved is the body of CaseResolved.
type Solved struct {
	Text    string `cbor:"1,keyasint,omitempty"`
	Article ID     `cbor:"2,keyasint,omitempty"`
	Call    ID     `cbor:"3,keyasint,omitempty"` // the contact in which it was solved
	Online  bool   `cbor:"4,keyasint,omitempty"` // in the contact in which it was opened
	Level   int    `cbor:"5,keyasint,omitempty"` // of who solved it, where a log tells; 0 = that of the group that had it
}

// Joined is the body of CaseMerged (into), CaseAbsorbed (from), CaseSplit
// (the new case) and CaseLinked (parent; zero unlinks).
type Joined struct {
	Case ID `cbor:"1,keyasint,omitempty"`
}

// File is the body of FileAttached: a file by its content. Its bytes lie beside
// the log and follow it.
type File struct {
	Hash [32]byte `cbor:"1,keyasint"` // SHA-256
	Name string   `cbor:"2,keyasint"`
	Size int64    `cbor:"3,keyasint"` // bytes
}

// Turn is one change of a case between open and over: the status that it came
// to. The opening is the first.
type Turn struct {
	At    int64  `cbor:"1,keyasint"` // Unix milliseconds; never before that of the turn before
	To    Status `cbor:"2,keyasint"`
	Stamp Stamp  `cbor:"3,keyasint"` // of its event
}

// HandOff is one run of one group over a case; after a reopening the group that
// had it has another. Times in Unix milliseconds.
type HandOff struct {
	Group   ID    `cbor:"1,keyasint"`
	From    int64 `cbor:"2,keyasint"`
	To      int64 `cbor:"3,keyasint,omitempty"` // 0 = still there
	Level   int   `cbor:"4,keyasint,omitempty"`
	Outside bool  `cbor:"5,keyasint,omitempty"`
}

// Case is the folded state of a case. Times are Unix milliseconds UTC, 0 = not
// yet.
type Case struct {
	Opened
	Status     Status          `cbor:"40,keyasint"`
	OpenedAt   int64           `cbor:"41,keyasint"`
	OpenedBy   ID              `cbor:"42,keyasint,omitempty"`
	TakenAt    int64           `cbor:"43,keyasint,omitempty"`
	ResolvedAt int64           `cbor:"44,keyasint,omitempty"`
	ClosedAt   int64           `cbor:"45,keyasint,omitempty"`
	ReopenedAt int64           `cbor:"46,keyasint,omitempty"` // last
	Reopens    int             `cbor:"47,keyasint,omitempty"`
	Pending    string          `cbor:"48,keyasint,omitempty"` // reason
	Wake       int64           `cbor:"49,keyasint,omitempty"`
	Since      int64           `cbor:"50,keyasint,omitempty"` // of the present status
	HandOffs   []HandOff       `cbor:"51,keyasint,omitempty"`
	Solution   Solved          `cbor:"52,keyasint,omitempty"`
	Into       ID              `cbor:"53,keyasint,omitempty"` // merged into
	Absorbed   []ID            `cbor:"54,keyasint,omitempty"`
	Splits     []ID            `cbor:"55,keyasint,omitempty"`
	Head       Stamp           `cbor:"56,keyasint"`
	LastAt     int64           `cbor:"57,keyasint"`
	Events     int             `cbor:"58,keyasint"`
	Marks      map[string]Mark `cbor:"59,keyasint,omitempty"`
	Conflicts  []Conflict      `cbor:"60,keyasint,omitempty"`
	Newer      bool            `cbor:"61,keyasint,omitempty"`
	Was        Status          `cbor:"62,keyasint,omitempty"` // before pending
	SolvedBy   ID              `cbor:"63,keyasint,omitempty"`

	Files   []File     `cbor:"65,keyasint,omitempty"`
	Turns   []Turn     `cbor:"66,keyasint,omitempty"`
	Steps   []StepDone `cbor:"68,keyasint,omitempty"` // of procedures, in the order of the fold
	MovedAt int64      `cbor:"67,keyasint,omitempty"` // the latest instant at which more than its closing was told
}

// Move is one change of the group that has a case.
type Move struct {
	At       int64 // Unix milliseconds
	Levels   bool  // both are known
	Return   bool  // to a group of lower level that had it before
	PingPong bool  // to the group that had it before the last other one
}

// Moves are the hand-offs of a case: reopenings between them or not, each group
// counts once until another has it. The first group is none.
func (c *Case) Moves() (out []Move) {
	var path []HandOff // without repeats in a row
	for _, h := range c.HandOffs {
		n := len(path)
		if n > 0 && path[n-1].Group == h.Group {
			continue
		}
		if n > 0 {
			m := Move{At: h.From, Levels: h.Level > 0 && path[n-1].Level > 0, PingPong: n > 1 && path[n-2].Group == h.Group}
			m.Return = m.Levels && h.Level < path[n-1].Level && slices.ContainsFunc(path, func(x HandOff) bool { return x.Group == h.Group })
			out = append(out, m)
		}
		path = append(path, h)
	}
	return out
}

// ReopenWindow is the days within which a resolved case reopens: the contract's,
// 7 when it names none.
func (c *Case) ReopenWindow(k Contract) int {
	if k.ReopenDays == 0 {
		return 7
	}
	return k.ReopenDays
}

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
	CaseContacted: with(func(c *Case, e *Event, _ Said) {
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
