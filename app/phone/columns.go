package phone

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"punto/app/table"
)

// columns are where the fields of a CSV file of an exchange stand, by their names
// in lower case.
type columns map[string]int

// layout makes columns of names in the order of the file.
func layout(names string) columns {
	c := columns{}
	for i, n := range strings.Split(names, ",") {
		n = strings.ToLower(strings.TrimSpace(n))
		if _, ok := c[n]; !ok && n != "" {
			c[n] = i
		}
	}
	return c
}

// header are the columns of a row that names them; nil when it does not name these.
func header(cells []string, must ...string) columns {
	c := layout(strings.ReplaceAll(strings.TrimPrefix(strings.Join(cells, ","), "\ufeff"), `"`, ""))
	for _, m := range must {
		if _, ok := c[m]; !ok {
			return nil
		}
	}
	return c
}

// line is one row of a CSV file with its first error.
type line struct {
	at    columns
	cells []string
	err   error
}

// text is a cell; "" when there is none.
func (l *line) text(name string, most int) string {
	i, ok := l.at[name]
	if !ok || i >= len(l.cells) {
		return ""
	}
	s, err := Field(name, l.cells[i], most)
	if err != nil && l.err == nil {
		l.err = err
	}
	return s
}

// time reads a local time, or an epoch with a fraction; zero when the cell is empty.
func (l *line) time(name string, zone *time.Location) time.Time {
	s := l.text(name, MaxID)
	if s == "" || l.err != nil {
		return time.Time{}
	}
	t, err := instant(s, zone)
	if err != nil {
		l.err = fmt.Errorf("%s: %w", name, err)
	}
	return t
}

// rows calls use for each row of a CSV file with its line. A first row that names
// the columns that must be there sets them; else known finds them by their number.
func rows(r io.Reader, set columns, known func(width int) columns, must []string, use func(table.Row, columns, error) bool) error {
	in := table.NewReader(r, ',')
	for first := true; ; first = false {
		row, err := in.Next()
		var bad *RowError
		switch {
		case err == io.EOF:
			return nil
		case err != nil && !errors.As(err, &bad):
			return err
		}
		at := set
		if err == nil && first {
			if h := header(row.Cells, must...); h != nil {
				set = h
				continue
			}
		}
		if err == nil && at == nil {
			if at = known(len(row.Cells)); at == nil {
				err = &RowError{Line: row.Line, Reason: fmt.Sprintf("a row of %d cells is of no layout that is known: name the columns in the first row or in a map", len(row.Cells))}
			}
		}
		if !use(row, at, err) {
			return nil
		}
	}
}
