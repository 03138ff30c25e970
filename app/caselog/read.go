package caselog

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/table"
)

// Log is what was read: the cases in the order of their first rows, and the rows
// that did not go in. Rows counts all but the head line; the rows of the cases
// and the rejected ones add up to it.
type Log struct {
	Cases    []app.CaseHistory
	Rejected []app.Rejected
	Rows     int
}

// maxHeld is how many bytes of cells one log may hold: cases need not stand
// together, so all of it is held.
const maxHeld = 2 << 30

// row is one line of the log that could be read.
type row struct {
	line     int
	at       time.Time
	opened   time.Time
	activity string
	agent    string
	group    string
	level    int
	fields   []string
}

// reader turns lines into rows, by the columns that the map names and the head line
// has.
type reader struct {
	m    *Map
	zone *time.Location
	at   map[string]int // place of a named column
}

// Read reads a whole log. The zone is that of the times without an offset; nil
// is refused. Cases need not stand together, nor rows be in order. The error is
// for a log that cannot be read at all; a bad row is rejected and the rest goes in.
func Read(in io.Reader, m *Map, zone *time.Location) (*Log, error) {
	if zone == nil {
		return nil, errors.New("the zone of the log is not said: its times could mean anything")
	}
	comma := ','
	if m.Delimiter != "" {
		comma = rune(m.Delimiter[0])
	}
	c := table.NewReader(in, comma)
	head, err := c.Next()
	if err != nil {
		return nil, fmt.Errorf("read the head line: %w", err)
	}
	r := &reader{m: m, zone: zone, at: map[string]int{}}
	for i, name := range head.Cells {
		name = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		if _, twice := r.at[name]; !twice {
			r.at[name] = i
		}
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	log := &Log{}
	cases := map[string][]row{}
	var order []string
	held := 0
	for {
		f, err := c.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			return log, fmt.Errorf("read the log after %d rows: %w", log.Rows, err)
		}
		log.Rows++
		if bad != nil {
			log.Rejected = append(log.Rejected, app.Rejected{Line: bad.Line, Reason: bad.Reason})
			continue
		}
		for _, v := range f.Cells {
			held += len(v)
		}
		if held > maxHeld {
			return log, fmt.Errorf("the log holds more than %d MB: split it, each case whole in one part", maxHeld>>20)
		}
		x, id, err := r.row(f.Cells)
		if err != nil {
			log.Rejected = append(log.Rejected, app.Rejected{Line: f.Line, Reason: err.Error()})
			continue
		}
		x.line = f.Line
		if cases[id] == nil {
			order = append(order, id)
		}
		cases[id] = append(cases[id], x)
	}
	for _, id := range order {
		log.Cases = append(log.Cases, r.history(id, cases[id]))
		delete(cases, id)
	}
	return log, nil
}

// columns are all that the map names.
func (m *Map) columns() []Column {
	return append([]Column{m.Case, m.Time, m.Opened, m.Agent, m.Group, m.Level, m.Person, m.Area, m.Site, m.Category, m.Subject, m.Priority, m.Impact, m.Urgency,
		m.Kind, m.Modality}, m.Activity...)
}

// check refuses a map that names a column which is not there: its values would be
// unknown in every row, and nobody would see why.
func (r *reader) check() error {
	for _, c := range r.m.columns() {
		if c.Name == "" || strings.HasPrefix(c.Name, "#") {
			continue
		}
		if _, ok := r.at[c.Name]; !ok {
			return fmt.Errorf("the log has no column %q: correct the map", c.Name)
		}
	}
	return nil
}

// get is a value of a row; "" where it is not there or not known. A value that the map
// does not translate stays as it is.
func (r *reader) get(f []string, c Column) string {
	i, ok := r.at[c.Name]
	if n, err := strconv.Atoi(strings.TrimPrefix(c.Name, "#")); strings.HasPrefix(c.Name, "#") && err == nil {
		i, ok = n-1, true
	}
	if c.Name == "" || !ok || i < 0 || i >= len(f) {
		return ""
	}
	v := table.Text(f[i]) // old exports are often in Windows-1252
	if slices.Contains(r.m.Unknown, v) {
		return ""
	}
	if c.Values != nil {
		if to, ok := c.Values[v]; ok {
			return to
		}
	}
	return v
}

// time is an instant by the first layout that fits. What no event may carry is an
// error here already: the row is told with its line, and not the whole import.
func (r *reader) time(s string) (time.Time, error) {
	for _, layout := range r.m.Layouts {
		if t, err := time.ParseInLocation(layout, s, r.zone); err == nil {
			if !desk.ValidAt(t.UnixMilli()) {
				return t, fmt.Errorf("the time %q is not between the years 1970 and 2199", s)
			}
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time as the map writes them", s)
}

// row reads what every row must have, its case and its time, and what it may say. What
// only the first row of a case is asked for is read later, from its cells.
func (r *reader) row(f []string) (x row, id string, err error) {
	if id = r.get(f, r.m.Case); id == "" {
		return x, "", errors.New("the row names no case")
	}
	if x.at, err = r.time(r.get(f, r.m.Time)); err != nil {
		return x, "", err
	}
	if o := r.get(f, r.m.Opened); o != "" {
		if x.opened, err = r.time(o); err != nil {
			return x, "", err
		}
	}
	var acts []string
	for _, c := range r.m.Activity {
		acts = append(acts, r.get(f, c))
	}
	x.activity = strings.Join(acts, " / ")
	x.agent, x.group, x.fields = r.get(f, r.m.Agent), r.get(f, r.m.Group), f
	x.level = digit(r.get(f, r.m.Level))
	return x, id, nil
}

// digit is the first digit in a text; 0 = none.
func digit(s string) int {
	if i := strings.IndexAny(s, "0123456789"); i >= 0 {
		return int(s[i] - '0')
	}
	return 0
}

// within is a number from 1 to 4; 0, which is not said, otherwise: the scales of other
// systems are not ours, and a fifth priority is none of the four.
func within(n int) int {
	if n < 1 || n > 4 {
		return 0
	}
	return n
}
