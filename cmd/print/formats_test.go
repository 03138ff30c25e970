package print

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
)

// A folder of rows holds what was written last, and nothing of what was there before.
func TestRowsOfAnotherReportDoNotStay(t *testing.T) {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	m := reports.Month{Organisation: "Mesa", Client: "Los Andes", Month: at, IssuedAt: at.AddDate(0, 1, 1), Lang: "es", Revision: 1,
		Frequent: []reports.Count{{Name: "Solo de Los Andes", N: 12}}}
	base := filepath.Join(t.TempDir(), "informe")
	var files []string
	for range 2 {
		if _, err := Report(base, m, []string{"csv"}); err != nil {
			t.Fatal(err)
		}
		now, err := filepath.Glob(base + "-csv/*.csv")
		if err != nil || len(now) < 15 || files != nil && len(now) != len(files) {
			t.Fatalf("there are %d files, and there were %d: %v", len(now), len(files), err)
		}
		files, m.Frequent = now, nil
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err != nil || strings.Contains(string(b), "Solo de") {
			t.Errorf("%s holds a row of the report before it: %v", f, err)
		}
	}
}

// Two contracts have files of their own, and no code leads out of the folder.
func TestContractsHaveFilesOfTheirOwn(t *testing.T) {
	q, seen := app.Month{Month: "2026-10"}, map[string]string{Base("d", app.Month{Month: "2026-10"}, reports.Month{}): "none"}
	q.Contract = desk.ID{1}
	for _, code := range []string{"C-001", "C-002", "a/b", "a-b", `a\b`, "a:b", "../../b", "..", "ñ 1", "ñ+1"} {
		base := Base("d", q, reports.Month{Contract: code})
		if was, twice := seen[base]; twice || filepath.Dir(base) != "d" || strings.ContainsAny(filepath.Base(base), `/\:*?"<>|`) {
			t.Errorf("the files of %q are called %q, and those of %q", code, base, was)
		}
		seen[base] = code
	}
}
