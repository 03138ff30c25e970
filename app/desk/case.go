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
	Calls   []ID       `cbor:"69,keyasint,omitempty"` // in which it was opened, followed and solved, each once; mostCalls at most
	Problem ID         `cbor:"70,keyasint,omitempty"` // the cause behind it
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
