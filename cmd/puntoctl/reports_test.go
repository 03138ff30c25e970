package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"punto/app"
)

// A report is commented, issued, saved as it was issued, and scheduled from the command
// line, each with another opening of the folder.
func TestAReportIsIssuedAndSavedFromTheCommandLine(t *testing.T) {
	dir, month := newDesk(t), time.Now().UTC().Format("2006-01")
	must(t, dir, "reports", "comment", "--period", month, "--part", "cases", "Mes de la mudanza.")
	said := must(t, dir, "reports", "issue", "--period", month)
	if !strings.Contains(said, "revision 1") || !strings.Contains(said, ".pdf") {
		t.Errorf("issued: %s", said)
	}
	out := t.TempDir()
	for _, name := range strings.Fields(must(t, dir, "reports", "save", "--period", month, "--out", out)) {
		if b, err := os.ReadFile(name); err != nil || len(b) < 100 || filepath.Dir(name) != out {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := run(t, dir, "reports", "issue", "--period", month); app.CodeOf(err) != app.Conflict {
		t.Errorf("a revision without a change: %v", err)
	}
	if s := must(t, dir, "reports", "show", "--period", month); !strings.Contains(s, "Mes de la mudanza.") || !strings.Contains(s, "revision 1") {
		t.Errorf("shown: %s", s)
	}
	if rows := read[[]app.ReportRow](t, must(t, dir, "reports", "--json")); len(rows) != 1 || rows[0].Period != month || !rows[0].Here {
		t.Errorf("%+v", rows)
	}
	must(t, dir, "reports", "define", "Informe semanal", "--at", "07:30", "--day", "1", "--to", "gerencia@andes.example")
	for _, d := range read[app.DefinitionsAnswer](t, must(t, dir, "reports", "definitions", "--json")).Rows {
		if on := d.Of.Name("es") == "Informe semanal"; on != d.Of.Scheduled || on && (d.Of.Hour != 7 || d.Of.Minute != 30 || d.NextAt == 0 || len(d.Of.To) != 1) {
			t.Errorf("%+v", d)
		}
	}
	must(t, dir, "reports", "define", "Informe semanal", "--off")
	if s := must(t, dir, "reports", "definitions"); strings.Contains(s, "next") {
		t.Errorf("switched off: %s", s)
	}
	for _, bad := range [][]string{{"reports", "issue", "--period", "octubre"}, {"reports", "issue", "--period", month, "--definition", "Ninguno"}, {"reports", "save", "--period", "2020-01"}, {"reports", "define", "Informe diario", "--at", "siete"},
		{"reports", "send", "--period", month, "ana@andes.example"}} {
		if _, err := run(t, dir, bad...); err == nil {
			t.Errorf("%v is done", bad)
		}
	}
}
