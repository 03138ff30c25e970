package phone

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"punto/app/table"
)

// CSVMap says which column of a CSV file holds what of a call. It is written by
// whoever knows the file, usually as YAML. Columns are named by the header, or
// #1, #2… where there is none.
//
// Times are local to the zone given at reading unless their layout says
// otherwise. Values listed in Unknown (by default "?" alone) count as empty.
type CSVMap struct {
	PBX       string            `yaml:"pbx"`       // name of the exchange; "" = csv
	Comma     string            `yaml:"comma"`     // one character, or "tab"; "" = ,
	NoHeader  bool              `yaml:"no_header"` // the first row is a call
	Layouts   []string          `yaml:"layouts"`   // of dates, tried in order, as of Go's time package; none = 2006-01-02 15:04:05 and RFC 3339
	Durations string            `yaml:"durations"` // seconds (with or without a fraction) or h:mm:ss; "" = whichever it looks like
	Unknown   []string          `yaml:"unknown"`   // values that mean: not known
	Columns   CSVColumns        `yaml:"columns"`   //
	Outcomes  map[string]string `yaml:"outcomes"`  // the file's word: completed, abandoned, busy, closed, overflow, withdrawn, failed, lost_in_menu, unknown
	Default   string            `yaml:"otherwise"` // outcome of a word that Outcomes lacks; "" = such a row is rejected
}

// CSVColumns are the columns of a CSVMap. Only ID and Offered must be given.
// Several columns joined by + (date+time) are read as one, with a space between.
type CSVColumns struct {
	ID       string `yaml:"id"`
	Offered  string `yaml:"offered"`  // when it came in
	Queued   string `yaml:"queued"`   // when it entered the queue
	Answered string `yaml:"answered"` // when a person was connected
	Ended    string `yaml:"ended"`    //
	Menu     string `yaml:"menu"`     // durations
	Wait     string `yaml:"wait"`     //
	Ring     string `yaml:"ring"`     //
	Talk     string `yaml:"talk"`     //
	Hold     string `yaml:"hold"`     //
	WrapUp   string `yaml:"wrap_up"`  //
	Caller   string `yaml:"caller"`   // texts
	Name     string `yaml:"name"`     //
	Agent    string `yaml:"agent"`    //
	Queue    string `yaml:"queue"`    //
	Dialled  string `yaml:"dialled"`  // the number that was called
	Type     string `yaml:"type"`     //
	Outcome  string `yaml:"outcome"`  // a word of Outcomes; none = answered when it has a time of answer or talk, else abandoned
}

// Read gives one call or one *RowError for each record of the file. Any other
// error ends the reading: a map that does not fit the header, a record that
// never ends, a failing reader.
func (m CSVMap) Read(r io.Reader, zone *time.Location) iter.Seq2[Call, error] {
	return func(yield func(Call, error) bool) {
		t, err := m.compile(zone)
		if err != nil {
			yield(Call{}, err)
			return
		}
		in := table.NewReader(r, t.comma)
		if !m.NoHeader {
			if err := t.header(in); err != nil {
				yield(Call{}, err)
				return
			}
		}
		for {
			row, err := in.Next()
			var bad *RowError
			switch {
			case err == io.EOF:
				return
			case err != nil && !errors.As(err, &bad):
				yield(Call{}, fmt.Errorf("read the calls: %w", err))
				return
			}
			var c Call
			if err == nil {
				if c, err = t.call(row.Cells); err != nil {
					err = &RowError{Line: row.Line, Reason: err.Error()}
				}
			}
			c.Line = row.Line
			if !yield(c, err) {
				return
			}
		}
	}
}

// csvTable is a map ready for reading.
type csvTable struct {
	CSVMap
	comma    rune
	zone     *time.Location
	unknown  map[string]bool
	outcomes map[string]Outcome
	byUnset  Outcome
	names    map[string]int // nil without a header
	parts    map[string][]string
}

// compile checks a map before the first row is read: a slip in it is told once, and not
// by every row.
func (m CSVMap) compile(zone *time.Location) (*csvTable, error) {
	t := &csvTable{CSVMap: m, zone: zone, comma: ',', unknown: map[string]bool{}, outcomes: map[string]Outcome{}, parts: map[string][]string{}}
	if zone == nil {
		return nil, ErrNoZone
	}
	if t.PBX == "" {
		t.PBX = "csv"
	}
	if m.Columns.ID == "" || m.Columns.Offered == "" {
		return nil, errors.New("the column map must name the columns id and offered")
	}
	switch c := []rune(m.Comma); {
	case m.Comma == "tab":
		t.comma = '\t'
	case len(c) == 1 && c[0] != '"' && c[0] != '\r' && c[0] != '\n':
		t.comma = c[0]
	case m.Comma != "":
		return nil, fmt.Errorf("the comma %q of the column map is not one character", Cut(m.Comma))
	}
	if len(t.Layouts) == 0 {
		t.Layouts = []string{time.DateTime, time.RFC3339}
	}
	if m.Durations != "" && m.Durations != "seconds" && m.Durations != "h:mm:ss" {
		return nil, fmt.Errorf("durations: %q of the column map is neither seconds nor h:mm:ss", Cut(m.Durations))
	}
	if m.Unknown == nil {
		t.unknown["?"] = true
	}
	for _, u := range m.Unknown {
		t.unknown[u] = true
	}
	for word, name := range m.Outcomes {
		o, ok := ParseOutcome(name)
		if !ok {
			return nil, fmt.Errorf("outcomes: %q of the column map is no outcome", Cut(name))
		}
		t.outcomes[word] = o
	}
	if m.Default != "" {
		var ok bool
		if t.byUnset, ok = ParseOutcome(m.Default); !ok {
			return nil, fmt.Errorf("otherwise: %q of the column map is no outcome", Cut(m.Default))
		}
	}
	return t, nil
}

// header reads the first record. A name that two columns have means the first.
func (t *csvTable) header(in *table.Reader) error {
	row, err := in.Next()
	if err == io.EOF {
		return errors.New("the file is empty: its first row must name the columns")
	}
	if err != nil {
		return fmt.Errorf("read the names of the columns: %w", err)
	}
	t.names = map[string]int{}
	for i, name := range row.Cells {
		if name = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")); t.names[name] == 0 {
			t.names[name] = i + 1
		}
	}
	c := t.Columns
	for _, column := range []string{c.ID, c.Offered, c.Queued, c.Answered, c.Ended, c.Menu, c.Wait, c.Ring, c.Talk, c.Hold, c.WrapUp,
		c.Caller, c.Name, c.Agent, c.Queue, c.Dialled, c.Type, c.Outcome} {
		for _, part := range t.split(column) {
			if column != "" && t.place(part) < 0 {
				return fmt.Errorf("the file has no column %q, which the column map names", Cut(part))
			}
		}
	}
	return nil
}

// split gives the columns that are joined by +, unless one has that name.
func (t *csvTable) split(column string) []string {
	if t.names[column] > 0 {
		return []string{column}
	}
	parts, ok := t.parts[column]
	if !ok {
		parts = strings.Split(column, "+")
		t.parts[column] = parts
	}
	return parts
}

// place is where a column is, from 0; -1 = nowhere.
func (t *csvTable) place(name string) int {
	if i := t.names[name]; i > 0 {
		return i - 1
	}
	if n, ok := strings.CutPrefix(name, "#"); ok {
		if i, err := strconv.Atoi(n); err == nil && i > 0 && i <= 10_000 {
			return i - 1
		}
	}
	return -1
}
