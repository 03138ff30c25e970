// Package sheet writes the month's report as a spreadsheet: a table a sheet, with real
// numbers and days, and charts that are the spreadsheet's own.
package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"punto/reports"
)

// mostRows is how many rows a sheet has room for, below its heads.
const mostRows = 1_048_575

// Write writes the month. The same month gives the same bytes.
func Write(w io.Writer, m reports.Month) error {
	tables, err := reports.Tables(m)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it holds no file
	b := &book{f: f, names: map[string]bool{}, styles: map[string]int{}}
	for i, t := range tables {
		name := b.name(t.Title)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := b.table(name, t); err != nil {
			return fmt.Errorf("write the sheet %s: %w", name, err)
		}
		if err := b.chart(name, t); err != nil {
			return fmt.Errorf("draw the chart of the sheet %s: %w", name, err)
		}
	}
	made := m.IssuedAt.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: m.Client, Creator: m.Organisation, Created: made, Modified: made, Language: m.Lang, Identifier: m.InputHash}); err != nil {
		return err
	}
	var raw bytes.Buffer
	if _, err = f.WriteTo(&raw); err != nil {
		return err
	}
	return inOrder(w, raw.Bytes())
}

const kinds = "[Content_Types].xml"

// part is one entry of the list of what the parts of a spreadsheet are.
var part = regexp.MustCompile(`<(?:Default|Override) [^>]*>(?:</(?:Default|Override)>)?`)

// inOrder writes the parts of a spreadsheet in the order of their names: the library
// writes them as they lie in its memory, another way each time.
func inOrder(w io.Writer, raw []byte) error {
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return err
	}
	files := slices.SortedFunc(slices.Values(in.File), func(a, b *zip.File) int {
		first := func(f *zip.File) int {
			if f.Name == kinds {
				return 0
			}
			return 1
		}
		return cmp.Or(first(a)-first(b), strings.Compare(a.Name, b.Name))
	})
	out := zip.NewWriter(w)
	for _, f := range files {
		if f.Name != kinds {
			if err := out.Copy(f); err != nil {
				return err
			}
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
		list := part.FindAll(b, -1)
		slices.SortFunc(list, bytes.Compare)
		i := 0
		b = part.ReplaceAllFunc(b, func([]byte) []byte { i++; return list[i-1] })
		to, err := out.Create(kinds)
		if err == nil {
			_, err = to.Write(b)
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// book is a workbook that is being written.
type book struct {
	f      *excelize.File
	names  map[string]bool
	styles map[string]int // by format
}

// name is a sheet's: at most 31 letters, none of those that a sheet may not have, and not
// that of another.
func (b *book) name(title string) string {
	s := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, title), " '")
	r := []rune(s)
	if len(r) > 31 {
		end := 31
		for end > 16 && r[end] != ' ' {
			end--
		}
		if r[end] != ' ' {
			end = 31 // one long word
		}
		r = r[:end]
	}
	s = strings.TrimSpace(string(r))
	for n := 2; s == "" || b.names[strings.ToLower(s)]; n++ {
		s = fmt.Sprintf("%s %d", string(r[:min(len(r), 27)]), n)
	}
	b.names[strings.ToLower(s)] = true
	return s
}

// style is that of a format of numbers.
func (b *book) style(format string, bold bool) (int, error) {
	key := fmt.Sprint(format, bold)
	if id, ok := b.styles[key]; ok {
		return id, nil
	}
	s := &excelize.Style{CustomNumFmt: &format}
	if format == "" {
		s.CustomNumFmt = nil
	}
	if bold {
		s.Font = &excelize.Font{Bold: true}
	}
	id, err := b.f.NewStyle(s)
	b.styles[key] = id
	return id, err
}

// format is how a unit's numbers are shown.
func format(u reports.Unit) string {
	switch u {
	case reports.Share:
		return "0.0%"
	case reports.Seconds:
		return "[h]:mm:ss"
	case reports.Score:
		return "0.00"
	case reports.Points:
		return "0.0"
	}
	return "#,##0"
}

const dayFormat = "dd/mm/yyyy"

// cell is a value as a sheet has it: a share of 1, a time as a part of a day.
func (b *book) cell(v reports.Value) (any, error) {
	c := excelize.Cell{}
	var err error
	switch {
	case !v.Day.IsZero():
		y, m, d := v.Day.Date()
		c.Value = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		c.StyleID, err = b.style(dayFormat, false)
	case v.Number != nil:
		x := *v.Number
		if v.Unit == reports.Seconds {
			x /= 86_400
		}
		c.Value = x
		c.StyleID, err = b.style(format(v.Unit), false)
	case v.Text == "":
		return nil, nil
	default:
		s := v.Text
		for utf8.RuneCountInString(s) > excelize.TotalCellChars {
			s = s[:len(s)-1]
		}
		return s, nil // written as a text: nothing is taken for a formula
	}
	return c, err
}

func (b *book) table(name string, t reports.Table) error {
	if len(t.Rows) > mostRows {
		return fmt.Errorf("it has %d rows, and a sheet has room for %d: write it as csv", len(t.Rows), mostRows)
	}
	w, err := b.f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths(t) {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	bold, err := b.style("", true)
	if err != nil {
		return err
	}
	var row []any
	for _, h := range t.Heads {
		row = append(row, excelize.Cell{Value: h, StyleID: bold})
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	for i, r := range t.Rows {
		row = row[:0]
		for _, v := range r {
			c, err := b.cell(v)
			if err != nil {
				return err
			}
			row = append(row, c)
		}
		if err := w.SetRow(fmt.Sprint("A", i+2), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// widths are those of columns, by their longest text.
func widths(t reports.Table) []float64 {
	out := make([]float64, len(t.Heads))
	for i, h := range t.Heads {
		out[i] = float64(utf8.RuneCountInString(h)) + 2
	}
	for _, r := range t.Rows {
		for i, v := range r {
			if n := float64(utf8.RuneCountInString(v.Text)) + 2; i < len(out) {
				out[i] = max(out[i], min(n, 60))
			}
		}
	}
	for i := range out {
		out[i] = max(out[i], 12)
	}
	return out
}

// chart draws what of a table is best seen: calls by day stacked, lists of counts as bars.
func (b *book) chart(name string, t reports.Table) error {
	n := min(len(t.Rows), 31) + 1
	ref := func(col string) string {
		return fmt.Sprintf("'%s'!$%s$2:$%s$%d", strings.ReplaceAll(name, "'", "''"), col, col, n)
	}
	head := func(col string) string { return fmt.Sprintf("'%s'!$%s$1", strings.ReplaceAll(name, "'", "''"), col) }
	c := &excelize.Chart{Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: t.Title}}}, Dimension: excelize.ChartDimension{Width: 760, Height: 380}}
	at := ""
	switch t.ID {
	case "calls-by-day":
		c.Type, at = excelize.ColStacked, "G2"
		for _, col := range []string{"B", "C", "D", "E"} {
			c.Series = append(c.Series, excelize.ChartSeries{Name: head(col), Categories: ref("A"), Values: ref(col)})
		}
	case "frequent", "origins", "types", "modalities":
		c.Type, at = excelize.Bar, "G2"
		c.Series = []excelize.ChartSeries{{Name: head("B"), Categories: ref("A"), Values: ref("B")}}
		c.YAxis.ReverseOrder, c.XAxis.ReverseOrder = false, true
		c.Legend = excelize.ChartLegend{Position: "none"}
	case "units", "resolution":
		c.Type, at = excelize.ColStacked, "G2"
		for _, col := range []string{"B", "C"} {
			c.Series = append(c.Series, excelize.ChartSeries{Name: head(col), Categories: ref("A"), Values: ref(col)})
		}
	default:
		return nil
	}
	return b.f.AddChart(name, at, c)
}
