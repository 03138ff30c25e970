// Package smdr reads the lines that exchanges print of each call (SMDR), by a map
// that says where in a line what stands.
//
// It is pure: maps and readers in, calls out. It promises that every line is a call,
// part of one, rejected with its number and the reason, or counted as one that is no
// call of the desk: an outgoing or an internal one, a heading.
//
// An exchange's lines are as its administrator set them: a file of real lines is the
// test of a map. The presets are where to begin.
package smdr

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"punto/app/desk"
	"punto/app/phone"
	"punto/app/table"
)

// maxLine is how many bytes a line may have.
const maxLine = 4 << 10

// Map says where in a line what stands. Lines are parted by Comma, or by Pattern.
// Times are local to the zone given at reading.
type Map struct {
	PBX     string   `yaml:"pbx"`     // name of the exchange
	Comma   string   `yaml:"comma"`   // one character, or "tab"; "" = by the pattern
	Pattern string   `yaml:"pattern"` // a regular expression with named groups
	Skip    string   `yaml:"skip"`    // a regular expression of lines that are no calls: headings, rules
	Layouts []string `yaml:"layouts"` // of at, answered and ended, as of Go's time package
	TimeIs  string   `yaml:"time_is"` // of which the line has the time: start or end; "" = start

	Columns Columns `yaml:"columns"`

	Incoming string `yaml:"incoming"` // a regular expression of the direction of an incoming call; "" = all are
	Internal string `yaml:"internal"` // a regular expression of inside of an internal call; "" = none is
	Person   string `yaml:"person"`   // a regular expression of the agent's device, its first group the name; "" = any
	More     string `yaml:"more"`     // a regular expression of continues where more lines of the call follow; "" = never
}

// Columns are the places in a line: #1, #2… or the names of the pattern's groups.
// Several joined by + are read as one, with a space between; of several joined by |
// the first that fits. Only at must be given.
type Columns struct {
	ID        string `yaml:"id"`        // with at it tells a call known already; "" = the line does
	At        string `yaml:"at"`        // when the call began, or ended: see time_is
	Answered  string `yaml:"answered"`  // when a person was connected
	Ended     string `yaml:"ended"`     //
	Ring      string `yaml:"ring"`      // how long it waited: seconds, m'ss or h:mm:ss
	Talk      string `yaml:"talk"`      //
	Hold      string `yaml:"hold"`      //
	Caller    string `yaml:"caller"`    //
	Name      string `yaml:"name"`      //
	Dialled   string `yaml:"dialled"`   //
	Queue     string `yaml:"queue"`     //
	Agent     string `yaml:"agent"`     // the device that took the call
	Direction string `yaml:"direction"` // what incoming looks at
	Inside    string `yaml:"inside"`    // what internal looks at
	Continues string `yaml:"continues"` // what more looks at
}

//go:embed presets
var presets embed.FS

// Presets are the names of the maps that come with the product.
func Presets() []string { return []string{"avaya", "panasonic", "3cx"} }

// Preset is a map that comes with the product; false when none has that name.
func Preset(name string) (Map, bool) {
	if !slices.Contains(Presets(), name) {
		return Map{}, false
	}
	b, err := presets.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		return Map{}, false
	}
	m, err := Parse(b)
	return m, err == nil
}

// Parse reads a map as YAML. A key that is not known is an error.
func Parse(b []byte) (Map, error) {
	var m Map
	d := yaml.NewDecoder(strings.NewReader(string(b)))
	d.KnownFields(true)
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("read the map of the lines: %w", err)
	}
	return m, nil
}

// reader is a map ready for reading.
type reader struct {
	Map
	zone                                            *time.Location
	comma                                           rune
	pattern, skip, incoming, internal, person, more *regexp.Regexp
	groups                                          map[string]int
}

func (m Map) compile(zone *time.Location) (*reader, error) {
	r := &reader{Map: m, zone: zone, groups: map[string]int{}}
	if zone == nil {
		return nil, phone.ErrNoZone
	}
	for _, x := range []struct {
		name, text string
		to         **regexp.Regexp
	}{{"pattern", m.Pattern, &r.pattern}, {"skip", m.Skip, &r.skip}, {"incoming", m.Incoming, &r.incoming}, {"internal", m.Internal, &r.internal},
		{"person", m.Person, &r.person}, {"more", m.More, &r.more}} {
		if x.text == "" {
			continue
		}
		re, err := regexp.Compile(x.text)
		if err != nil {
			return nil, fmt.Errorf("%s of the map is no regular expression: %w", x.name, err)
		}
		*x.to = re
	}
	if r.pattern != nil {
		for i, name := range r.pattern.SubexpNames() {
			r.groups[name] = i
		}
		delete(r.groups, "")
	}
	switch c := []rune(m.Comma); {
	case m.Comma == "" && r.pattern == nil || m.Comma != "" && r.pattern != nil:
		return nil, errors.New("the map must say either comma or pattern")
	case m.Comma == "tab":
		r.comma = '\t'
	case len(c) == 1:
		r.comma = c[0]
	case m.Comma != "":
		return nil, fmt.Errorf("the comma %q of the map is not one character", phone.Cut(m.Comma))
	}
	if len(r.Layouts) == 0 {
		r.Layouts = []string{"2006/01/02 15:04:05", time.DateTime}
	}
	if m.TimeIs != "" && m.TimeIs != "start" && m.TimeIs != "end" {
		return nil, fmt.Errorf("time_is: %q of the map is neither start nor end", phone.Cut(m.TimeIs))
	}
	if m.Columns.At == "" {
		return nil, errors.New("the map must name the column at")
	}
	return r, r.places()
}

// places checks that every column is a place that there can be.
func (r *reader) places() error {
	c := r.Columns
	for _, col := range []string{c.ID, c.At, c.Answered, c.Ended, c.Ring, c.Talk, c.Hold, c.Caller, c.Name, c.Dialled, c.Queue, c.Agent, c.Direction, c.Inside, c.Continues} {
		for _, p := range strings.FieldsFunc(col, func(x rune) bool { return x == '+' || x == '|' }) {
			if r.place(p) < 0 {
				return fmt.Errorf("the column %q of the map is neither such as #3 nor a group of its pattern", phone.Cut(p))
			}
		}
	}
	return nil
}

// place is where a column stands among the parts of a line; -1 = nowhere.
func (r *reader) place(name string) int {
	if i, ok := r.groups[name]; ok {
		return i
	}
	if s, ok := strings.CutPrefix(name, "#"); ok && r.pattern == nil {
		if n, err := strconv.Atoi(s); err == nil && n > 0 && n <= table.MaxColumns {
			return n - 1
		}
	}
	return -1
}

// Read gives the calls of the lines, and one *phone.RowError for each line that
// cannot be read; skip, which may be nil, is called for each line that is no call of
// the desk. Any other error ends the reading.
func (m Map) Read(in io.Reader, zone *time.Location, skip func(line int)) iter.Seq2[phone.Call, error] {
	return func(yield func(phone.Call, error) bool) {
		r, err := m.compile(zone)
		if err != nil {
			yield(phone.Call{}, err)
			return
		}
		if skip == nil {
			skip = func(int) {}
		}
		open := open{of: map[string]*phone.Call{}}
		for l, err := range table.Lines(in, maxLine) {
			var bad *phone.RowError
			if err != nil && !errors.As(err, &bad) {
				yield(phone.Call{}, fmt.Errorf("read the lines: %w", err))
				return
			}
			var p part
			use := false
			if err == nil {
				if p, use, err = r.line(l); err != nil {
					err = &phone.RowError{Line: l.Number, Reason: err.Error()}
				}
			}
			switch {
			case err != nil:
				if !yield(phone.Call{}, err) {
					return
				}
				continue
			case !use:
				skip(l.Number)
				continue
			}
			if !open.add(p, yield) {
				return
			}
		}
		open.end(yield)
	}
}

// part is one line of a call.
type part struct {
	call phone.Call
	more bool // lines of the same call follow
}

func (r *reader) line(l table.Line) (p part, use bool, err error) {
	if r.skip != nil && r.skip.MatchString(l.Text) {
		return p, false, nil
	}
	var cells []string
	if r.pattern != nil {
		if cells = r.pattern.FindStringSubmatch(l.Text); cells == nil {
			return p, false, errors.New("the line does not fit the map's pattern")
		}
	} else {
		row, err := table.NewReader(strings.NewReader(l.Text), r.comma).Next()
		if err != nil {
			return p, false, err
		}
		cells = row.Cells
	}
	x := row{reader: r, cells: cells}
	c := r.Columns
	if at := r.place(c.Direction); r.incoming != nil && at >= len(cells) {
		return p, false, fmt.Errorf("the line has %d columns: it is none of this map", len(cells))
	}
	if r.incoming != nil && !r.incoming.MatchString(x.text("direction", c.Direction, phone.MaxField)) ||
		r.internal != nil && r.internal.MatchString(x.text("inside", c.Inside, phone.MaxField)) {
		return p, false, x.err
	}
	p.call = x.call(l)
	p.more = r.more != nil && r.more.MatchString(x.text("continues", c.Continues, phone.MaxField))
	return p, x.err == nil, x.err
}

// row is one line in parts, with its first error.
type row struct {
	*reader
	cells []string
	err   error
}

func (x *row) fail(err error) {
	if x.err == nil {
		x.err = err
	}
}

// value is the text of a column; "" when the line is too short for it.
func (x *row) value(column string) string {
	for _, one := range strings.Split(column, "|") {
		var out []string
		for _, p := range strings.Split(one, "+") {
			if i := x.place(p); i >= 0 && i < len(x.cells) {
				if s := table.Text(x.cells[i]); s != "" {
					out = append(out, s)
				}
			}
		}
		if len(out) > 0 {
			return strings.Join(out, " ")
		}
	}
	return ""
}

func (x *row) text(what, column string, most int) string {
	if column == "" {
		return ""
	}
	s, err := phone.Field(what, x.value(column), most)
	if err != nil {
		x.fail(err)
	}
	return s
}

func (x *row) time(what, column string) time.Time {
	s := x.text(what, column, phone.MaxID)
	if s == "" {
		return time.Time{}
	}
	for _, l := range x.Layouts {
		t, err := time.ParseInLocation(l, s, x.zone)
		switch {
		case err != nil:
		case desk.ValidAt(t.UnixMilli()):
			return t.UTC()
		default:
			x.fail(fmt.Errorf("%s: %q is not between the years 1970 and 2199", what, phone.Cut(s)))
			return time.Time{}
		}
	}
	x.fail(fmt.Errorf("%s: %q is no time of the form %s", what, phone.Cut(s), strings.Join(x.Layouts, " or ")))
	return time.Time{}
}

// span reads seconds, m'ss, hh:mm'ss or h:mm:ss.
func (x *row) span(what, column string) time.Duration {
	s := strings.ReplaceAll(x.text(what, column, phone.MaxID), "'", ":")
	if s == "" {
		return 0
	}
	d, ok := phone.ParseSpan(s, strings.Contains(s, ":"))
	if !ok || d < 0 || d > phone.MaxDuration {
		x.fail(fmt.Errorf("%s: %q is no duration such as 75, 1'15 or 0:01:15", what, phone.Cut(s)))
		return 0
	}
	return d
}

// splitOr are the alternatives of a column.
func splitOr(column string) []string { return strings.Split(column, "|") }
