// Package issuing is the room of the life of a report: what it has (definitions), what the
// analyst says of it, its issue, which stands for ever on every workstation, later revisions
// with what they changed, and the schedule by which the coordinator issues and mails it. It
// lays nothing out: who holds the folder gives it a Press.
//
// A scheduled report is issued by the coordinator and by no other workstation, however many
// think that they lead: it alone may write with nobody signed in. The report of a definition
// and a period is one entity wherever it is made, so that it is issued once.
package issuing

import (
	"context"
	"sync"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Indexes.
const (
	ixIssued = 'Q' // when a report was issued last, its period
	ixFile   = 'F' // hash of a file of a report
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "issuing",
		Handles: []engine.Handler{engine.Does(commentReport), engine.DoesAlone(issueReport), engine.Does(sendReport), engine.Does(saveDefinition),
			engine.Asks(askOneReport), engine.Asks(askReports), engine.Asks(askReportFile), engine.Asks(askDefinitions)},
		Views: map[desk.Type]engine.ViewKind{desk.ReportType: {New: func() engine.View { return &View{} }},
			desk.DefinitionType: {New: func() engine.View { return engine.NewRecordView(definitionKeys) }}}}
}

func definitionKeys(ent desk.Entity, r desk.Record) [][]byte {
	d, _ := desk.As[desk.Definition](r)
	return append(records.ConflictKeys(ent, r), engine.Key(records.IxRecord, ent.ID, ent.Type, records.Folded(d.Name("es"))))
}

// Job is a report that is to be made.
type Job struct {
	Definition desk.Definition
	Contract   desk.ID
	Period     string
	Revision   int
	IssueAt    int64               // Unix milliseconds
	Comments   []app.ReportComment // in the order of the definition's parts
}

// Draft is a report as it is computed, before it is printed.
type Draft struct {
	Name, Client, Lang, Headline, Inputs string
	Figures                              []desk.Printed
	// Print makes the files, with what this revision changes; its model as data is one.
	Print func(changes []desk.Changed) (files []Made, pages int, err error)
}

// Made is a file that was made.
type Made struct {
	Name  string
	Bytes []byte
}

// Press computes a report by asking the desk, as whoever asked for it.
type Press func(ctx context.Context, k app.Desk, j Job) (Draft, error)

// pressing is the press of an engine, and one report at a time.
type pressing struct {
	mu    sync.Mutex // guards press
	press Press
	turn  sync.Mutex // held by who makes a report
}

// SetPress gives the engine what makes reports.
func SetPress(e *engine.Engine, p Press) {
	x := engine.StateOf[pressing](e)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.press = p
}

func pressOf(e *engine.Engine) (*pressing, Press, error) {
	x := engine.StateOf[pressing](e)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.press == nil || e.Files == nil {
		return nil, nil, app.Fail(app.Unavailable, "this workstation makes no reports: try another one")
	}
	return x, x.press, nil
}

// issues tells whether a role may say something of reports, define and issue them.
func issues(r desk.Role) bool {
	return r == desk.SupervisorRole || r == desk.AnalystRole || r == desk.AdministratorRole
}

var errMayNot = app.Fail(app.NotAllowed, "only a supervisor, an analyst or an administrator looks after reports: ask one")

// reads tells whether a role may look at reports: whoever serves may not, for they tell of
// causes and people.
func reads(r desk.Role) bool { return issues(r) || r == desk.ViewerRole }

var errMayNotRead = app.Fail(app.NotAllowed, "reports are for supervisors, analysts and those who look on")

// FilesNamed lists the files that reports have.
func FilesNamed(e *engine.Engine) ([][32]byte, error) { return e.Hashes(ixFile) }
