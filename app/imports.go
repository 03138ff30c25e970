package app

import "punto/app/desk"

// Imported accounts for every row of one batch of an import.
type Imported struct {
	Imported int        `json:"imported"`
	Known    int        `json:"known already"`
	Rejected []Rejected `json:"rejected,omitempty"`

	Rows      int `json:"rows,omitempty"`       // of the imported, where one is made of several rows
	KnownRows int `json:"known_rows,omitempty"` //
}

// Rejected is one row that did not go in.
type Rejected struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
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

var _ = crosses(ImportCases{})

func (ImportCases) command() {}
