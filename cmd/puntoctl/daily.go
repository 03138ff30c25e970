package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app/spc"
	"punto/app/table"
)

// dailyTable is how to read a table with a row of titles and a row for each day.
// An empty title stands for the usual ones.
type dailyTable struct {
	date, calls string
	dates       bool // the days alone: what they are of is not read
}

// The usual titles, in lower case.
var (
	dateTitles = []string{"date", "fecha", "data", "day", "día", "dia"}
	callTitles = []string{"incoming calls", "calls", "llamadas", "llamadas entrantes", "llamadas recibidas", "chamadas",
		"chamadas recebidas", "offered", "ofrecidas", "oferecidas"}
)

// dateLayouts are those that tables are found in. Where several fit, that one is
// meant in which most days follow the row before; then the first of these.
var dateLayouts = []string{"2006-1-2", "2/1/2006", "1/2/2006", "2006/1/2", "2.1.2006", "2-1-2006", "20060102"}

// mostDays is how many rows a table of days may have: 60 years.
const mostDays = 22_000

// dailyRow is a row whose day is not understood yet.
type dailyRow struct {
	line int
	date string
	x    float64
}

// read gives the days in their order, each once, and the rows that were not read.
// An empty cell of calls is a day that is not known.
func (d dailyTable) read(r io.Reader) (days []spc.Day, bad []*table.RowError, err error) {
	text, err := table.Open(r)
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReaderSize(text, 64<<10)
	t := table.NewReader(in, separator(in))
	titles, err := t.Next()
	if err != nil {
		return nil, nil, fmt.Errorf("read the row of titles: %w", err)
	}
	for i, s := range titles.Cells {
		titles.Cells[i] = table.Text(s)
	}
	date, calls := place(titles.Cells, d.date, dateTitles), place(titles.Cells, d.calls, callTitles)
	switch {
	case date < 0:
		return nil, nil, fmt.Errorf("no column gives the day: the file has %q; name it with --date", titles.Cells)
	case calls < 0 && !d.dates:
		return nil, nil, fmt.Errorf("no column gives the calls: the file has %q; name it with --calls", titles.Cells)
	}
	var rows []dailyRow
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var damaged *table.RowError
		if errors.As(err, &damaged) {
			bad = append(bad, damaged)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if len(rows)+len(bad) >= mostDays {
			return nil, nil, fmt.Errorf("the table has more than %d rows, which are no days: is it a table of calls?", mostDays)
		}
		x := dailyRow{line: row.Line, x: math.NaN()}
		if date < len(row.Cells) {
			x.date = table.Text(row.Cells[date])
		}
		if s := ""; !d.dates {
			if calls < len(row.Cells) {
				s = table.Text(row.Cells[calls])
			}
			if x.x, err = count(s); err != nil {
				bad = append(bad, &table.RowError{Line: row.Line, Reason: err.Error()})
				continue
			}
		}
		rows = append(rows, x)
	}
	days, unread := inOrder(rows, layoutOf(rows))
	return days, append(bad, unread...), nil
}

// separator is the likeliest of a table, by its first line.
func separator(in *bufio.Reader) rune {
	begin, _ := in.Peek(32 << 10) // a short file ends it
	line, _, _ := bytes.Cut(begin, []byte{'\n'})
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// place is the column of a title, or of the first of the usual ones; -1 is none.
func place(titles []string, title string, usual []string) int {
	if title != "" {
		usual = []string{title}
	}
	for _, u := range usual {
		if i := slices.IndexFunc(titles, func(s string) bool { return strings.EqualFold(s, u) }); i >= 0 {
			return i
		}
	}
	return -1
}

// count reads a number of calls; an empty cell is not known.
func count(s string) (float64, error) {
	if s == "" {
		return math.NaN(), nil
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x >= 0 && x <= 1e9) {
		return 0, fmt.Errorf("%q is not a number of calls", s)
	}
	return x, nil
}

// day reads a date by its layout; a time of day after it is not looked at.
func day(layout, s string) (time.Time, bool) {
	s, _, _ = strings.Cut(s, " ")
	s, _, _ = strings.Cut(s, "T")
	t, err := time.Parse(layout, s)
	return t, err == nil && t.Year() >= 1970 && t.Year() < 2200
}

// layoutOf is the layout that most rows are in.
func layoutOf(rows []dailyRow) (best string) {
	most := -1
	for _, layout := range dateLayouts {
		score, last := 0, time.Time{}
		for _, r := range rows {
			t, ok := day(layout, r.date)
			if !ok {
				continue
			}
			score += 2
			if t.Equal(last.AddDate(0, 0, 1)) {
				score++
			}
			last = t
		}
		if score > most {
			most, best = score, layout
		}
	}
	return best
}

// inOrder makes days of rows, and tells those that are none or come again.
func inOrder(rows []dailyRow, layout string) (days []spc.Day, bad []*table.RowError) {
	line := map[time.Time]int{}
	for _, r := range rows {
		t, ok := day(layout, r.date)
		switch first, again := line[t]; {
		case !ok:
			bad = append(bad, &table.RowError{Line: r.line, Reason: fmt.Sprintf("%q is not a day such as %s", r.date, time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC).Format(layout))})
			continue
		case again:
			bad = append(bad, &table.RowError{Line: r.line, Reason: fmt.Sprintf("%s came on line %d already", r.date, first)})
			continue
		}
		line[t] = r.line
		days = append(days, spc.Day{Date: t, X: r.x})
	}
	slices.SortFunc(days, func(a, b spc.Day) int { return a.Date.Compare(b.Date) })
	return days, bad
}
