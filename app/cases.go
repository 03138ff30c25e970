package app

import (
	"punto/app/desk"
	"punto/app/sla"
)

// ReserveNumber takes the next case number of this workstation, so that the
// caller can be told it from the first second.
type ReserveNumber struct{}

// OpenCase registers a case. ID and Number may be reserved before; a second
// OpenCase with the same ID is answered with the first's receipt.
type OpenCase struct {
	ID     desk.ID
	Opened desk.Opened
	At     int64 // Unix milliseconds; 0 = now; only imports and demonstrations set it
}

// The commands of a case's life. Case is the case's id.
type (
	EditCase struct {
		Case desk.ID
		Edit desk.Edited
	}
	TakeCase   struct{ Case desk.ID }
	AssignCase struct {
		Case         desk.ID
		Agent, Group desk.ID
	}
	HandOffCase struct {
		Case   desk.ID
		Group  desk.ID
		Reason string
	}
	SuspendCase struct {
		Case         desk.ID
		Reason, Text string
		Wake         int64
	}
	ResumeCase struct {
		Case desk.ID
		Text string
	}
	AddNote struct {
		Case   desk.ID
		Text   string
		Public bool
	}
	AddContact struct {
		Case desk.ID
		Text string
		Call desk.ID
	} // the user wrote or called again
	TryArticle struct {
		Case    desk.ID
		Article desk.ID
	}
	ResolveCase struct {
		Case          desk.ID
		Text          string
		Article, Call desk.ID
		Children      bool
	} // Call: the contact it is solved in
	ReopenCase struct {
		Case desk.ID
		Text string
	}
	CloseCase struct {
		Case desk.ID
		Text string
	}
	CancelCase struct {
		Case desk.ID
		Text string
	}
	MergeCase struct{ Case, Into desk.ID }
	SplitCase struct {
		Case   desk.ID
		Opened desk.Opened
	}
	LinkCase    struct{ Case, Parent desk.ID } // zero Parent unlinks
	ExcuseClock struct {
		Case               desk.ID
		Clock, Cause, Text string
	}
)

// Undo takes back one event of an entity: merge, split, resolution, note, any.
// With a zero Origin it is the last event that the signed-in agent wrote.
type Undo struct {
	Entity desk.Entity
	Origin desk.Origin
	Seq    uint64
	Reason string
}

// Cases is a page of cases.
type Cases struct {
	By    string    // "due" (open cases, next deadline first; the default), "opened" (newest first), "group", "agent", "person", "asset", "category", "problem", "parent" (its children); "these"
	ID    desk.ID   // of the group, agent, person, asset, problem or parent
	Code  string    // of the category
	These []desk.ID // the cases themselves, 1000 at most: listed in this order, at once
	Open  bool      // only those still open
	After []byte    // Next of the page before; nil = from the beginning
	Limit int       // 0 = 50; at most 1000
}

// CasesAnswer answers Cases.
type CasesAnswer struct {
	Rows []CaseRow
	Next []byte // nil at the end
	Owed int    // events of others that are still to be derived: the list is of before them
}

// CaseRow is a case in a list, with its names looked up.
type CaseRow struct {
	ID       desk.ID
	Number   desk.Number
	Subject  string
	Person   string
	VIP      bool
	Area     string
	Priority int
	Status   desk.Status
	Pending  string
	Group    string
	Agent    string
	Category string
	OpenedAt int64
	HandOffs int
	Clock    sla.Run // the open run with the earliest deadline; zero when none
	Conflict bool
	Band     Band // of its clock; NoBand when it is not open
	Bad      bool `json:",omitempty"` // it is stored and cannot be read; only ID is set
}

// OneCase is a case page: by id, or by number as people type it.
type OneCase struct {
	ID     desk.ID
	Number string
}

// OneCaseAnswer answers OneCase.
type OneCaseAnswer struct {
	ID       desk.ID
	Case     desk.Case
	Row      CaseRow
	Person   desk.Person
	Contract desk.Contract
	Timeline []Moment
	Clocks   []sla.Run
	Names    map[desk.ID]string
	Followed bool // by whoever asks
	Linked   []LinkedCase
}

// LinkedCase is a case that another one is linked with. How is "parent", "child" (the
// newest 200), "into" (merged into it), "absorbed" or "split".
type LinkedCase struct {
	How     string
	ID      desk.ID
	Number  desk.Number
	Subject string
	Status  desk.Status
}

// Moment is one entry of a timeline, in the order of the fold.
type Moment struct {
	Origin  desk.Origin
	Seq     uint64
	At      int64
	Kind    desk.Kind
	Actor   string
	Text    string
	Reason  string
	Group   string
	Agent   string
	Other   string // number of the other case; title of the article
	Public  bool
	ByRule  bool
	Skipped bool `json:",omitempty"` // of a step of a procedure, whose words are Other
	Undone  bool
	Undid   *Moment       `json:",omitempty"` // what it took back, its texts shortened; nil = it is not here, or nothing was taken back
	Edits   []FieldChange `json:",omitempty"` // what an edit changed
}

// FieldChange is one field of a case that an edit gave another value. From is empty where
// there was none, and of a description, which the moment before tells.
type FieldChange struct {
	Field    string // "subject", "text", "kind", "person", "asset", "category", "impact", "urgency", "priority", "contract", "area", "site"
	From, To string // names looked up; levels as digits; a kind by its name
}

// Explain lists what made each deadline of a case.
type Explain struct {
	ID     desk.ID
	Number string
}

// ExplainAnswer answers Explain: one explanation for each run.
type ExplainAnswer struct {
	Number desk.Number
	Runs   []sla.Run
	Clocks []sla.Explanation
}

// RequireFields sets what a case has to tell before somebody solves it or hands it
// on: any of desk.Requirable. None is the default, and desk.RequiresNothing alone
// asks for nothing. Cases of other systems and of other workstations come in as
// they are.
type RequireFields struct{ Fields []string }

// RegisterCase opens a case and does at once what it was opened for, in one
// commit and at one instant: solves it, hands it off or suspends it; with none of
// the three it is OpenCase. Their Case is left empty. A second one with the same
// id changes nothing that the first has done.
type RegisterCase struct {
	OpenCase
	Resolve *ResolveCase `json:",omitempty"`
	HandOff *HandOffCase `json:",omitempty"`
	Suspend *SuspendCase `json:",omitempty"`
}

var _ = crosses(ReserveNumber{}, OpenCase{}, EditCase{}, TakeCase{}, AssignCase{}, HandOffCase{}, SuspendCase{}, ResumeCase{}, AddNote{}, AddContact{}, TryArticle{}, ResolveCase{}, ReopenCase{}, CloseCase{}, CancelCase{}, MergeCase{}, SplitCase{}, LinkCase{}, ExcuseClock{}, Undo{}, RegisterCase{}, RequireFields{}, Cases{}, OneCase{}, Explain{})

func (ReserveNumber) command() {}
func (OpenCase) command()      {}
func (EditCase) command()      {}
func (TakeCase) command()      {}
func (AssignCase) command()    {}
func (HandOffCase) command()   {}
func (SuspendCase) command()   {}
func (ResumeCase) command()    {}
func (AddNote) command()       {}
func (AddContact) command()    {}
func (TryArticle) command()    {}
func (ResolveCase) command()   {}
func (ReopenCase) command()    {}
func (CloseCase) command()     {}
func (CancelCase) command()    {}
func (MergeCase) command()     {}
func (SplitCase) command()     {}
func (LinkCase) command()      {}
func (ExcuseClock) command()   {}
func (Undo) command()          {}
func (RegisterCase) command()  {}
func (RequireFields) command() {}
func (Cases) answer() Answer   { return CasesAnswer{} }
func (OneCase) answer() Answer { return OneCaseAnswer{} }
func (Explain) answer() Answer { return ExplainAnswer{} }
