package rooms_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/issuing"
	"punto/app/keyring"
	"punto/app/rooms"
	"punto/packaging/postoffice"
	"punto/store/files"
)

// press is one that prints the figures of a month as plain text: what paper looks like is
// another's.
func press(ctx context.Context, k app.Desk, j issuing.Job) (issuing.Draft, error) {
	x, err := k.Ask(ctx, app.Month{Month: j.Period, Contract: j.Contract})
	if err != nil {
		return issuing.Draft{}, err
	}
	m := x.(app.MonthAnswer)
	d := issuing.Draft{Name: j.Definition.Name("es"), Client: m.Client, Lang: "es", Headline: "Un mes", Inputs: "abc"}
	for _, f := range m.Indices {
		d.Figures = append(d.Figures, desk.Printed{ID: f.ID, Name: f.ID, Unit: f.Unit, Value: f.Value, Num: f.Num, Den: f.Den})
	}
	d.Print = func(changes []desk.Changed) ([]issuing.Made, int, error) {
		b, err := json.Marshal([]any{d.Figures, changes, j.Comments, j.Revision, j.IssueAt})
		return []issuing.Made{{Name: "informe-" + j.Period + ".pdf", Bytes: append([]byte("%PDF "), b...)}, {Name: "informe-" + j.Period + ".json", Bytes: b}}, 1, err
	}
	return d, nil
}

// printing gives workstations a press and files of their own.
func printing(t *testing.T, all ...*replica) {
	t.Helper()
	for _, r := range all {
		r.Engine.Files = files.Open(t.TempDir(), func() ([][32]byte, error) { return issuing.FilesNamed(r.Engine) })
		issuing.SetPress(r.Engine, press)
	}
}

// carries has a workstation fetch the files that it lacks from the others.
func (r *replica) carries(from ...*replica) {
	r.t.Helper()
	hs, err := issuing.FilesNamed(r.Engine)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, h := range hs {
		if r.Engine.Files.(*files.Folder).Has(h) {
			continue
		}
		for _, x := range from {
			if b, err := x.Engine.Files.Get(h); err == nil {
				if got, err := r.Engine.Files.Put(b); err != nil || got != h {
					r.t.Fatal(err)
				}
			}
		}
	}
}

func (r *replica) archive() []app.ReportRow {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.Reports{})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.ReportsAnswer).Rows
}

func (r *replica) report(id desk.ID) app.OneReportAnswer {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.OneReport{Report: id})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.OneReportAnswer)
}

func (r *replica) file(id desk.ID, f desk.File) []byte {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.ReportFile{Report: id, Hash: fmt.Sprintf("%x", f.Hash)})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.ReportFileAnswer).Content
}

func (r *replica) turns() {
	r.t.Helper()
	if _, err := issuing.Turn(r.t.Context(), r.Engine); err != nil {
		r.t.Fatal(err)
	}
}

// restarts ends the engine and begins another over the same log and files.
func (r *replica) restarts() {
	r.t.Helper()
	kept := r.Engine.Files
	if err := r.Close(); err != nil {
		r.t.Fatal(err)
	}
	e, err := rooms.Open(r.t.Context(), engine.Config{Log: r.log, Files: kept, Now: func() time.Time { return r.clock }})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = e.Close() })
	r.Engine = e
	issuing.SetPress(e, press)
}

func at(all []*replica, t time.Time) {
	for _, r := range all {
		r.clock = t
	}
}

// An analyst says something of a part and issues; everybody has the same files for ever. A
// case of the month that comes late makes revision 2, which says what it changes and leaves
// the first as it was.
func TestAReportIsIssuedForEverAndRevised(t *testing.T) {
	all := replicas(t, 3)
	printing(t, all...)
	a, b, c := all[0], all[1], all[2]
	luz := a.agent(desk.AnalystRole)
	at(all, time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	eva := a.agent(desk.SupervisorRole)
	a.do(app.RequireFields{Fields: []string{"nothing"}})
	var last desk.ID
	for range 3 {
		last, _ = a.opens()
	}
	meet(all...)
	c.does(c.as(eva), app.ResolveCase{Case: last, Text: "papel"}) // and nobody hears of it yet
	at(all, time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC))
	of := app.ReportOf{Period: "2026-11"}
	b.does(b.as(luz), app.CommentReport{ReportOf: of, Part: "follow", Text: "una errata"})
	b.does(b.as(luz), app.CommentReport{ReportOf: of, Part: "follow", Text: "Redes tuvo un turno menos.\nSe repuso el 20."})
	b.does(b.as(luz), app.CommentReport{ReportOf: of, Text: "Mes con feriado."})
	id := b.does(b.as(luz), app.IssueReport{ReportOf: of}).ID
	meet(a, b)
	first := a.report(id)
	if len(first.Issues) != 1 || first.Row.Revision != 1 || first.Row.By != "analyst" || first.Issues[0].Of.DueAt != 0 {
		t.Fatalf("%+v", first.Row)
	}
	if first.Row.Here {
		t.Error("files that have not come are here")
	}
	if _, err := a.Ask(a.Owner(t.Context()), app.ReportFile{Report: id, Hash: fmt.Sprintf("%x", first.Issues[0].Of.Files[0].Hash)}); app.CodeOf(err) != app.Unavailable {
		t.Errorf("a file that has not come is given: %v", err)
	}
	a.carries(b)
	paper := a.file(id, first.Issues[0].Of.Files[0])
	if !bytes.Equal(paper, b.file(id, first.Issues[0].Of.Files[0])) || !bytes.Contains(paper, []byte("turno menos")) || bytes.Contains(paper, []byte("errata")) || bytes.Index(paper, []byte("feriado")) > bytes.Index(paper, []byte("turno")) {
		t.Errorf("the paper says %s", paper)
	}
	if _, err := a.Do(a.Owner(t.Context()), app.IssueReport{ReportOf: of}); app.CodeOf(err) != app.Conflict || !strings.Contains(err.Error(), "nothing has changed") {
		t.Errorf("a revision without any change is issued: %v", err)
	}
	meet(all...)
	at(all, a.clock.Add(time.Hour))
	a.does(a.as(luz), app.IssueReport{ReportOf: of})
	meet(all...)
	b.carries(all...)
	c.carries(all...)
	for _, r := range all {
		r.restarts()
		x := r.report(id)
		if len(x.Issues) != 2 || x.Row.Revision != 2 || !x.Row.Here || x.Issues[1].Of.Inputs != "abc" || len(r.archive()) != 1 {
			t.Fatalf("%+v", x.Row)
		}
		if !bytes.Equal(r.file(id, x.Issues[1].Of.Files[0]), paper) {
			t.Error("the first revision is not what it was")
		}
		if !bytes.Equal(r.file(id, x.Issues[0].Of.Files[0]), a.file(id, x.Issues[0].Of.Files[0])) {
			t.Error("two workstations have other bytes of a revision")
		}
		now := x.Issues[0].Of
		if d := difference(x.Issues[1].Of.Figures, now.Figures); d != listed(now.Changes) || !strings.Contains(d, "cases_resolved 0 1") {
			t.Errorf("revision 2 says that it changes\n%s\nand what differs is\n%s", listed(now.Changes), d)
		}
		r.sound("with two revisions")
	}
	same(t, all...)
}

// difference tells naively what differs: each figure of either is looked for in the other,
// one by one, as text.
func difference(was, is []desk.Printed) string {
	text := func(fs []desk.Printed, id string) (value, all string) {
		for _, f := range fs {
			if f.ID == id {
				return shownAs(f.Value), fmt.Sprintln(shownAs(f.Value), f.Num, shownAs(f.Den))
			}
		}
		return "-", ""
	}
	var lines []string
	for _, f := range slices.Concat(was, is) {
		a, wholeA := text(was, f.ID)
		b, wholeB := text(is, f.ID)
		if wholeA != wholeB && !slices.Contains(lines, f.ID+" "+a+" "+b) {
			lines = append(lines, f.ID+" "+a+" "+b)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func shownAs(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(*v)
}

func listed(cs []desk.Changed) string {
	var lines []string
	for _, c := range cs {
		lines = append(lines, c.ID+" "+shownAs(c.Was)+" "+shownAs(c.Is))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// What differs is found whatever the figures are.
func TestChangesAreThoseOfANaiveDiff(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	was := []desk.Printed{{ID: "a", Value: v(1), Num: 1}, {ID: "b", Value: v(0.5), Num: 1, Den: v(2)}, {ID: "c"}, {ID: "gone", Value: v(3), Num: 3}, {ID: "same", Value: v(9), Num: 9}, {ID: "lost", Value: v(1), Num: 1}}
	is := []desk.Printed{{ID: "same", Value: v(9), Num: 9}, {ID: "b", Value: v(0.5), Num: 2, Den: v(4)}, {ID: "a", Value: v(1.0000001), Num: 1.0000001}, {ID: "c", Value: v(0)}, {ID: "new", Value: v(7), Num: 7}, {ID: "lost"}}
	if got, want := listed(issuing.Changes(was, is)), difference(was, is); got != want || len(issuing.Changes(was, is)) != 6 {
		t.Errorf("it changes\n%s\nand what differs is\n%s", got, want)
	}
	if c := issuing.Changes(was, was); len(c) != 0 {
		t.Errorf("nothing is %+v", c)
	}
}

// Two analysts who cannot hear each other issue the same revision: the first one counts
// everywhere, and the other is kept and told.
func TestTwoIssueTheSameRevision(t *testing.T) {
	all := replicas(t, 2)
	printing(t, all...)
	a, b := all[0], all[1]
	luz, ivo := a.agent(desk.AnalystRole), a.agent(desk.SupervisorRole)
	a.opens()
	meet(all...)
	at(all, time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC))
	of := app.ReportOf{Period: "2026-11"}
	id := a.does(a.as(luz), app.IssueReport{ReportOf: of}).ID
	b.clock = b.clock.Add(time.Minute)
	if other := b.does(b.as(ivo), app.IssueReport{ReportOf: of}).ID; other != id {
		t.Fatal("they are two reports")
	}
	meet(all...)
	for _, r := range all {
		x := r.report(id)
		if len(x.Issues) != 2 || x.Row.Revision != 1 || x.Row.By != "analyst" || x.Issues[0].Twin == x.Issues[1].Twin {
			t.Errorf("%+v", x)
		}
		r.sound("with twins")
	}
	same(t, all...)
}

// Who serves may not issue, comment or define; and what a workstation forges in a name or
// with nobody signed in counts nowhere, nor does an undo of what was issued.
func TestWhoMayNotIssue(t *testing.T) {
	all := replicas(t, 2)
	printing(t, all...)
	a, b := all[0], all[1]
	ana, luz := a.agent(desk.AgentRole), a.agent(desk.AnalystRole)
	a.opens()
	meet(all...)
	at(all, time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC))
	of := app.ReportOf{Period: "2026-11"}
	for _, role := range []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.ViewerRole} {
		who := a.as(a.agent(role))
		for _, c := range []app.Command{app.IssueReport{ReportOf: of}, app.CommentReport{ReportOf: of, Text: "no"}, app.SaveDefinition{Definition: desk.Definition{Names: map[string]string{"es": "X"}, Blocks: []desk.Block{{Part: "summary"}}, Formats: []string{"pdf"}}}} {
			if _, err := a.Do(who, c); app.CodeOf(err) != app.NotAllowed {
				t.Errorf("the %s may %s: %v", role, app.NameOf(c), err)
			}
		}
		_, err := a.Ask(who, app.Reports{})
		if may := role == desk.ViewerRole; may != (err == nil) {
			t.Errorf("the %s looks at reports: %v", role, err)
		}
	}
	id := a.does(a.as(luz), app.IssueReport{ReportOf: of}).ID
	meet(all...)
	was := a.report(id)
	forge := func(k desk.Kind, writer desk.ID, ent desk.ID, body any) {
		t.Helper()
		raw, err := desk.Encode(body)
		if err != nil {
			t.Fatal(err)
		}
		e := desk.Event{Stamp: b.log.Newest() + 1, Kind: k, Version: 1, Entity: desk.Entity{Type: desk.ReportType, ID: ent}, Actor: writer, Writer: writer, At: b.clock.UnixMilli(), Body: raw}
		if err := b.log.Update(t.Context(), func(tx desk.Tx) error { return tx.Append(&e) }); err != nil {
			t.Fatal(err)
		}
	}
	bad := was.Issues[0].Of
	bad.Revision = 2
	forge(desk.ReportIssued, ana, id, bad)
	forge(desk.ReportIssued, desk.ID{}, id, bad)
	forge(desk.ReportCommented, ana, id, desk.Commented{Definition: bad.Definition, Contract: bad.Contract, Period: bad.Period, Text: "todo mal"})
	first := b.log.Vector()
	forge(desk.EventUndone, ana, id, desk.Undo{Origin: a.log.Origin(), Seq: a.log.Vector()[a.log.Origin()]})
	meet(all...)
	if n := len(a.refusals()); n != 4 {
		t.Errorf("%d events are kept aside, not 4 of %v", n, first)
	}
	// One who may write: another report's, one without files, one that leads out of a folder, and an undo.
	forge(desk.ReportIssued, luz, desk.DerivedID("elsewhere"), bad)
	bare := bad
	bare.Files = nil
	forge(desk.ReportIssued, luz, id, bare)
	out := bad
	for _, name := range []string{"../../etc/passwd", "informe/../../etc/passwd", "", `informe\..\x.pdf`} {
		out.Files = []desk.File{{Hash: [32]byte{1}, Name: name, Size: 5}}
		forge(desk.ReportIssued, luz, id, out)
	}
	meet(all...)
	if err := errors.Join(a.Settle(t.Context()), b.Settle(t.Context())); err != nil {
		t.Fatal(err)
	}
	now := a.report(id)
	if len(now.Issues) != 1 || len(now.Comments) != 0 || fmt.Sprint(now.Issues[0].Of.Files) != fmt.Sprint(was.Issues[0].Of.Files) || len(a.archive()) != 1 {
		t.Errorf("what was forged counts: %+v", now)
	}
	if _, err := a.Do(a.Owner(t.Context()), app.Undo{Origin: a.log.Origin(), Seq: 1}); err == nil {
		t.Log("the first event of the desk can be taken back")
	}
	a.sound("with forged issues")
}

// The coordinator issues what is scheduled when its time has come, and nobody else does,
// though both lead: once, also after a restart and a step of its clock; what was missed
// runs late and says so, the oldest first.
func TestAScheduledReportIsIssuedOnce(t *testing.T) {
	all := replicas(t, 2)
	printing(t, all...)
	a, b := all[0], all[1]
	for _, r := range all {
		r.led(true)
	}
	a.opens()
	d := a.definition("Informe mensual de servicio")
	d.Of.Scheduled, d.Of.Day, d.Of.Hour = true, 2, 7
	a.do(app.SaveDefinition{ID: d.ID, Definition: d.Of})
	meet(all...)
	turn := func() {
		t.Helper()
		for _, r := range all {
			r.turns()
		}
		meet(all...)
	}
	at(all, time.Date(2026, 12, 2, 6, 59, 59, 0, time.UTC))
	turn()
	if n := len(a.archive()); n != 0 {
		t.Fatalf("%d reports before their time", n)
	}
	if x := b.definition("Informe mensual de servicio"); x.NextAt != time.Date(2026, 12, 2, 7, 0, 0, 0, time.UTC).UnixMilli() || x.LateAt != 0 {
		t.Errorf("%+v", x)
	}
	at(all, time.Date(2026, 12, 2, 7, 0, 0, 0, time.UTC))
	b.turns() // leads, and is not the coordinator
	if x := b.definition("Informe mensual de servicio"); x.Late != "2026-11" || len(b.archive()) != 0 || x.Err != "" || x.Tries != 0 {
		t.Errorf("%+v", x)
	}
	turn()
	a.restarts()
	turn()
	at(all, time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)) // the clock is put back
	turn()
	at(all, time.Date(2026, 12, 9, 7, 0, 0, 0, time.UTC))
	turn()
	rows := b.archive()
	if len(rows) != 1 || rows[0].Period != "2026-11" || rows[0].Revision != 1 || rows[0].DueAt != time.Date(2026, 12, 2, 7, 0, 0, 0, time.UTC).UnixMilli() || rows[0].By != "" {
		t.Fatalf("%+v", rows)
	}
	at(all, time.Date(2027, 2, 20, 7, 0, 0, 0, time.UTC)) // it was off for two months
	turn()
	rows = b.archive()
	if len(rows) != 3 || rows[0].Period != "2027-01" || rows[1].Period != "2026-12" || rows[1].At-rows[1].DueAt < 40*24*time.Hour.Milliseconds() {
		t.Fatalf("%+v", rows)
	}
	same(t, all...)
}

func (r *replica) definition(name string) app.DefinitionRow {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.Definitions{})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, d := range x.(app.DefinitionsAnswer).Rows {
		if d.Of.Name("es") == name {
			return d
		}
	}
	r.t.Fatalf("there is no %s among %+v", name, x)
	return app.DefinitionRow{}
}

// A schedule that fails says why, rests longer and longer, keeps no other from going, and
// goes at last; of a week and of a day the period is the one that was over.
func TestAScheduleThatFailsIsTriedAgain(t *testing.T) {
	all := replicas(t, 1)
	printing(t, all...)
	a := all[0]
	broken, tries := true, 0
	issuing.SetPress(a.Engine, func(ctx context.Context, k app.Desk, j issuing.Job) (issuing.Draft, error) {
		if tries++; broken && j.Definition.Cycle == desk.Weekly {
			return issuing.Draft{}, errors.New("no hay papel")
		}
		return press(ctx, k, j)
	})
	a.clock = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	a.opens()
	for _, name := range []string{"Informe semanal", "Informe diario"} {
		d := a.definition(name)
		d.Of.Scheduled = true
		a.do(app.SaveDefinition{ID: d.ID, Definition: d.Of})
	}
	a.clock = time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC) // a Monday
	a.turns()
	if x := a.definition("Informe semanal"); x.Err != "no hay papel" || x.Tries != 1 || x.Late != "2026-W48" {
		t.Errorf("%+v", x)
	}
	var periods []string
	for _, r := range a.archive() {
		periods = append(periods, r.Period)
	}
	if fmt.Sprint(periods) != "[2026-11-29 2026-11-28]" {
		t.Errorf("issued are %v", periods)
	}
	n := tries
	a.turns()
	if tries != n {
		t.Error("it is tried again at once")
	}
	a.clock = a.clock.Add(time.Minute)
	a.turns()
	if x := a.definition("Informe semanal"); x.Tries != 2 {
		t.Errorf("%+v", x)
	}
	broken = false
	a.clock = a.clock.Add(5 * time.Minute)
	a.turns()
	if x := a.definition("Informe semanal"); x.Err != "" || x.Last.Period != "2026-W48" || x.LateAt != 0 || x.NextAt != time.Date(2026, 12, 7, 7, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("%+v", x)
	}
}

// Definitions of which no report can be made are refused, and the ones that the program
// brings can be changed, left out and stand beside new ones.
func TestDefinitionsAreLookedAfter(t *testing.T) {
	a := replicas(t, 1)[0]
	printing(t, a)
	good := desk.Definition{Names: map[string]string{"es": "De gerencia"}, Blocks: []desk.Block{{Part: "summary", Text: "Va primero."}}, Formats: []string{"pdf"}, To: []string{"ana@obra.example", "ANA@obra.example"}}
	for _, x := range []struct {
		field  string
		change func(*desk.Definition)
	}{
		{"name", func(d *desk.Definition) { d.Names = nil }}, {"name", func(d *desk.Definition) { d.Names = map[string]string{"fr": "X"} }},
		{"blocks", func(d *desk.Definition) { d.Blocks = nil }}, {"blocks", func(d *desk.Definition) { d.Blocks = []desk.Block{{Part: "A b"}} }},
		{"blocks", func(d *desk.Definition) { d.Blocks = []desk.Block{{Part: "summary"}, {Part: "summary"}} }},
		{"formats", func(d *desk.Definition) { d.Formats = nil }}, {"formats", func(d *desk.Definition) { d.Formats = []string{"doc"} }}, {"formats", func(d *desk.Definition) { d.Formats = []string{"pdf", "pdf"} }},
		{"lang", func(d *desk.Definition) { d.Lang = "fr" }}, {"hour", func(d *desk.Definition) { d.Hour = 24 }}, {"hour", func(d *desk.Definition) { d.Minute = -1 }},
		{"day", func(d *desk.Definition) { d.Scheduled, d.Day = true, 29 }}, {"day", func(d *desk.Definition) { d.Scheduled, d.Cycle, d.Day = true, desk.Weekly, 0 }},
		{"to", func(d *desk.Definition) { d.To = []string{"ana"} }}, {"to", func(d *desk.Definition) { d.To = []string{"Ana <ana@obra.example>"} }},
		{"indices", func(d *desk.Definition) { d.Indices = []string{"luck"} }}, {"indices", func(d *desk.Definition) { d.Indices = []string{"ola", "ola"} }},
		{"contracts", func(d *desk.Definition) { d.Contracts = []desk.ID{{9}} }}, {"unit", func(d *desk.Definition) { d.Unit = desk.ID{9} }},
	} {
		d := good
		x.change(&d)
		_, err := a.Do(a.Owner(t.Context()), app.SaveDefinition{Definition: d})
		var no *app.Error
		if !errors.As(err, &no) || no.Field != x.field {
			t.Errorf("%+v: %v, not about %s", d, err, x.field)
		}
	}
	id := a.do(app.SaveDefinition{Definition: good}).ID
	if x := a.definition("De gerencia"); x.ID != id || x.Shipped || len(x.Of.To) != 1 || x.Of.Blocks[0].Text != "Va primero." {
		t.Errorf("%+v", x)
	}
	x, err := a.Ask(a.Owner(t.Context()), app.Definitions{})
	if err != nil || len(x.(app.DefinitionsAnswer).Rows) != 6 {
		t.Fatalf("%+v, %v", x, err)
	}
	a.do(app.SaveDefinition{ID: a.definition("Informe diario").ID, Definition: desk.Definition{Gone: true}})
	x, _ = a.Ask(a.Owner(t.Context()), app.Definitions{})
	if len(x.(app.DefinitionsAnswer).Rows) != 5 {
		t.Errorf("%+v", x)
	}
	for _, bad := range []app.ReportOf{{Period: "2026-13"}, {Period: "2026-W40"}, {Period: "2026-10-05"}, {Period: "2031-01"}, {Definition: desk.ID{7}, Period: "2026-10"}, {Contract: desk.ID{7}, Period: "2026-10"}} {
		if _, err := a.Do(a.Owner(t.Context()), app.IssueReport{ReportOf: bad}); err == nil {
			t.Errorf("%+v is issued", bad)
		}
	}
}

// A scheduled report goes by a real mail server to whom it is for, with its file; again to
// somebody else when it is asked for.
func TestAScheduledReportIsMailed(t *testing.T) {
	all := replicas(t, 2)
	printing(t, all...)
	o := postoffice.Open(t)
	for _, r := range all {
		keyring.SetKey(r.Engine, r.log.Key())
	}
	a, b := all[0], all[1]
	a.do(app.SaveMailAccount{Account: accountAt(o), Password: o.Password})
	d := a.definition("Resumen ejecutivo")
	d.Of.Scheduled, d.Of.To = true, []string{"gerencia@obra.example", "ana@obra.example"}
	a.do(app.SaveDefinition{ID: d.ID, Definition: d.Of})
	a.opens()
	meet(all...)
	at(all, time.Date(2026, 12, 2, 7, 0, 0, 0, time.UTC))
	for range 3 {
		for _, r := range all {
			r.turns()
			r.sends()
		}
		meet(all...)
		b.carries(a)
	}
	for _, m := range o.Mails(2) {
		if !strings.Contains(m.Body, `informe-2026-11.pdf`) || strings.Contains(m.Body, ".json") || !strings.Contains(m.Header.Get("Subject"), "2026-11") {
			t.Errorf("%v\n%s", m.Header, m.Body[:min(len(m.Body), 2000)])
		}
	}
	id := b.archive()[0].ID
	if x := b.report(id).Issues[0]; x.Sent.Sent != 2 || x.Sent.Waiting+x.Sent.Failed != 0 || len(x.Of.To) != 2 {
		t.Errorf("%+v", x.Sent)
	}
	b.do(app.SendReport{Report: id, Revision: 1, To: []string{"auditoria@obra.example"}})
	meet(all...)
	a.sends()
	if n := len(o.Mails(3)); n != 3 {
		t.Errorf("%d letters, not 3", n)
	}
	for _, bad := range []app.SendReport{{Report: id, Revision: 2, To: []string{"x@obra.example"}}, {Report: id, Revision: 1}, {Report: id, Revision: 1, To: []string{"nadie"}}} {
		if _, err := b.Do(b.Owner(t.Context()), bad); err == nil {
			t.Errorf("%+v is mailed", bad)
		}
	}
}

// A workstation that is killed when the files lie there and nothing names them issues the
// report once when it is back; and a schedule whose report somebody has issued by hand, in
// the moment between, issues none.
func TestWhoIsKilledWhileIssuingIssuesOnce(t *testing.T) {
	a := replicas(t, 1)[0]
	printing(t, a)
	a.opens()
	a.clock = time.Date(2026, 12, 2, 7, 0, 0, 0, time.UTC)
	of := app.ReportOf{Period: "2026-11"}
	whole := a.Engine.Files.(*files.Folder)
	a.Engine.Files = &dying{Folder: whole, left: 1}
	if _, err := a.Do(a.Owner(t.Context()), app.IssueReport{ReportOf: of}); err == nil || len(a.archive()) != 0 {
		t.Fatalf("half a report is issued: %v", err)
	}
	a.Engine.Files = whole
	a.restarts()
	for range 2 {
		if _, err := issuing.Issue(a.Owner(t.Context()), a.Engine, engine.AsDesk(), app.IssueReport{ReportOf: of}, a.clock.UnixMilli()); err != nil {
			t.Fatal(err)
		}
	}
	if rows := a.archive(); len(rows) != 1 || rows[0].Revision != 1 || !rows[0].Here {
		t.Errorf("%+v", rows)
	}
}

// dying keeps so many files more, and then none.
type dying struct {
	*files.Folder
	left int
}

func (d *dying) Put(b []byte) (h [32]byte, err error) {
	if d.left--; d.left < 0 {
		return h, errors.New("killed")
	}
	return d.Folder.Put(b)
}
