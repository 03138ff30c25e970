package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes a table as the spreadsheets of its language read it: UTF-8 with a mark
// in front; fields apart by ; and decimals by a comma, in English by , and a point. Shares
// are fractions of 1 and times seconds. No text is taken for a formula.
func WriteCSV(w io.Writer, t Table, tag string) error {
	l := language(tag)
	apart, point := ';', ","
	if l == en {
		apart, point = ',', "."
	}
	rows := [][]string{t.Heads}
	for _, r := range t.Rows {
		var fields []string
		for _, v := range r {
			switch {
			case !v.Day.IsZero():
				fields = append(fields, v.Day.Format("02/01/2006"))
			case v.Number != nil:
				fields = append(fields, strings.Replace(strconv.FormatFloat(*v.Number, 'f', -1, 64), ".", point, 1))
			default:
				fields = append(fields, Harmless(v.Text))
			}
		}
		rows = append(rows, fields)
	}
	_, err := io.WriteString(w, "\ufeff")
	if err == nil {
		out := csv.NewWriter(w)
		out.Comma, out.UseCRLF = apart, true
		err = out.WriteAll(rows)
	}
	if err != nil {
		return fmt.Errorf("the table %s was not written whole: %w", t.ID, err)
	}
	return nil
}
