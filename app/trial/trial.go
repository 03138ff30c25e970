// Package trial tests a service model: scenarios of people, calls and cases with their
// times run on a simulated clock, and say which priority, group, deadlines and alarms
// come out, before anybody is promised anything.
package trial

import (
	"bytes"
	_ "embed" // the scenarios of the standard model
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"punto/app/draft"
)

// File is a file of scenarios.
type File struct {
	Punto     int        `yaml:"punto"` // version of this form: 1
	Scenarios []Scenario `yaml:"scenarios"`
}

// Scenario is one story and what has to come out of it.
type Scenario struct {
	Name     string            `yaml:"name"`
	Begin    string            `yaml:"begin"`              // 2026-03-02 10:00, on the clocks of the contract
	Contract string            `yaml:"contract,omitempty"` // "" = the first of the model
	People   map[string]Person `yaml:"people,omitempty"`
	Agents   map[string]Agent  `yaml:"agents,omitempty"` // by login
	Steps    []Step            `yaml:"steps"`
}

// Person is a user in a scenario.
type Person struct {
	Name string `yaml:"name"`
	VIP  bool   `yaml:"vip,omitempty"`
}

// Agent is somebody of the desk in a scenario, whom escalations may tell.
type Agent struct {
	Role   string   `yaml:"role"` // agent, technician, supervisor, analyst, administrator, viewer
	Groups []string `yaml:"groups,flow,omitempty"`
}

// Step is one thing that happens, at a time or some time after the one before; and
// what is expected then. A step with neither is a look at the clock.
type Step struct {
	At    string      `yaml:"at,omitempty"`
	After draft.Span  `yaml:"after,omitempty"`
	Open  *Opening    `yaml:"open,omitempty"`
	Do    *Doing      `yaml:"do,omitempty"`
	Sees  Expectation `yaml:"expect,omitempty"`
}

// Opening registers a case. As is what the scenario calls it; "" = case.
type Opening struct {
	As       string `yaml:"as,omitempty"`
	Person   string `yaml:"person,omitempty"`
	Category string `yaml:"category,omitempty"`
	Impact   int    `yaml:"impact,omitempty"`
	Urgency  int    `yaml:"urgency,omitempty"`
	Priority int    `yaml:"priority,omitempty"` // otherwise than by the matrix
}

// Doing is something done to a case: take, hand_off, suspend, resume, contact, answer,
// resolve, reopen, close, cancel, edit, acknowledge (all that its alarms ask).
type Doing struct {
	What     string `yaml:"what"`
	Case     string `yaml:"case,omitempty"`   // "" = case
	Group    string `yaml:"group,omitempty"`  // of hand_off; "" = that of the category
	Reason   string `yaml:"reason,omitempty"` // of suspend
	Category string `yaml:"category,omitempty"`
	Impact   int    `yaml:"impact,omitempty"`
	Urgency  int    `yaml:"urgency,omitempty"`
	Priority int    `yaml:"priority,omitempty"`
}

// Expectation is what has to be true of a case; what is not named may be anything.
// Clocks are running, paused, met, breached, or none where nothing is promised.
type Expectation struct {
	Case        string      `yaml:"case,omitempty"`
	Refused     bool        `yaml:"refused,omitempty"` // the desk does not let it happen
	Priority    int         `yaml:"priority,omitempty"`
	Group       string      `yaml:"group,omitempty"`
	Status      string      `yaml:"status,omitempty"`
	TakeUp      string      `yaml:"take_up,omitempty"`
	TakeUpDue   string      `yaml:"take_up_due,omitempty"`
	Resolve     string      `yaml:"resolve,omitempty"`
	ResolveDue  string      `yaml:"resolve_due,omitempty"`
	ResolveUsed *draft.Span `yaml:"resolve_used,omitempty"`
	OLA         string      `yaml:"ola,omitempty"` // of the last hand-off
	OLADue      string      `yaml:"ola_due,omitempty"`
	Alarms      []string    `yaml:"alarms,flow,omitempty"` // all so far: "resolve 75", "take_up 100", "resolve 30m before", "resolve unacknowledged"; [none] = none at all
	Told        []string    `yaml:"told,flow,omitempty"`   // logins of all whom its alarms have told so far; [none] = nobody
}

// timeForm is how a scenario writes a time.
const timeForm = "2006-01-02 15:04"

const (
	maxBytes     = 2 << 20
	maxScenarios = 2_000
	maxSteps     = 500
)

// Read reads scenarios, within limits. An error names the line.
func Read(in io.Reader) (f File, err error) {
	b, err := io.ReadAll(io.LimitReader(in, maxBytes+1))
	switch {
	case err != nil:
		return f, err
	case len(b) > maxBytes:
		return f, errors.New("the scenarios have more than 2 MB: split the file")
	case bytes.ContainsAny(b, "&*") && aliased(b):
		return f, errors.New("the scenarios refer to another part of the file (& or *): write it out")
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil {
		return f, fmt.Errorf("the scenarios cannot be read: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if f.Punto != draft.Form {
		return f, fmt.Errorf("these are no scenarios: they begin with \"punto: %d\"", draft.Form)
	}
	if len(f.Scenarios) == 0 || len(f.Scenarios) > maxScenarios {
		return f, fmt.Errorf("the file has %d scenarios: from 1 to %d can be run", len(f.Scenarios), maxScenarios)
	}
	for i, s := range f.Scenarios {
		if err := s.check(); err != nil {
			return f, fmt.Errorf("scenario %d, %q: %w", i+1, s.Name, err)
		}
	}
	return f, nil
}

// aliased tells whether a document has references: a small file can be a huge one.
func aliased(b []byte) bool {
	var doc yaml.Node
	return yaml.Unmarshal(b, &doc) != nil || anyAlias(&doc, 0)
}

func anyAlias(n *yaml.Node, depth int) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || depth > 20 {
		return true
	}
	for _, c := range n.Content {
		if anyAlias(c, depth+1) {
			return true
		}
	}
	return false
}

func (s Scenario) check() error {
	if s.Name == "" {
		return errors.New("it has no name")
	}
	if _, err := time.Parse(timeForm, s.Begin); err != nil {
		return fmt.Errorf("it begins at %q, which is no time: write 2026-03-02 10:00", s.Begin)
	}
	if len(s.Steps) == 0 || len(s.Steps) > maxSteps {
		return fmt.Errorf("it has %d steps: from 1 to %d can be run", len(s.Steps), maxSteps)
	}
	for i, x := range s.Steps {
		if x.Open != nil && x.Do != nil {
			return fmt.Errorf("step %d opens a case and does something: make two of it", i+1)
		}
		if x.At != "" {
			if _, err := time.Parse(timeForm, x.At); err != nil || x.After != 0 {
				return fmt.Errorf("step %d has no one time: write at, as 2026-03-02 10:00, or after, as 30m", i+1)
			}
		}
		if x.Open != nil && x.Open.Person != "" {
			if _, ok := s.People[x.Open.Person]; !ok {
				return fmt.Errorf("step %d: %q is not among its people", i+1, x.Open.Person)
			}
		}
	}
	return nil
}

//go:embed standard.yaml
var standard []byte

// Standard are the scenarios of the model that a new desk begins with.
func Standard() File {
	f, err := Read(bytes.NewReader(standard))
	if err != nil {
		panic(err) // it is part of the program, and a test reads it
	}
	return f
}
