package app

import (
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
)

// CreateDesk makes a desk in an empty folder: organisation, contract with the
// hours, service model, groups and the administrator. Answers with the
// administrator's id and, when Password is empty, a first password in Secret.
type CreateDesk struct {
	Name, Zone, Lang string
	AlwaysOpen       bool
	Hours            *sla.Calendar // nil = Monday to Friday 8 to 18
	Prefix           string        // of case numbers; "" = A
	AdminName, Login string        // "" = Administrador, admin
	Password         string
	Demo             bool
}

// SignIn starts a session; SignOut ends the one in the context.
type (
	SignIn  struct{ Login, Password string }
	SignOut struct{}
)

// SetPassword changes the password of an agent: one's own with the old one, or
// anybody's by an administrator.
type SetPassword struct {
	Agent    desk.ID
	Old, New string
}

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
	SettleField struct {
		Entity desk.Entity
		Field  string
		Stamp  desk.Stamp
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

// Save makes or changes one record; a zero ID makes one. What differs from the
// stored record becomes one event.
type (
	SaveDesk   struct{ desk.Desk }
	SavePerson struct {
		ID     desk.ID
		Person desk.Person
	}
	SaveArea struct {
		ID   desk.ID
		Area desk.Area
	}
	SaveSite struct {
		ID   desk.ID
		Site desk.Site
	}
	SaveAsset struct {
		ID    desk.ID
		Asset desk.Asset
	}
	SaveAgent struct {
		ID       desk.ID
		Agent    desk.Agent
		Password string
	}
	SaveGroup struct {
		ID    desk.ID
		Group desk.Group
	}
	SaveContract struct {
		ID       desk.ID
		Contract desk.Contract
	}
	SaveCalendar struct {
		ID       desk.ID
		Calendar sla.Calendar
	}
	SaveModel   struct{ Model desk.Model }
	SaveArticle struct {
		ID      desk.ID
		Article desk.Article
	}
)

// ImportCalls takes whole calls out of a log; a call known already by its PBX
// and unique id is counted and left alone. At most 10,000 a command.
type ImportCalls struct {
	Calls []phone.Call
	Lines []int // line of each call in its file, for what is rejected; may be nil
}

// SeeCall records one event of a live call, of a switchboard or of the manual panel.
type SeeCall struct {
	Event phone.CallEvent
	Case  desk.ID // the draft or case it belongs to; may be zero
}

// ImportCases takes cases with their history out of another system. A case
// known already by its Ref is counted and left alone. At most 10,000 a command.
type ImportCases struct{ Cases []CaseHistory }

// CaseHistory is one imported case. People, groups and agents are named as in
// their source and are made when they are not known.
type CaseHistory struct {
	Line   int // of its first row
	Rows   int // rows of the file that made it
	Ref    string
	Opened desk.Opened
	Person string
	Area   string
	Site   string
	Group  string
	Agent  string     // who registered it
	Steps  []CaseStep // in order of time; the opening is the first instant
	At     int64      // opened, Unix milliseconds
}

// CaseStep is one event of an imported history.
type CaseStep struct {
	Line   int
	At     int64
	Kind   desk.Kind
	Agent  string // who did it
	Group  string // for CaseHandedOff, CaseAssigned
	Level  int
	Reason string
	Text   string
	Edit   *desk.Edited
	Person string // of CaseEdited: the user as named in the source
	Online bool   // of CaseResolved: in the call that the case was opened in
}

// ImportRecords takes people, assets or articles; each is known by its Ref. A
// known one with other values is changed.
type ImportRecords struct {
	People   []desk.Person  `json:",omitempty"`
	Assets   []desk.Asset   `json:",omitempty"`
	Articles []desk.Article `json:",omitempty"`
	Areas    []string       `json:",omitempty"` // area of each person by name; may be nil
	Sites    []string       `json:",omitempty"` // site of each person or asset by name
	Lines    []int          `json:",omitempty"`
}
