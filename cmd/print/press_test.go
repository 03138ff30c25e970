package print

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/issuing"
	"punto/app/rooms/roomtest"
	"punto/reports"
	"punto/store/files"
)

func seat(t *testing.T) *roomtest.Seat {
	t.Helper()
	s := roomtest.New(t, time.Date(2026, 10, 5, 13, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "America/Santiago", AlwaysOpen: true})
	s.E.Files = files.Open(t.TempDir(), func() ([][32]byte, error) { return issuing.FilesNamed(s.E) })
	issuing.SetPress(s.E, Press)
	s.Do(s.Owner, app.RequireFields{Fields: []string{"nothing"}})
	for range 4 {
		s.Do(s.Owner, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 2, Urgency: 2}})
	}
	return s
}

// The report that the program prints is issued in every format, with the comments and the
// model as data; revision 2 is another paper that says what changes.
func TestTheReportThatIsPrintedIsIssued(t *testing.T) {
	s := seat(t)
	luz := s.Agent(desk.Agent{Name: "Lucía Ferrer", Role: desk.AnalystRole})
	d := roomtest.Ask[app.DefinitionsAnswer](s, s.Owner, app.Definitions{}).Rows[0]
	d.Of.Formats, d.Of.Blocks[0].Text = []string{"pdf", "xlsx", "html", "csv"}, "Texto de siempre."
	s.Do(luz, app.SaveDefinition{ID: d.ID, Definition: d.Of})
	s.Now = time.Date(2026, 11, 2, 11, 0, 0, 0, time.UTC)
	of := app.ReportOf{Definition: d.ID, Period: "2026-10"}
	s.Do(luz, app.CommentReport{ReportOf: of, Part: "cases", Text: "La impresora del 3.º se cambió."})
	id := s.Do(luz, app.IssueReport{ReportOf: of}).ID
	a := roomtest.Ask[app.OneReportAnswer](s, luz, app.OneReport{Report: id})
	first := a.Issues[0].Of
	var ends []string
	file := map[string][]byte{}
	for _, f := range first.Files {
		b := roomtest.Ask[app.ReportFileAnswer](s, luz, app.ReportFile{Report: id, Hash: hexOf(f)})
		end := f.Name[strings.LastIndex(f.Name, "."):]
		ends = append(ends, end)
		file[end] = b.Content
	}
	if !slices.Equal(ends, []string{".pdf", ".xlsx", ".html", ".zip", ".json"}) || first.Pages < 4 || first.Headline == "" || !strings.HasPrefix(first.Files[0].Name, "informe-2026-10-") {
		t.Errorf("%v, %d pages, %q", ends, first.Pages, first.Headline)
	}
	for end, begins := range map[string]string{".pdf": "%PDF", ".xlsx": "PK", ".zip": "PK", ".html": "<!"} {
		if !bytes.HasPrefix(bytes.ToLower(file[end]), bytes.ToLower([]byte(begins))) {
			t.Errorf("%s begins %q", end, file[end][:min(8, len(file[end]))])
		}
	}
	for _, want := range []string{"La impresora del 3.º se cambió.", "Lucía Ferrer", "Texto de siempre."} {
		if !bytes.Contains(file[".html"], []byte(want)) {
			t.Errorf("the page does not say %q", want)
		}
	}
	var m reports.Month
	if err := json.Unmarshal(file[".json"], &m); err != nil || m.Revision != 1 || len(m.Comments) != 2 || len(m.Definitions) < 30 || m.InputHash != first.Inputs {
		t.Errorf("the model as data: %v", err)
	}
	if z, err := zip.NewReader(bytes.NewReader(file[".zip"]), int64(len(file[".zip"]))); err != nil || len(z.File) < 15 {
		t.Errorf("the rows: %v", err)
	}
	k := roomtest.Ask[app.RecordsAnswer](s, s.Owner, app.Records{Type: desk.ContractType}).Contracts[0]
	k.Of.Goals = append(k.Of.Goals, desk.Goal{Index: "cases_opened", Value: 3})
	s.Do(s.Owner, app.SaveContract{ID: k.ID, Contract: k.Of})
	s.Refused(luz, app.Conflict, "nothing has changed", app.IssueReport{ReportOf: of})
	s.Now = s.Now.Add(time.Hour)
	s.Do(luz, app.CommentReport{ReportOf: of, Part: "cases", Text: "La impresora del 3.º se cambió el 6."})
	s.Do(luz, app.IssueReport{ReportOf: of})
	a = roomtest.Ask[app.OneReportAnswer](s, luz, app.OneReport{Report: id})
	if len(a.Issues) != 2 || a.Issues[0].Of.Revision != 2 || a.Issues[0].Of.Files[0].Hash == first.Files[0].Hash || a.Issues[1].Of.Files[0].Hash != first.Files[0].Hash {
		t.Errorf("%+v", a.Row)
	}
	last := a.Issues[0].Of.Files[len(a.Issues[0].Of.Files)-1]
	b := roomtest.Ask[app.ReportFileAnswer](s, luz, app.ReportFile{Report: id, Hash: hexOf(last)}).Content
	if err := json.Unmarshal(b, &m); err != nil || m.Revision != 2 || !strings.Contains(m.Comments[1].Text, "el 6") {
		t.Errorf("the model of revision 2: %v, revision %d", err, m.Revision)
	}
}

func hexOf(f desk.File) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, x := range f.Hash {
		b.WriteByte(digits[x>>4])
		b.WriteByte(digits[x&15])
	}
	return b.String()
}

// A definition names the indices of the table of promises, in its order.
func TestADefinitionChoosesItsIndices(t *testing.T) {
	s := seat(t)
	d := roomtest.Ask[app.DefinitionsAnswer](s, s.Owner, app.Definitions{}).Rows[0].Of
	for _, want := range [][]string{{"cases_opened", "ola"}, {"ola", "backlog", "cases_opened"}} {
		d.Indices = want
		m, err := Model(s.Owner, s.E, d, desk.ID{}, "2026-10", s.Now, nil)
		var got []string
		for _, r := range m.Rows {
			got = append(got, r.ID)
		}
		if err != nil || !slices.Equal(got, want) || m.Rows[slices.Index(want, "cases_opened")].Num != 4 {
			t.Errorf("%v, not %v: %v", got, want, err)
		}
	}
}

// A week and a day are reported in their own words, with their own days, in the language of
// the definition.
func TestAWeekAndADayAreIssued(t *testing.T) {
	s := seat(t)
	s.Now = time.Date(2026, 10, 19, 11, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		name, period, lang, says, days string
		opened                         float64
	}{{"Informe semanal", "2026-W41", "", "Semana 41, 2026", "05/10/2026 – 11/10/2026", 4}, {"Informe semanal", "2026-W42", "pt", "Relatório semanal", "12/10/2026 – 18/10/2026", 0},
		{"Informe diario", "2026-10-05", "en", "5 October 2026", "05/10/2026", 4}, {"Informe diario", "2026-10-06", "", "6 de octubre de 2026", "06/10/2026", 0}} {
		for _, d := range roomtest.Ask[app.DefinitionsAnswer](s, s.Owner, app.Definitions{}).Rows {
			if d.Of.Name("es") != x.name {
				continue
			}
			d.Of.Formats, d.Of.Lang = []string{"html"}, x.lang
			s.Do(s.Owner, app.SaveDefinition{ID: d.ID, Definition: d.Of})
			id := s.Do(s.Owner, app.IssueReport{ReportOf: app.ReportOf{Definition: d.ID, Period: x.period}}).ID
			of := roomtest.Ask[app.OneReportAnswer](s, s.Owner, app.OneReport{Report: id}).Issues[0].Of
			html := string(roomtest.Ask[app.ReportFileAnswer](s, s.Owner, app.ReportFile{Report: id, Hash: hexOf(of.Files[0])}).Content)
			for _, want := range []string{x.says, x.days} {
				if !strings.Contains(html, want) {
					t.Errorf("%s does not say %q", x.period, want)
				}
			}
			i := slices.IndexFunc(of.Figures, func(f desk.Printed) bool { return f.ID == "cases_opened" })
			if i < 0 || of.Figures[i].Num != x.opened {
				t.Errorf("%s: cases opened %+v", x.period, of.Figures[max(0, i)])
			}
		}
	}
}
