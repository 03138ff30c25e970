package print

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"punto/app"
	"punto/reports"
	"punto/reports/sheet"
)

// Formats are those in which a report is written, by the ends of their files; csv is a
// folder with a file for each table, also for one without rows, so that none stays of
// what was written there before.
var Formats = []string{"pdf", "json", "xlsx", "html", "csv"}

var writers = map[string]func(io.Writer, reports.Month) error{"pdf": reports.WritePDF, "json": reports.WriteJSON, "xlsx": sheet.Write, "html": reports.WriteHTML}

// Base is the name of a report's files in a folder, without their ends: those of two
// contracts never share one, whatever their codes are.
func Base(dir string, q app.Month, r reports.Month) string {
	name := "informe-" + q.Month
	if !q.Contract.IsZero() {
		name += "-" + url.QueryEscape(r.Contract)
	}
	return filepath.Join(dir, name)
}

// Report writes a report in some formats, under a name without its end, and tells the
// files.
func Report(base string, r reports.Month, formats []string) (files map[string]string, err error) {
	files = map[string]string{}
	for _, f := range formats {
		f = strings.ToLower(strings.TrimSpace(f))
		if !slices.Contains(Formats, f) {
			return files, fmt.Errorf("%q is no format of a report: there are %s", f, strings.Join(Formats, ", "))
		}
	}
	for _, f := range formats {
		f = strings.ToLower(strings.TrimSpace(f))
		if f != "csv" {
			if err := Write(base+"."+f, r, writers[f]); err != nil {
				return files, err
			}
			files[f] = base + "." + f
			continue
		}
		tables, err := reports.AllTables(r)
		if err == nil {
			err = os.MkdirAll(base+"-csv", 0o750)
		}
		if err != nil {
			return files, err
		}
		for _, t := range tables {
			if err := Write(filepath.Join(base+"-csv", t.ID+".csv"), r, func(w io.Writer, m reports.Month) error { return reports.WriteCSV(w, t, m.Lang) }); err != nil {
				return files, err
			}
		}
		files[f] = base + "-csv"
	}
	return files, nil
}
