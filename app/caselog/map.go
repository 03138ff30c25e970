// Package caselog reads the history of cases out of the event logs of other
// systems: CSV with a row for each thing that happened. A map says which column
// is what and what each activity means. Nothing is assumed of the zone, and
// every row is accounted for: it becomes part of a case, or it is rejected with
// its line and the reason.
package caselog

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"punto/app/desk"
)

//go:embed maps/*.yaml
var shipped embed.FS

// Shipped are the names of the maps that come with Punto, written as examples.
func Shipped() []string { return []string{"italian", "uci", "volvo"} }

// Column is where a value stands: a name of the head line, or "#7" for the
// seventh column where a name stands twice. Values, when given, turn what is
// there into what is meant.
type Column struct {
	Name   string            `yaml:"column"`
	Values map[string]string `yaml:"values"`
}

// UnmarshalYAML takes a name alone, or a name with values.
func (c *Column) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		c.Name = n.Value
		return nil
	}
	type plain Column
	return n.Decode((*plain)(c))
}

// Map says how a log is read.
type Map struct {
	Delimiter string   `yaml:"delimiter"` // "" = comma
	Unknown   []string `yaml:"unknown"`   // what stands for nothing, such as "?"
	Layouts   []string `yaml:"layouts"`   // of times, as Go writes them; one with an offset needs no zone

	Case     Column            `yaml:"case"`
	Time     Column            `yaml:"time"`
	Opened   Column            `yaml:"opened"`   // when the case was opened; none = its first row
	Activity []Column          `yaml:"activity"` // joined by " / "
	Means    map[string]string `yaml:"means"`    // activity -> opened, taken, assigned, suspended REASON, resumed, noted, resolved, closed, cancelled, reopened
	Default  string            `yaml:"default"`  // what any other activity means; "" = noted
	Changes  bool              `yaml:"changes"`  // the activity is a state: a row that repeats it is a note

	Agent    Column `yaml:"agent"`
	Group    Column `yaml:"group"`
	Level    Column `yaml:"level"` // of the group: the first digit in it
	Person   Column `yaml:"person"`
	Area     Column `yaml:"area"`
	Site     Column `yaml:"site"`
	Category Column `yaml:"category"`
	Subject  Column `yaml:"subject"` // "" = the case's number
	Priority Column `yaml:"priority"`
	Impact   Column `yaml:"impact"`
	Urgency  Column `yaml:"urgency"`
	Kind     Column `yaml:"kind"`     // incident, request, question
	Modality Column `yaml:"modality"` // phone, email, in_person, web
}

// kinds are the words of a map; opened is told by the first row and adds nothing.
var kinds = map[string]desk.Kind{"opened": desk.NoKind, "taken": desk.CaseTaken, "assigned": desk.CaseAssigned, "suspended": desk.CaseSuspended,
	"resumed": desk.CaseResumed, "noted": desk.CaseNoted, "resolved": desk.CaseResolved, "closed": desk.CaseClosed, "cancelled": desk.CaseCancelled, "reopened": desk.CaseReopened}

// LoadMap reads a map by the name of one that is shipped, or from a file.
func LoadMap(name string) (*Map, error) {
	var b []byte
	var err error
	if slices.Contains(Shipped(), name) {
		b, err = shipped.ReadFile("maps/" + name + ".yaml")
	} else {
		b, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the map %q (shipped are %s): %w", name, strings.Join(Shipped(), ", "), err)
	}
	m, err := ParseMap(b)
	if err != nil {
		return nil, fmt.Errorf("the map %q: %w", name, err)
	}
	return m, nil
}

// ParseMap reads a map from YAML; a word that it does not know is an error, so
// that a slip of the pen is not passed over.
func ParseMap(b []byte) (*Map, error) {
	var m Map
	d := yaml.NewDecoder(strings.NewReader(string(b)))
	d.KnownFields(true)
	if err := d.Decode(&m); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if m.Case.Name == "" || m.Time.Name == "" || len(m.Activity) == 0 || len(m.Layouts) == 0 {
		return nil, errors.New("it must say case, time, activity and layouts")
	}
	if len(m.Delimiter) > 1 {
		return nil, fmt.Errorf("the delimiter %q is not one letter", m.Delimiter)
	}
	if m.Default == "" {
		m.Default = "noted"
	}
	for a, means := range m.Means {
		if _, _, err := meaning(means); err != nil {
			return nil, fmt.Errorf("%s: %w", a, err)
		}
	}
	_, _, err := meaning(m.Default)
	return &m, err
}

// meaning splits "suspended user" into its kind and reason.
func meaning(s string) (desk.Kind, string, error) {
	word, reason, _ := strings.Cut(s, " ")
	k, ok := kinds[word]
	if !ok {
		return k, "", fmt.Errorf("%q means nothing: say opened, taken, assigned, suspended REASON, resumed, noted, resolved, closed, cancelled or reopened", s)
	}
	if (k == desk.CaseSuspended) != (reason != "") {
		return k, "", fmt.Errorf("%q: only suspended has a reason, and it must", s)
	}
	return k, reason, nil
}
