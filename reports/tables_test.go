package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
)

// hostile is a month whose texts would be formulas, tags and lines of their own.
func hostile() Month {
	m := sample()
	m.Client = `<script>alert("x")</script> & Cía.`
	m.Frequent[0].Name = `=HYPERLINK("http://malo.example";"clic")`
	m.Frequent[1].Name = "+51 1 555\r\nsegunda línea; con punto y coma"
	m.Remarks = append(m.Remarks, Remark{Score: 1, Text: "@SUM(A1:A9)"}, Remark{Text: "-2+3"})
	return m
}

func tableOf(t *testing.T, m Month, id string) Table {
	t.Helper()
	all, err := Tables(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if x.ID == id {
			return x
		}
	}
	t.Fatalf("there is no table %s", id)
	return Table{}
}

// The tables hold the figures of the pages, unrounded, each row as long as its heads, and
// nothing of another language.
func TestTablesHoldTheFiguresOfThePages(t *testing.T) {
	for _, lang := range []string{"es", "en", "pt"} {
		m := sample()
		m.Lang = lang
		all, err := Tables(m)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, x := range all {
			if seen[x.ID] || x.Title == "" || !regexp.MustCompile(`^[a-z-]+$`).MatchString(x.ID) {
				t.Errorf("%q is twice there, or has no name: %q", x.ID, x.Title)
			}
			seen[x.ID] = true
			for i, h := range x.Heads {
				if h == "" {
					t.Errorf("%s in %s: column %d has no head", x.ID, lang, i)
				}
			}
			for i, r := range x.Rows {
				if len(r) != len(x.Heads) {
					t.Errorf("%s: row %d has %d values and %d heads", x.ID, i, len(r), len(x.Heads))
				}
			}
		}
		if len(all) < 15 {
			t.Errorf("only %d tables", len(all))
		}
	}
	m := sample()
	for i, r := range tableOf(t, m, "compliance").Rows {
		if m.Rows[i].Value != nil && *r[3].Number != *m.Rows[i].Value || r[4].Number == nil || *r[4].Number != m.Rows[i].Num {
			t.Errorf("row %d: %+v, and not %+v", i, r, m.Rows[i])
		}
	}
	sum := 0.0
	for _, r := range tableOf(t, m, "calls-by-day").Rows {
		for _, v := range r[1:] {
			sum += *v.Number
		}
	}
	want := 0
	for _, d := range m.CallsByDay {
		want += d.Answered + d.Abandoned + d.Busy + d.Other
	}
	if int(sum) != want {
		t.Errorf("the days sum to %v calls, and not %d", sum, want)
	}
	bad := sample()
	bad.Rows[0].State = Missed
	if _, err := Tables(bad); err == nil {
		t.Error("a month that contradicts itself has tables")
	}
}

// A table alone tells what it is of, and whether the month was over.
func TestTablesTellWhatTheyAreOf(t *testing.T) {
	m := sample()
	says := func() string {
		s := ""
		for _, r := range tableOf(t, m, "report").Rows {
			s += r[0].Text + ": " + r[1].Text + "\n"
		}
		return s
	}
	m.DataClosed = time.Time{}
	for _, want := range []string{"Cliente: " + m.Client, "Contrato: " + m.Contract, "Huella de los datos: " + m.InputHash, "Revisión: "} {
		if s := says(); !strings.Contains(s, want) || strings.Contains(s, "PARCIAL") {
			t.Errorf("%q is not in\n%s", want, s)
		}
	}
	m.DataClosed = m.Month.AddDate(0, 0, 10)
	if s := says(); !strings.Contains(s, "PARCIAL") {
		t.Errorf("a part month says\n%s", s)
	}
	var b bytes.Buffer
	if err := WriteHTML(&b, m); err != nil || !strings.Contains(b.String(), `<p class="part">parcial`) {
		t.Errorf("the web page of a part month does not say so first: %v", err)
	}
	for id, head := range map[string]string{"origins": "Origen", "types": "Tipo de reporte", "modalities": "Modalidad", "frequent": "Motivo"} {
		if x := tableOf(t, m, id); x.Heads[0] != head {
			t.Errorf("%s begins with %q", id, x.Heads[0])
		}
	}
	f := m.Calls
	parts := tableOf(t, m, "calls").Rows
	sum := 0.0
	for _, r := range parts[1:6] {
		sum += *r[1].Number
	}
	if *parts[0][1].Number != float64(f.Offered) || int(sum)+f.Gap() != f.Offered {
		t.Errorf("%v calls ended somehow, and not %d", sum, f.Offered)
	}
	for id, n := range map[string]int{"backlog": 6, "deviations": len(m.Proposals), "activities": len(m.Activities)} {
		if x := tableOf(t, m, id); len(x.Rows) != n {
			t.Errorf("%s has %d rows, and not %d", id, len(x.Rows), n)
		}
	}
	if v := measured(ptrTo(math.Inf(1)), Share); v.Number != nil {
		t.Error("what is no number stands as one")
	}
}

// A file of rows is read back as it was by whoever reads such files; no text is a formula.
func TestRowsAreReadBackAndHarmless(t *testing.T) {
	for lang, apart := range map[string]rune{"es": ';', "pt": ';', "en": ','} {
		m := hostile()
		m.Lang = lang
		for _, id := range []string{"frequent", "remarks", "compliance"} {
			x := tableOf(t, m, id)
			var b bytes.Buffer
			if err := WriteCSV(&b, x, lang); err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(b.Bytes(), []byte("\xef\xbb\xbf")) || !bytes.HasSuffix(b.Bytes(), []byte("\r\n")) {
				t.Errorf("%s in %s has not the form that spreadsheets read", id, lang)
			}
			r := csv.NewReader(bytes.NewReader(b.Bytes()[3:]))
			r.Comma = apart
			rows, err := r.ReadAll()
			if err != nil || len(rows) != len(x.Rows)+1 {
				t.Fatalf("%s in %s: %d rows, %v", id, lang, len(rows), err)
			}
			for i, row := range rows[1:] {
				for j, s := range row {
					v := x.Rows[i][j]
					if v.Number == nil && s != "" && strings.ContainsAny(s[:1], "=+-@") {
						t.Errorf("%s in %s: %q is taken for a formula", id, lang, s)
					}
					if v.Text != "" && strings.ReplaceAll(strings.TrimPrefix(s, "'"), "\r\n", "\n") != strings.ReplaceAll(v.Text, "\r\n", "\n") {
						t.Errorf("%s in %s: %q came back as %q", id, lang, v.Text, s)
					}
				}
			}
			if id == "compliance" {
				if s := rows[1][3]; !strings.HasPrefix(s, map[rune]string{';': "0,82", ',': "0.82"}[apart]) {
					t.Errorf("a share in %s is %q", lang, s)
				}
			}
		}
	}
}

// The web page is well formed, of one language, with a head for each column and row, and
// has nothing from elsewhere; what users wrote is shown and does nothing.
func TestTheWebPageIsWholeAndHarmless(t *testing.T) {
	m := hostile()
	m.Lang = "pt"
	var b bytes.Buffer
	if err := WriteHTML(&b, m); err != nil {
		t.Fatal(err)
	}
	s := b.String()
	d := xml.NewDecoder(strings.NewReader(strings.Replace(s, "<!DOCTYPE html>", "", 1)))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	level, tables, scopes := 0, 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("it is not well formed: %v", err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "script", "img", "link", "iframe", "object", "form":
			t.Errorf("it has a %s", e.Name.Local)
		case "h1", "h2":
			if n := int(e.Name.Local[1] - '0'); n > level+1 {
				t.Errorf("%s follows a heading of level %d", e.Name.Local, level)
			} else {
				level = max(level, n)
			}
		case "table":
			tables++
		case "th":
			for _, a := range e.Attr {
				if a.Name.Local == "scope" {
					scopes++
				}
			}
		}
	}
	all, _ := Tables(m)
	if tables != len(all) || scopes == 0 || !strings.Contains(s, `<html lang="pt">`) || strings.Contains(s, "http://malo.example\"") || strings.Contains(s, "<script>") || !strings.Contains(s, "&lt;script&gt;") {
		t.Errorf("%d tables of %d, %d heads with a scope", tables, len(all), scopes)
	}
	var again bytes.Buffer
	if err := WriteHTML(&again, m); err != nil || again.String() != s {
		t.Error("the same month is another page")
	}
}
