// Package draft is the service model as one readable file, with which it is drafted,
// checked, compared, tested and published: categories, matrix, groups, calendars,
// contracts and what they promise, pending reasons. It is pure.
package draft

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"punto/app/desk"
)

// File is a service model as one readable text: all definitions by which a desk
// works, named by their codes. It is what is drafted, compared, checked, tested and
// published.
type File struct {
	Punto      int                 `yaml:"punto"` // version of this form
	Groups     map[string]Group    `yaml:"groups,omitempty"`
	Calendars  map[string]Calendar `yaml:"calendars,omitempty"`
	Contracts  map[string]Contract `yaml:"contracts,omitempty"`
	Matrix     [][]int             `yaml:"matrix,flow,omitempty"` // by impact the priorities by urgency
	Requires   []string            `yaml:"requires,flow,omitempty"`
	Reasons    []Reason            `yaml:"reasons,omitempty"`
	Rules      []Rule              `yaml:"rules,omitempty"` // the first that holds sends a new case
	Procedures []Procedure         `yaml:"procedures,omitempty"`
	Categories []Category          `yaml:"categories,omitempty"`
	Canned     []Text              `yaml:"canned,omitempty"`
	Impacts    Words               `yaml:"impacts,omitempty"`
	Urgencies  Words               `yaml:"urgencies,omitempty"`
	Priorities Words               `yaml:"priorities,omitempty"`
}

// Form is the version of the form that this program writes and the newest that it
// reads.
const Form = 1

// Names are a name or text by language.
type Names map[string]string

// Words are the four grades of something by language.
type Words map[string][]string

// Group is a resolution unit.
type Group struct {
	Name    string `yaml:"name"`
	Level   int    `yaml:"level"`
	Outside bool   `yaml:"outside,omitempty"`
}

// Calendar is when a contract is open. Weekly has mon, tue, wed, thu, fri, sat, sun.
type Calendar struct {
	Zone    string             `yaml:"zone"`
	Weekly  map[string][]Shift `yaml:"weekly,omitempty"`
	Special []Special          `yaml:"special,omitempty"`
}

// Special is a day or a range that does not keep the weekly hours; with no Open and
// no Closed it is a holiday.
type Special struct {
	Name   string  `yaml:"name,omitempty"`
	On     string  `yaml:"on"` // 2026-09-18, 09-18 of every year, or a range of two with ".." between
	Open   []Shift `yaml:"open,flow,omitempty"`
	Closed []Shift `yaml:"closed,flow,omitempty"` // within the hours of the day
}

// Contract is what was agreed with a client.
type Contract struct {
	Client       string         `yaml:"client"`
	Calendar     string         `yaml:"calendar"` // its key in the file; "" = always open
	Zone         string         `yaml:"zone,omitempty"`
	Langs        []string       `yaml:"langs,flow,omitempty"`
	Queues       []string       `yaml:"queues,flow,omitempty"`
	Numbers      []string       `yaml:"numbers,flow,omitempty"`
	Targets      map[int]Target `yaml:"targets,omitempty"` // by priority
	Pauses       []string       `yaml:"pauses,flow,omitempty"`
	ReopenDays   int            `yaml:"reopen_days,omitempty"`
	ShortAbandon Span           `yaml:"short_abandon,omitempty"`
	AnswerIn     Span           `yaml:"answer_in,omitempty"`
	WrapUp       Span           `yaml:"wrap_up,omitempty"`
	Formula      string         `yaml:"service_level_formula,omitempty"`
	Goals        []Goal         `yaml:"goals,omitempty"`
	Escalations  []Ladder       `yaml:"escalations,omitempty"` // the first that fits holds

	Thresholds map[string]float64 `yaml:"thresholds,omitempty"` // of the rules that propose, by rule
}

// Target is a promise for one priority, in business time; none is no promise.
type Target struct {
	TakeUp  Span `yaml:"take_up,omitempty"`
	Resolve Span `yaml:"resolve,omitempty"`
	OLA     Span `yaml:"ola,omitempty"`
}

// Goal is the target of an index: one of the two bounds.
type Goal struct {
	Index   string   `yaml:"index"`
	AtLeast *float64 `yaml:"at_least,omitempty"`
	AtMost  *float64 `yaml:"at_most,omitempty"`
}

// Reason is a pending reason.
type Reason struct {
	Code  string `yaml:"code"`
	Name  Names  `yaml:"name,flow"`
	Stops bool   `yaml:"stops,omitempty"`
}

// Category is one node of the tree; its name is the whole path.
type Category struct {
	Code    string `yaml:"code"`
	Name    Names  `yaml:"name"`
	Kind    string `yaml:"kind,omitempty"`
	Group   string `yaml:"group,omitempty"`
	Level1  bool   `yaml:"level1,omitempty"`
	Impact  int    `yaml:"impact,omitempty"`
	Urgency int    `yaml:"urgency,omitempty"`

	Procedure string `yaml:"procedure,omitempty"` // code of the one that its cases follow
}

// Text is a text that agents reuse.
type Text struct {
	Code string `yaml:"code"`
	Text Names  `yaml:"text"`
}

// Problem is something wrong with a model, where, and what to do about it. Form and
// Args are what Error is made of, so that a face can say it in its language.
type Problem struct {
	Line  int    // of the file; 0 = of none
	At    string // what it is about: "contracts › C-001 › targets"
	Form  string
	Args  []any
	Grave bool // it cannot be published so
}

// Error is the problem in English, with its line.
func (p Problem) Error() string {
	s := fmt.Sprintf(p.Form, p.Args...)
	if p.At != "" {
		s = p.At + ": " + s
	}
	if p.Line > 0 {
		s = fmt.Sprintf("line %d: %s", p.Line, s)
	}
	return s
}

// Limits of a file that somebody else has written.
const (
	MaxBytes = 4 << 20
	maxNodes = 200_000
	maxDepth = 12
)

// Read reads a model file, within its limits, and checks it. What is grave among the
// problems keeps it from being published; an unreadable file has one problem and a
// zero File.
func Read(in io.Reader) (f File, problems []Problem) {
	b, err := io.ReadAll(io.LimitReader(in, MaxBytes+1))
	if err != nil {
		return f, []Problem{{Form: "it cannot be read: %v", Args: []any{err}, Grave: true}}
	}
	if len(b) > MaxBytes {
		return f, []Problem{{Form: "it has more than %d MB: a service model has not", Args: []any{MaxBytes >> 20}, Grave: true}}
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return f, []Problem{{Line: 1, Form: "it is empty: export the model that is in force and change that", Grave: true}}
	case err != nil:
		return f, unreadable(err)
	case len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode:
		return f, []Problem{{Line: 1, Form: "it is no service model: it begins with \"punto: %d\"", Args: []any{Form}, Grave: true}}
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return f, []Problem{{Line: doc.Line, Form: "there is more than one document in it: keep one", Grave: true}}
	}
	nodes := 0
	if p, bad := plain(&doc, 0, &nodes); bad {
		return f, []Problem{p}
	}
	if v := child(&doc, "punto"); v != nil {
		if n, err := strconv.Atoi(v.Value); err == nil && n > Form {
			return f, []Problem{{Line: v.Line, At: "punto", Form: "it is of version %d of the form, and this program reads up to %d: use a newer program", Args: []any{n, Form}, Grave: true}}
		}
	}
	known := yaml.NewDecoder(bytes.NewReader(b))
	known.KnownFields(true)
	if err := known.Decode(&f); err != nil {
		return File{}, unreadable(err)
	}
	if f.Punto != Form {
		return File{}, []Problem{{Line: 1, Form: "it is no service model: it begins with \"punto: %d\"", Args: []any{Form}, Grave: true}}
	}
	var m *desk.Misfit
	if errors.As(desk.Door.Fit(f), &m) {
		return File{}, []Problem{{Form: m.Form, Args: m.Args, Grave: true}}
	}
	return f, f.check(&doc)
}

// unreadable tells the errors of the YAML reader one by one, with their lines.
func unreadable(err error) (ps []Problem) {
	var many *yaml.TypeError
	lines := []string{err.Error()}
	if errors.As(err, &many) {
		lines = many.Errors
	}
	for _, s := range lines {
		p := Problem{Form: "%s", Grave: true}
		rest, found := strings.CutPrefix(strings.TrimPrefix(s, "yaml: "), "line ")
		if n, text, ok := strings.Cut(rest, ": "); found && ok {
			if p.Line, err = strconv.Atoi(n); err == nil {
				s = text
			}
		}
		s = strings.TrimPrefix(s, "yaml: ")
		if field, _, ok := strings.Cut(s, " not found in type "); ok {
			p.Form, s = "there is no such thing as %q here: correct or remove it", strings.TrimPrefix(field, "field ")
		} else if _, value, ok := strings.Cut(s, "cannot unmarshal "); ok {
			p.Form, s = "%q is not what belongs here: look at an exported model", wrongValue(value)
		}
		p.Args = []any{s}
		ps = append(ps, p)
	}
	return ps
}

// wrongValue is what stands in the place of something else, of what the YAML reader says:
// !!str `hola` into int.
func wrongValue(said string) string {
	if _, v, ok := strings.Cut(said, "`"); ok {
		v, _, _ = strings.Cut(v, "`")
		return v
	}
	kind, _, _ := strings.Cut(said, " ")
	return strings.TrimPrefix(kind, "!!")
}

// plain refuses what a readable file has no use for: references, which can make a
// small file a huge model, and depth.
func plain(n *yaml.Node, depth int, count *int) (Problem, bool) {
	*count++
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return Problem{Line: n.Line, Form: "it refers to another part of the file (& or *): write it out", Grave: true}, true
	case depth > maxDepth:
		return Problem{Line: n.Line, Form: "it is nested too deep: a service model has not so many levels", Grave: true}, true
	case *count > maxNodes:
		return Problem{Line: n.Line, Form: "it has more than %d values: a service model has not", Args: []any{maxNodes}, Grave: true}, true
	}
	for _, c := range n.Content {
		if p, bad := plain(c, depth+1, count); bad {
			return p, true
		}
	}
	return Problem{}, false
}

// child is a value within a node by its key or place; nil when there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return child(n.Content[0], key)
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(key); err == nil && i < len(n.Content) {
			return n.Content[i]
		}
	}
	return nil
}

// line is where in the file a path lies, or as much of it as there is.
func line(doc *yaml.Node, path []string) (at int) {
	n := doc
	for _, p := range path {
		if n.Kind == yaml.DocumentNode {
			n = n.Content[0]
		}
		if n.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == p {
					at = n.Content[i].Line
				}
			}
		}
		next := child(n, p)
		if next == nil {
			return at
		}
		if n.Kind == yaml.SequenceNode {
			at = next.Line
		}
		n = next
	}
	return at
}

// Write writes a model as Read reads it.
func (f File) Write(out io.Writer) error {
	f.Punto = Form
	e := yaml.NewEncoder(out)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return fmt.Errorf("write the service model: %w", err)
	}
	return e.Close()
}
