package table

import (
	"encoding/csv"
	"io"
	"strings"
)

// Writer writes CSV for spreadsheets: a cell that they would take for a formula
// gets an apostrophe before it, which they show as text.
type Writer struct{ w *csv.Writer }

// NewWriter writes CSV with that separator; 0 is a comma.
func NewWriter(w io.Writer, comma rune) *Writer {
	c := csv.NewWriter(w)
	if comma != 0 {
		c.Comma = comma
	}
	return &Writer{c}
}

// Write writes one row, at once.
func (w *Writer) Write(cells ...string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = Quoted(c)
	}
	if err := w.w.Write(safe); err != nil {
		return err
	}
	w.w.Flush()
	return w.w.Error()
}

// Quoted is a cell that no spreadsheet takes for a formula.
func Quoted(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
