package sheet

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"punto/reports"
)

func ptr(v float64) *float64 { return &v }

func month() reports.Month {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	m := reports.Month{Organisation: "Mesa", Client: "Los Andes", Month: at, IssuedAt: at.AddDate(0, 1, 1), Lang: "es", Revision: 1}
	m.Rows = []reports.IndexRow{{ID: "sla_resolve", Name: "Casos dentro de SLA", Measures: "a tiempo ÷ resueltos", Value: ptr(0.953), Unit: reports.Share, Num: 953, Den: 1000, Target: 0.95, Op: reports.AtLeast},
		{ID: "average_call_time", Name: "Tiempo medio de llamada", Value: ptr(342), Unit: reports.Seconds, Num: 342_000, Den: 1000}}
	m.CallsByDay = []reports.Day{{Date: at.Add(12 * time.Hour), Answered: 50, Abandoned: 2}, {Date: at.AddDate(0, 0, 1), Answered: 40, Busy: 1}}
	m.Frequent = []reports.Count{{Name: `=HYPERLINK("http://malo.example")`, N: 12, Share: ptr(0.6), Cum: ptr(0.6)}, {Name: "Impresoras: [cola]/detenida?", N: 8, Share: ptr(0.4), Cum: ptr(1)}}
	few := []reports.Count{{Name: "Otro", N: 3}}
	m.Origins, m.Types, m.Modalities = few, few, few // parts enough that an order by chance shows
	m.Calls = reports.Flow{Offered: 93, Answered: 90, Abandoned: 2, Busy: 1}
	m.Cases = &reports.Flowed{Before: 3, Opened: 20, Resolved: 15, After: 8}
	m.Kept = []reports.Kept{{Clock: "sla_take_up", Name: "1", Met: 1, Value: ptr(1)}, {Clock: "sla_resolve", Name: "1", Met: 1, Value: ptr(1)}, {Clock: "ola", Name: "Redes", Met: 1, Value: ptr(1)}}
	m.Escalated = []reports.Escalated{{Clock: "resolve", Rung: 1, Fired: 2}}
	m.Remarks, m.Quality = []reports.Remark{{Score: 5, Text: "bien"}}, []string{"ninguna"}
	m.Activities = []reports.Activity{{Date: at, Text: "curso"}}
	return m
}

// The spreadsheet is read back: numbers are numbers in their format, days are days, and a
// text that looks like a formula is a text.
func TestTheSpreadsheetIsReadBack(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, month()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	compliance, days, frequent := "Cumplimiento de los acuerdos de", "Llamadas por día", "Reportes más frecuentes"
	if names := f.GetSheetList(); len(names) < 14 || names[0] != "Este informe" || names[1] != compliance {
		t.Fatalf("the sheets are %q", names)
	}
	cell := func(sheet, at, raw, shown string) {
		t.Helper()
		s, err := f.GetCellValue(sheet, at)
		r, err2 := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
		if err != nil || err2 != nil || s != shown || r != raw {
			t.Errorf("%s of %s is %q, shown as %q, and not %q as %q (%v %v)", at, sheet, r, s, raw, shown, err, err2)
		}
	}
	cell(compliance, "A1", "Indicador", "Indicador")
	cell(compliance, "D2", "0.953", "95.3%")
	cell(compliance, "C2", "0.95", "95.0%")
	raw, _ := f.GetCellValue(compliance, "D3", excelize.Options{RawCellValue: true})
	if v, err := strconv.ParseFloat(raw, 64); err != nil || v < 342.0/86_400-1e-9 || v > 342.0/86_400+1e-9 {
		t.Errorf("a time is %q of a day", raw)
	}
	if raw, _ := f.GetCellValue(days, "A2", excelize.Options{RawCellValue: true}); raw != "46296" { // 1 October 2026
		t.Errorf("a day is %q", raw)
	}
	if s, _ := f.GetCellFormula(frequent, "A2"); s != "" {
		t.Errorf("a text is the formula %q", s)
	}
	cell(frequent, "A2", `=HYPERLINK("http://malo.example")`, `=HYPERLINK("http://malo.example")`)
	for range 10 { // the library's order is another one each time
		var again bytes.Buffer
		if err := Write(&again, month()); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Fatal("the same month is another file")
		}
	}
}

// A part that no sheet has room for is not written in part.
func TestASheetIsWholeOrNotWritten(t *testing.T) {
	m := month()
	m.Remarks = make([]reports.Remark, mostRows+1)
	if err := Write(io.Discard, m); err == nil || !strings.Contains(err.Error(), "csv") {
		t.Errorf("rows were left out: %v", err)
	}
}

func TestSheetsHaveNamesOfTheirOwn(t *testing.T) {
	b := &book{names: map[string]bool{}}
	seen := map[string]bool{}
	for _, title := range []string{"Plazos", "plazos", "a/b:c?[d]*e\\f", strings.Repeat("ñ", 50), strings.Repeat("ñ", 50), "", "'", "Plazos"} {
		s := b.name(title)
		if s == "" || len([]rune(s)) > 31 || strings.ContainsAny(s, `:\/?*[]`) || seen[strings.ToLower(s)] {
			t.Errorf("%q is called %q", title, s)
		}
		seen[strings.ToLower(s)] = true
	}
	if s := b.name("Media de llamadas por hora y día de la semana"); s != "Media de llamadas por hora y" {
		t.Errorf("a name is cut within a word: %q", s)
	}
}

// BenchmarkRows writes rows of six columns.
func BenchmarkRows(b *testing.B) {
	m := month()
	m.Frequent = nil
	for i := range 100_000 {
		m.Frequent = append(m.Frequent, reports.Count{Name: "Motivo " + strconv.Itoa(i), N: i, Share: ptr(0.5), Cum: ptr(0.5)})
	}
	for b.Loop() {
		if err := Write(io.Discard, m); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
