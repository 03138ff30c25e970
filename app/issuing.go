package app

import "punto/app/desk"

// ReportOf names a report: that of a definition (zero = the monthly one) for a contract
// (zero = the first) and a period of the definition's cycle: 2026-10, 2026-W41, 2026-10-05.
type ReportOf struct {
	Definition desk.ID
	Contract   desk.ID
	Period     string
}

// CommentReport says something of a part of a report that is to be issued; Part "" is the
// whole report, and an empty text takes back what the signed-in agent said. A supervisor,
// an analyst or an administrator does.
type CommentReport struct {
	ReportOf
	Part string
	Text string
}

// IssueReport makes the next revision of a report, which stands for ever: its figures and
// files are what every workstation keeps. Send mails it to whom the definition names. A
// supervisor, an analyst or an administrator does.
type IssueReport struct {
	ReportOf
	Send bool
}

// SendReport mails a revision that was issued, again or to others.
type SendReport struct {
	Report   desk.ID
	Revision int
	To       []string
}

// OneReport asks for what is known of one report, issued or not.
type OneReport struct {
	Report desk.ID // zero = the one that ReportOf names
	ReportOf
}

// OneReportAnswer answers OneReport.
type OneReportAnswer struct {
	Row      ReportRow
	Comments []ReportComment // that the next revision has
	Issues   []IssuedRow     // the newest first
}

// ReportComment is what somebody says of a part.
type ReportComment struct {
	Part, Text, Author string
	By                 desk.ID
	At                 int64 // Unix milliseconds
}

// IssuedRow is one revision.
type IssuedRow struct {
	Of   desk.Issued
	At   int64  // Unix milliseconds; when it was issued
	By   string // who issued it; "" = its schedule
	Twin bool   // another workstation issued the same revision without knowing of this one, and that one counts
	Sent ReportMail
}

// ReportMail is what became of the letters of a revision.
type ReportMail struct{ Waiting, Sent, Failed int }

// Reports lists the reports that were issued, the last issued first.
type Reports struct {
	Definition desk.ID // zero = of all
	After      []byte  // of the page before
	Limit      int
}

// ReportsAnswer answers Reports.
type ReportsAnswer struct {
	Rows []ReportRow
	Next []byte // nil = there are no more
}

// ReportRow is a report with its last revision.
type ReportRow struct {
	ID desk.ID
	ReportOf
	Name     string
	Client   string
	Revision int   // 0 = it was not issued
	At       int64 // Unix milliseconds; when that was issued
	By       string
	DueAt    int64 // of one that a schedule had issued
	Pages    int
	Headline string
	Changed  int  // figures
	Here     bool // all of its files have come to this workstation
}

// ReportFile asks for a file of a revision.
type ReportFile struct {
	Report desk.ID
	Hash   string // 64 hexadecimal digits
}

// ReportFileAnswer answers ReportFile.
type ReportFileAnswer struct {
	Name    string
	Content []byte
}

// SaveDefinition makes or changes the definition of a report. A supervisor, an analyst or
// an administrator does.
type SaveDefinition struct {
	ID         desk.ID
	Definition desk.Definition
}

// Definitions lists the definitions of reports, those that the program brings first.
type Definitions struct{}

// DefinitionsAnswer answers Definitions.
type DefinitionsAnswer struct {
	Rows   []DefinitionRow
	Issuer string // name of the workstation that issues what is scheduled; "" = this one is the whole desk
	Here   bool   // this one does
	Zone   string // of the schedules
}

// DefinitionRow is a definition and how its schedule goes.
type DefinitionRow struct {
	ID      desk.ID
	Of      desk.Definition
	Shipped bool   // the program brings it
	NextAt  int64  // Unix milliseconds; when it is issued next; 0 = nobody has scheduled it
	LateAt  int64  // since when a report is due that was not issued; 0 = none is
	Late    string // its period
	Doing   bool   // it is being made, here
	Err     string // why the last try failed, here
	Tries   int
	Last    ReportRow // the last issued; zero = none
}

var _ = crosses(CommentReport{}, IssueReport{}, SendReport{}, OneReport{}, Reports{}, ReportFile{}, SaveDefinition{}, Definitions{})

func (CommentReport) command()     {}
func (IssueReport) command()       {}
func (SendReport) command()        {}
func (SaveDefinition) command()    {}
func (OneReport) answer() Answer   { return OneReportAnswer{} }
func (Reports) answer() Answer     { return ReportsAnswer{} }
func (ReportFile) answer() Answer  { return ReportFileAnswer{} }
func (Definitions) answer() Answer { return DefinitionsAnswer{} }
