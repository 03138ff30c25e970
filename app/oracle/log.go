package oracle

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// Log says which column of a raw event log is what, by its place from 0; -1 is
// none. It repeats by hand what the product's maps of columns say.
type Log struct {
	Layout string
	Zone   *time.Location

	Case, Time, Opened           int
	Activity                     []int // joined by " / "
	Group, Level, Person, Rating int   // Rating is the priority
	Category                     int

	Ratings map[string]int    // words of the rating; nil = the first digit in it
	Means   map[string]string // activity -> Row.What, "suspended REASON", "assigned"
	States  bool              // the activity is a state: what repeats it, in the same group, says nothing new
	Unknown string            // what stands for nothing
}

// line is one line of the log.
type line struct {
	at, opened              time.Time
	activity                string
	group, person, category string
	level, rating           int
}

// Read reads a whole log, gzipped or not, as cases of one contract.
func (l Log) Read(path, contract string) (cases []Case, rows int, err error) {
	records, err := table(path, ',')
	if err != nil {
		return nil, 0, err
	}
	byCase := map[string][]line{}
	var order []string
	for _, f := range records[1:] {
		x, err := l.line(f)
		if err != nil {
			return nil, 0, err
		}
		id := f[l.Case]
		if byCase[id] == nil {
			order = append(order, id)
		}
		byCase[id] = append(byCase[id], x)
	}
	for _, id := range order {
		cases = append(cases, Case{ID: id, Rows: l.tell(byCase[id], contract)})
	}
	return cases, len(records) - 1, nil
}

// table reads every record of a file of separated values.
func table(path string, comma rune) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	return r.ReadAll()
}

func (l Log) at(f []string, column int) string {
	if column < 0 || column >= len(f) || f[column] == l.Unknown {
		return ""
	}
	return strings.TrimSpace(f[column])
}

func (l Log) line(f []string) (x line, err error) {
	if x.at, err = time.ParseInLocation(l.Layout, l.at(f, l.Time), l.Zone); err != nil {
		return x, fmt.Errorf("%q: %w", f, err)
	}
	if o := l.at(f, l.Opened); o != "" {
		if x.opened, err = time.ParseInLocation(l.Layout, o, l.Zone); err != nil {
			return x, fmt.Errorf("%q: %w", f, err)
		}
	}
	var parts []string
	for _, c := range l.Activity {
		parts = append(parts, l.at(f, c))
	}
	x.activity = strings.Join(parts, " / ")
	x.group, x.person, x.category = l.at(f, l.Group), l.at(f, l.Person), l.at(f, l.Category)
	x.level = firstDigit(l.at(f, l.Level))
	if rating := l.at(f, l.Rating); l.Ratings != nil {
		x.rating = l.Ratings[rating]
	} else {
		x.rating = firstDigit(rating)
	}
	return x, nil
}

func firstDigit(s string) int {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			return int(r - '0')
		}
	}
	return 0
}

// tell turns the lines of a case into rows: what changed between a line and the
// one before (the unit, the priority, the category, the user), and what the line
// says. A case that is over is worked on again when a line says work, or gives it
// to another unit without saying itself that it is over.
func (l Log) tell(lines []line, contract string) (rows []Row) {
	slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
	last := lines[0]
	first := Row{At: last.at, What: "opened", Contract: contract, Person: last.person, Category: last.category, Priority: last.rating, Group: last.group, Level: last.level}
	if !last.opened.IsZero() && last.opened.Before(last.at) {
		first.At = last.opened
	}
	rows = append(rows, first)
	open := true
	for i, x := range lines {
		what, reason, _ := strings.Cut(l.Means[x.activity], " ")
		moved := x.group != "" && x.group != last.group
		if l.States && i > 0 && x.activity == last.activity && !moved {
			what = "" // the state goes on
		}
		ends := what == "resolved" || what == "closed" || what == "cancelled"
		works := what == "taken" || what == "assigned" || what == "suspended" || what == "reopened"
		if !open && !ends && (works || moved) {
			rows = append(rows, Row{At: x.at, What: "reopened"})
			open = true
		}
		if x.rating != last.rating && x.rating != 0 || x.category != last.category && x.category != "" || x.person != last.person && x.person != "" {
			keep(&x, last)
			rows = append(rows, Row{At: x.at, What: "edited", Contract: contract, Person: x.person, Category: x.category, Priority: x.rating})
		}
		keep(&x, last)
		if moved {
			hand := map[bool]string{true: "handed", false: "assigned to a group"}[open]
			rows = append(rows, Row{At: x.at, What: hand, Group: x.group, Level: x.level})
		}
		switch {
		case what == "closed" && open: // closed is solved, where nobody said so before
			rows = append(rows, Row{At: x.at, What: "resolved"}, Row{At: x.at, What: what})
		case what == "cancelled" && !open, what == "resolved" && !open:
			// it is over already
		case what != "" && what != "opened" && what != "reopened":
			rows = append(rows, Row{At: x.at, What: what, Reason: reason})
		}
		open = open && !ends
		last = x
	}
	return rows
}

// keep leaves what a line does not tell as it was.
func keep(x *line, last line) {
	if x.group == "" {
		x.group = last.group
	}
	if x.person == "" {
		x.person = last.person
	}
	if x.category == "" {
		x.category = last.category
	}
	if x.rating == 0 {
		x.rating = last.rating
	}
}
