// Package pages lists the pages of the window. A capability brings its page as one
// line here.
package pages

import (
	"punto/ui/page"
	"punto/ui/pages/alarms"
	"punto/ui/pages/articles"
	"punto/ui/pages/begin"
	"punto/ui/pages/calls"
	"punto/ui/pages/cases"
	"punto/ui/pages/directory"
	"punto/ui/pages/inbox"
	"punto/ui/pages/intake"
	"punto/ui/pages/issuing"
	"punto/ui/pages/mail"
	"punto/ui/pages/model"
	"punto/ui/pages/month"
	"punto/ui/pages/nodes"
	"punto/ui/pages/people"
	"punto/ui/pages/person"
	"punto/ui/pages/problems"
	"punto/ui/pages/search"
	"punto/ui/pages/shifts"
	"punto/ui/pages/surveys"
	"punto/ui/pages/switchboard"
	"punto/ui/pages/unit"
)

// Program is what pages ask of the program and not of the desk. nil = not offered.
type Program struct {
	Report month.Exporter // writes the report of a month
	Demo   begin.Maker
	Join   begin.Joiner
	Slip   surveys.Slipper // prints the sheet of a survey
	Test   model.Tester    // runs scenarios against a service model
	System cases.System    // opens files, reads the clipboard
	Issue  issuing.Tools   // shows reports
}

// All are the pages, those of the bar in its order; the first is where an agent
// begins.
func All(p Program) []page.Kind {
	all := []page.Kind{
		intake.Kind(),
		cases.Mine(p.System),
		calls.Kind(),
		cases.Board(p.System),
		month.Kind(p.Report),
		articles.Kind(),
		people.Kind(),
		directory.Users(),
		directory.Agents(),
		directory.Assets(),
		directory.Areas(),
		directory.Sites(),
		directory.Groups(),
		alarms.Kind(),
		problems.Kind(),
		inbox.Kind(),
		nodes.Kind(),
		model.Kind(p.Test),
		nodes.Refused(),
		calls.All(),
		shifts.Kind(),
		surveys.Read(p.Slip),
		surveys.Kind(),
		unit.Kind(),
		issuing.Kind(p.Issue),
		switchboard.Kind(),
		mail.Kind(),
		person.Kind(),
		cases.Kind(p.System),
		search.Kind(),
		begin.Wizard(p.Demo),
		begin.Steps(),
	}
	if p.Join != nil {
		all = append(all, begin.Join(p.Join))
	}
	return all
}
